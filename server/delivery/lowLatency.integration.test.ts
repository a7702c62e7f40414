import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../e2e/drivers/browser.ts';
import { encodeMedia, type EncodedMedia } from '../packaging/encodedMedia.fixture.ts';
import { MemoryTimeline, type SegmentToAdd, type TrackMedia } from '../packaging/memoryTimeline.fixture.ts';
import { ChromiumPlayer } from './chromiumPlayer.fixture.ts';
import { startDelivery } from './deliveryServer.fixture.ts';

let media: EncodedMedia;
let browser: Browser;

beforeAll(async () => {
  [media, browser] = await Promise.all([encodeMedia(1000, 30), launchBrowser()]);
});
afterAll(() => browser.close());

/** Two segments as one, as it is where a key frame comes late. */
function joined(first: SegmentToAdd, second: SegmentToAdd): SegmentToAdd {
  const tracks = Object.entries(first.tracks).map(([id, track]): [string, TrackMedia] => {
    const next = second.tracks[id]!;
    const offset = track.media!.length;
    const moved = next.fragments!.map(({ startTicks, durationTicks, independent, bytes, offset: from }) => {
      return { startTicks, durationTicks, independent, bytes, offset: from + offset };
    });
    return [
      id,
      {
        ...track,
        durationTicks: next.startTicks + next.durationTicks - track.startTicks,
        fragments: [...track.fragments!, ...moved],
        media: Buffer.concat([track.media!, next.media!]),
      },
    ];
  });
  return {
    startMs: first.startMs,
    durationMs: first.durationMs + second.durationMs,
    tracks: Object.fromEntries(tracks),
  };
}

/** Segments of 2 s and of 4 s, in no order. */
function uneven(segments: readonly SegmentToAdd[]): SegmentToAdd[] {
  const result: SegmentToAdd[] = [];
  for (let index = 0; index < segments.length; index++) {
    const [segment, next] = [segments[index]!, segments[index + 1]];
    if (next && [1, 4, 7, 9, 13].includes(index)) result.push(joined(segment, segments[++index]!));
    else result.push(segment);
  }
  return result;
}

/** Lets the broadcast happen in real time, fragment by fragment, after its first eight seconds. */
function broadcast(segments: readonly SegmentToAdd[]): { timeline: MemoryTimeline; stop: () => void } {
  const past = segments.filter(({ startMs, durationMs }) => startMs + durationMs <= 10_000);
  const epochMs = Date.now() - 9500;
  const timeline = new MemoryTimeline({ epochMs, windowSeconds: 3600 });
  timeline.startPeriod(media.startMs, media.tracks);
  for (const segment of past) timeline.add(segment);
  const timescales = new Map(media.tracks.map(({ id, timescale }) => [id, timescale]));
  const timers: NodeJS.Timeout[] = [];
  const at = (positionMs: number, happen: () => void) => {
    timers.push(setTimeout(happen, Math.max(0, epochMs + positionMs - Date.now())));
  };
  for (const segment of segments.slice(past.length)) {
    at(segment.startMs, () => timeline.open(segment.startMs));
    for (const [id, track] of Object.entries(segment.tracks)) {
      for (const fragment of track.fragments!) {
        const endMs = ((fragment.startTicks + fragment.durationTicks) * 1000) / timescales.get(id)!;
        const data = track.media!.subarray(fragment.offset, fragment.offset + fragment.bytes);
        at(Math.min(endMs, segment.startMs + segment.durationMs - 1), () => timeline.grow(id, fragment, data));
      }
    }
    at(segment.startMs + segment.durationMs, () => {
      timeline.add(segment);
      if (segment === segments.at(-1)) timeline.end();
    });
  }
  return { timeline, stop: () => timers.forEach((timer) => clearTimeout(timer)) };
}

describe('a manifest that lists the segment being written', () => {
  it.each([
    ['dash.js', 'even'],
    ['dash.js', 'uneven'],
    ['shaka by the clock', 'even'],
  ] as const)(
    'lets %s play %s segments before they are complete, without an error',
    { timeout: 90_000 },
    async (engine, evenness) => {
      const { timeline, stop } = broadcast(evenness === 'even' ? media.segments : uneven(media.segments));
      const delivery = await startDelivery([timeline]);
      try {
        const player = await ChromiumPlayer.open(browser, delivery, engine, 'dash/manifest.mpd');
        const completeMs = () => timeline.segments.at(-1)!.startMs + timeline.segments.at(-1)!.durationMs;
        const beyondComplete = async () => {
          const end = completeMs();
          const [, bufferedEnd = 0] = (await player.state()).buffered.at(-1) ?? [];
          return completeMs() === end && bufferedEnd * 1000 > end + 200;
        };
        await expect.poll(beyondComplete, { timeout: 20_000 }).toBe(true);
        const { positionSeconds } = await player.state();
        await player.playedPast(positionSeconds + 5);
        await expect.poll(beyondComplete, { timeout: 5000 }).toBe(true);
        expect((await player.state()).errors).toEqual([]);
      } finally {
        stop();
        await delivery.close();
      }
    },
  );
});
