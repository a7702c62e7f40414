import { describe, expect, it } from 'vitest';
import type { IngestEvent } from '../../shared/model/ingestSource.ts';
import { IngestLog } from './ingestLog.ts';

const event = (second: number, message: string, kind: IngestEvent['kind'] = 'lost'): IngestEvent => ({
  at: new Date(second * 1000).toISOString(),
  kind,
  message,
});

describe('the ingest log', () => {
  it('keeps the last two hundred events of each entry, and one of a repetition', () => {
    const log = new IngestLog();
    for (let second = 0; second < 50; second++) log.add('a', event(second, 'gone'));
    expect(log.of('a')).toEqual([event(49, 'gone')]);
    for (let second = 0; second < 300; second++) log.add('a', event(second, `connection ${second}`));
    expect(log.of('a')).toHaveLength(200);
    expect(log.of('a').at(-1)?.message).toBe('connection 299');
    log.forget('a');
    expect(log.of('a')).toEqual([]);
  });

  it('does not let refusals push anything else out', () => {
    const log = new IngestLog();
    log.add('a', event(0, 'connected from here', 'connected'));
    for (let second = 1; second < 250; second++) log.add('a', event(second, `stranger ${second}`, 'refused'));
    log.add('a', event(250, 'gone'));
    for (let second = 251; second <= 500; second++) log.add('a', event(second, `stranger ${second}`, 'refused'));
    const kept = log.of('a');
    expect(kept.slice(0, 2).map(({ kind }) => kind)).toEqual(['connected', 'lost']);
    expect(kept).toHaveLength(52);
    expect(kept.at(-1)?.message).toBe('stranger 500');
    log.add('a', event(501, 'connected again', 'connected'));
    expect(log.of('a').at(-1)?.kind).toBe('connected');
  });

  it('takes the same refusal as one, also when others were told between', () => {
    const log = new IngestLog();
    for (let second = 0; second < 20; second++) {
      log.add('a', event(second, 'connected', 'connected'));
      log.add('a', event(second, 'H.265 is not supported', 'refused'));
    }
    expect(log.of('a').map(({ kind }) => kind)).toEqual(['connected', 'refused']);
  });
});
