import { describe, expect, it } from 'vitest';
import type { IngestEvent, IngestSource } from '../../../../shared/model/ingestSource.ts';
import { ingestAdvice } from './ingestAdvice.ts';

const source = (role: IngestSource['role'], state: IngestSource['state']): IngestSource => ({
  index: 1,
  role,
  state,
  remoteAddress: '192.0.2.1',
  connectedAt: new Date(0).toISOString(),
  protocol: 'rtmp',
  health: null,
});
const event = (kind: IngestEvent['kind'], message: string = kind): IngestEvent => ({
  at: new Date(1000).toISOString(),
  kind,
  message,
});
const titles = (sources: IngestSource[], events: IngestEvent[], nowMs = 2000) =>
  ingestAdvice(sources, events, nowMs).map(({ tone, title }) => `${tone}: ${title}`);

describe('advice on an entry’s ingest', () => {
  it('is none while the primary is on air, or nothing ever happened', () => {
    expect(titles([source('primary', 'onAir'), source('backup', 'standby')], [event('connected')])).toEqual([]);
    expect(titles([], [])).toEqual([]);
  });

  it('says that the backup is on air, and what becomes of the primary', () => {
    const backup = source('backup', 'onAir');
    expect(titles([backup], [])).toEqual(['warning: The backup is on air']);
    expect(ingestAdvice([backup], [], 0)[0]?.text).toContain('no primary');
    expect(ingestAdvice([source('primary', 'stalled'), backup], [], 0)[0]?.text).toContain('takes over again');
  });

  it('gives the reason of a refusal until somebody gets in, and for ten minutes', () => {
    const refused = event('refused', 'The stream key is not right.');
    expect(ingestAdvice([], [refused], 2000)).toEqual([
      { tone: 'warning', title: 'An encoder was refused', text: 'The stream key is not right.' },
    ]);
    expect(titles([source('primary', 'onAir')], [event('connected'), refused])).toEqual([
      'note: An encoder was refused',
    ]);
    expect(titles([], [refused, event('connected')])).toEqual([]);
    expect(titles([], [refused], 11 * 60_000)).toEqual([]);
  });

  it('gives the reason why the last encoder left', () => {
    const lost = event('lost', 'H.265 video is not supported; send H.264 and AAC.');
    expect(ingestAdvice([], [event('connected'), lost, event('ended')], 2000)).toMatchObject([
      { title: 'No encoder is connected', text: lost.message },
    ]);
    expect(titles([source('backup', 'standby')], [lost])).toEqual([]);
  });
});
