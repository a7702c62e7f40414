import { describe, expect, it } from 'vitest';
import type { IngestEvent } from '../../shared/model/ingestSource.ts';
import { withEvent } from './entryIngest.ts';

const event = (second: number, message: string, kind: IngestEvent['kind'] = 'refused'): IngestEvent => ({
  at: new Date(second * 1000).toISOString(),
  kind,
  message,
});

describe('the log of an entry’s ingest', () => {
  it('grows by what happens, but not by the same again', () => {
    const told = [event(1, 'a'), event(2, 'b'), event(3, 'b'), event(4, 'b', 'lost'), event(5, 'a')];
    const { events } = told.reduce(withEvent, { sources: [], events: [] });
    expect(events).toEqual([event(1, 'a'), event(3, 'b'), event(4, 'b', 'lost'), event(5, 'a')]);
  });

  it('does not take twice what was told and asked for', () => {
    const ingest = { sources: [], events: [event(1, 'a')] };
    expect(withEvent(ingest, event(1, 'a'))).toBe(ingest);
  });

  it('forgets the oldest after two hundred', () => {
    const told = Array.from({ length: 250 }, (_, at) => event(at, `event ${at}`));
    const { events } = told.reduce(withEvent, { sources: [], events: [] });
    expect([events.length, events[0]?.message]).toEqual([200, 'event 50']);
  });
});
