import { afterEach, describe, expect, it } from 'vitest';
import { timelineTag } from '../packaging/cmaf/mediaPath.ts';
import { MemoryTimeline } from '../packaging/memoryTimeline.fixture.ts';
import { a0, addSegments, v0 } from '../packaging/tracks.fixture.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import { ask } from './ask.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';

function timelineOf(id: string, count: number, windowSeconds = 0): MemoryTimeline {
  const timeline = new MemoryTimeline({ id, windowSeconds });
  timeline.startPeriod(0, [v0, a0]);
  addSegments(timeline, count, 0, [v0, a0]);
  return timeline;
}

describe('media of what was playing before', () => {
  let server: DeliveryServer;
  let nowMs = 0;
  let playing: TimelineReader;
  /** How often the former ones had to be asked for. */
  let asked = 0;

  async function start(former: readonly TimelineReader[]): Promise<void> {
    const timelines = { playing: () => playing, former: () => Promise.resolve((asked++, former)) };
    server = await startDelivery([], { timelines, now: () => nowMs });
  }
  afterEach(() => {
    asked = 0;
    return server.close();
  });

  const status = async (path: string) => (await ask(server.url(path))).status;
  const segment = (timeline: TimelineReader, sequence: number) => `hls/${timelineTag(timeline)}/v0/${sequence}.m4s`;

  it('are there for players that were watching it when another broadcast began, and for no longer than two hours', async () => {
    const [recording, live] = [timelineOf('recorded', 10), timelineOf('live', 3)];
    recording.end();
    playing = recording;
    await start([]);
    expect(await status('hls/v0.m3u8')).toBe(200);
    playing = live;
    expect(await status(segment(recording, 7))).toBe(200);
    expect(await status(segment(recording, 10))).toBe(404);
    expect(await status(segment(live, 7))).toBe(404);
    nowMs += 2 * 3_600_000 + 1;
    expect(await status(segment(recording, 7))).toBe(404);
    expect(asked).toBe(0);
  });

  it('are there after the end of a broadcast of which less was recorded', async () => {
    const [live, recording] = [timelineOf('broadcast', 10), timelineOf('broadcast', 6)];
    playing = live;
    await start([]);
    expect(await status('hls/v0.m3u8')).toBe(200);
    live.end();
    recording.end();
    playing = recording;
    expect(await status(segment(recording, 5))).toBe(200);
    expect(await status(segment(recording, 9))).toBe(200);
  });

  it('are not there of a broadcast that goes on, although they are recorded', async () => {
    const [live, recording] = [timelineOf('broadcast', 10, 8), timelineOf('broadcast', 10)];
    playing = live;
    await start([live, recording]);
    expect(await status('hls/v0.m3u8')).toBe(200);
    expect(await status(segment(live, 9))).toBe(200);
    expect(await status(segment(live, 1))).toBe(404);
    expect(await status(`hls/AAAAAAAA/v0/1.m4s`)).toBe(404);
    expect(asked).toBe(0);
  });
});
