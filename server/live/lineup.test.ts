import { describe, expect, it } from 'vitest';
import type { PublishRequest } from '../ingest/publishGate.ts';
import type { Source } from '../ingest/source.ts';
import { Lineup } from './lineup.ts';
import { Publisher } from './publisher.ts';

const nowMs = 100_000;
const rules = { stallMs: 2000, steadyMs: 10_000 };

function publisher(index: number, { backup = false, ready = true, lastMediaAtMs = nowMs } = {}): Publisher {
  const request = { protocol: 'rtmp', backup } as PublishRequest;
  const made = new Publisher(request, index, lastMediaAtMs);
  const stats = () => ({ bytes: 0, videoFrames: 0, droppedFrames: 0, lastMediaAtMs });
  if (ready) made.begin({ protocol: 'rtmp', tracks: {}, stats } as unknown as Source, lastMediaAtMs);
  return made;
}

function lineupOf(...publishers: Publisher[]): Lineup {
  const lineup = new Lineup(rules);
  for (const each of publishers) lineup.place(each);
  return lineup;
}

describe('the lineup of an entry', () => {
  it('has one publisher for each role of each stream', () => {
    const primary = publisher(1);
    const lineup = lineupOf(primary);
    expect(lineup.isTaken(1, 'primary', nowMs)).toBe(true);
    expect(lineup.isTaken(1, 'backup', nowMs)).toBe(false);
    expect(lineup.isTaken(2, 'primary', nowMs)).toBe(false);
    lineup.remove(primary);
    expect(lineup.isTaken(1, 'primary', nowMs)).toBe(false);
    expect(lineup.empty).toBe(true);
  });

  it('gives the place of one that has fallen silent to another one', () => {
    const silent = publisher(1, { lastMediaAtMs: nowMs - 6000 });
    const lineup = lineupOf(silent);
    expect(lineup.isTaken(1, 'primary', nowMs)).toBe(false);
    const next = publisher(1);
    expect(lineup.place(next)).toBe(silent);
    lineup.remove(silent);
    expect(lineup.publishers).toEqual([next]);
  });

  it('puts one of each stream on air, in the order of the streams', () => {
    const [second, first, backup] = [publisher(2), publisher(1), publisher(1, { backup: true })];
    const lineup = lineupOf(second, first, backup);
    expect(lineup.choose([], nowMs)).toEqual([first, second]);
    expect(lineup.choose([backup, second], nowMs)).toEqual([backup, second]);
  });

  it('waits a moment for streams that are just connecting, and for nothing else', () => {
    const first = publisher(1);
    const lineup = lineupOf(first, publisher(2, { ready: false }));
    expect(lineup.choose([], nowMs)).toEqual([first]);
    expect(lineup.expectsCompany([first], nowMs + 1000)).toBe(true);
    expect(lineup.expectsCompany([first], nowMs + 2000)).toBe(false);
    expect(lineupOf(first).expectsCompany([first], nowMs)).toBe(false);
  });
});
