import { createRequire } from 'node:module';
import { parse, type types } from 'hls-parser';
import { describe, expect, it } from 'vitest';
import type { TextTrack } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { textOf } from '../readBack.fixture.ts';
import { a0, segmentOf, v0, v1 } from '../tracks.fixture.ts';
import { GrowingTimeline } from './growingTimeline.fixture.ts';
import { createHlsPackager } from './packager.ts';

// The package has no types.
const m3u8Parser = createRequire(import.meta.url)('m3u8-parser') as {
  Parser: new () => {
    push(text: string): void;
    end(): void;
    manifest: { segments: unknown[]; preloadSegment: { parts: unknown[] } };
  };
};

const text: TextTrack = {
  id: 't1',
  kind: 'text',
  codec: 'wvtt',
  timescale: 90_000,
  bitrateBps: 1000,
  language: 'en',
  label: 'English',
};

function playlistOf({ timeline }: GrowingTimeline, path = 'v0.m3u8', query = ''): string {
  const hls = createHlsPackager();
  const manifest = hls.manifest(timeline, { path, query: '', parameters: new URLSearchParams(query), nowMs: 0 });
  if (!('body' in manifest)) throw new Error('no playlist at once');
  return manifest.body.toString();
}

/** As hls-parser understands it, which checks what it reads. */
function read(text: string): types.MediaPlaylist {
  const playlist = parse(text);
  if (playlist.isMasterPlaylist) throw new Error('a master playlist');
  return playlist;
}

/** Line by line, parts and segments in their order, each with the discontinuity before it. */
function media(text: string): string[] {
  return [
    ...text.matchAll(/(#EXT-X-DISCONTINUITY\n(?:#.*\n){2})?(?:#EXT-X-PART:.*URI="([^"]+)"|#EXTINF.*\n([^#].*))/g),
  ].map(([, discontinuity, part, segment]) => `${discontinuity ? '| ' : ''}${(part ?? segment)!.split('/').at(-1)}`);
}

describe('a low-latency playlist', () => {
  it('lists parts of what is being written and of what is not much older, and names the next one', () => {
    const broadcast = new GrowingTimeline();
    broadcast.addSegments(5);
    broadcast.open();
    broadcast.grow([0, 1]);
    expect(playlistOf(broadcast)).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.17,HOLD-BACK=6,CAN-SKIP-UNTIL=12
#EXT-X-PART-INF:PART-TARGET=0.39
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-MAP:URI="79Y1nGkw/v0/0/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:05.000Z
#EXTINF:2,
79Y1nGkw/v0/0.m4s
#EXTINF:2,
79Y1nGkw/v0/1.m4s
#EXTINF:2,
79Y1nGkw/v0/2.m4s
${[3, 4]
  .map(
    (sequence) => `#EXT-X-PART:DURATION=0.333333,INDEPENDENT=YES,URI="79Y1nGkw/v0/${sequence - 1}.6.m4s"
${[1, 2, 3, 4, 5].map((part) => `#EXT-X-PART:DURATION=0.333333,URI="79Y1nGkw/v0/${sequence}.${part}.m4s"`).join('\n')}
#EXTINF:2,
79Y1nGkw/v0/${sequence}.m4s`,
  )
  .join('\n')}
#EXT-X-PART:DURATION=0.333333,INDEPENDENT=YES,URI="79Y1nGkw/v0/4.6.m4s"
#EXT-X-PART:DURATION=0.333333,URI="79Y1nGkw/v0/5.1.m4s"
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="79Y1nGkw/v0/5.2.m4s"
#EXT-X-RENDITION-REPORT:URI="a0.m3u8",LAST-MSN=5,LAST-PART=1
`);
  });

  it('is understood by parsers that are not ours', () => {
    const broadcast = new GrowingTimeline();
    broadcast.addSegments(8);
    broadcast.open();
    broadcast.grow([0, 1, 2], ['v0']);
    const text = playlistOf(broadcast);
    const playlist = read(text);
    expect(playlist.lowLatencyCompatibility).toEqual({
      canBlockReload: true,
      canSkipUntil: 12,
      holdBack: 6,
      partHoldBack: 1.17,
    });
    expect(playlist.partTargetDuration).toBe(0.39);
    expect(playlist.segments.at(-1)!.parts.map(({ hint, uri }) => [hint, uri.split('/').at(-1)])).toEqual([
      [false, '7.6.m4s'],
      [false, '8.1.m4s'],
      [false, '8.2.m4s'],
      [true, '8.3.m4s'],
    ]);
    expect(playlist.renditionReports).toEqual([expect.objectContaining({ uri: 'a0.m3u8', lastMSN: 7, lastPart: 5 })]);
    const parser = new m3u8Parser.Parser();
    parser.push(text);
    parser.end();
    const { manifest } = parser;
    expect([manifest.segments.length, manifest.preloadSegment.parts.length]).toEqual([8, 3]);
  });

  it('says in each playlist where those of all other tracks are, text and key frames included', () => {
    const broadcast = new GrowingTimeline({}, [v0, a0, text]);
    broadcast.addSegments(3);
    broadcast.open();
    broadcast.grow([0, 1], ['v0', 'a0']);
    const hls = createHlsPackager();
    const reports = (path: string) => textOf(hls, broadcast.timeline, path).match(/(?<=REPORT:URI=).*/g);
    const own = { v0: '"v0.m3u8",LAST-MSN=3,LAST-PART=1', a0: '"a0.m3u8",LAST-MSN=3,LAST-PART=1' };
    const said = '"t1.m3u8",LAST-MSN=2';
    expect(reports('v0.m3u8')).toEqual([own.a0, said]);
    expect(reports('t1.m3u8')).toEqual([own.v0, own.a0]);
    expect(reports('v0-iframes.m3u8')).toEqual([own.v0, own.a0, said]);
    read(textOf(hls, broadcast.timeline, 't1.m3u8'));
    broadcast.timeline.end();
    expect(reports('t1.m3u8')).toBeNull();
  });

  it('has no tags of low latency before anything grew, nor once it has ended', () => {
    const broadcast = new GrowingTimeline();
    broadcast.timeline.add(segmentOf(0, 2000, [v0]));
    expect(playlistOf(broadcast)).not.toMatch(/PART|SERVER-CONTROL|HINT|REPORT/);
    const ended = new GrowingTimeline();
    ended.addSegments(3);
    ended.open();
    expect(playlistOf(ended)).toMatch(/PART/);
    ended.timeline.end();
    expect(playlistOf(ended)).not.toMatch(/PART|SERVER-CONTROL|HINT|REPORT/);
    expect(playlistOf(ended)).toMatch(/PLAYLIST-TYPE:VOD\n(.*\n)*#EXT-X-ENDLIST\n$/);
  });

  it('keeps its tags between two segments, where nothing is being written', () => {
    const broadcast = new GrowingTimeline();
    const hls = createHlsPackager();
    broadcast.addSegments(3);
    broadcast.open();
    expect(textOf(hls, broadcast.timeline, 'v0.m3u8')).toContain('PART-TARGET');
    broadcast.grow([0, 1, 2, 3, 4, 5]);
    broadcast.complete();
    expect(broadcast.timeline.growing).toEqual([]);
    expect(textOf(hls, broadcast.timeline, 'v0.m3u8')).toMatch(/PRELOAD-HINT:TYPE=PART,URI="79Y1nGkw\/v0\/3\.6\.m4s"/);
  });

  it('names the next part as it will be listed, whichever segment it falls into', () => {
    const broadcast = new GrowingTimeline();
    const hls = createHlsPackager();
    broadcast.addSegments(2);
    let hint: string | undefined;
    const check = () => {
      const text = textOf(hls, broadcast.timeline, 'v0.m3u8');
      if (hint) expect(text).toContain(`URI="${hint}"`);
      hint = /HINT:TYPE=PART,URI="([^"]+)"/.exec(text)?.[1];
      expect(hint).toBeDefined();
    };
    for (let segment = 0; segment < 3; segment++) {
      if (segment === 2) broadcast.startPeriod(300_000);
      broadcast.open();
      for (const part of [0, 1, 2, 3, 4, 5]) {
        broadcast.grow([part]);
        check();
      }
      broadcast.complete();
      check();
    }
  });

  it('lists a segment as soon as its track has gone on, though another one has not', () => {
    const broadcast = new GrowingTimeline();
    broadcast.addSegments(2);
    broadcast.open();
    broadcast.grow([0, 1, 2, 3, 4, 5], ['v0']);
    const { timeline } = broadcast;
    timeline.open(6000);
    timeline.grow('v0', { startTicks: 540_000, durationTicks: 30_000, independent: true });
    expect(media(playlistOf(broadcast)).slice(-3)).toEqual(['2.5.m4s', '2.m4s', '2.6.m4s']);
    expect(media(playlistOf(broadcast, 'a0.m3u8')).at(-1)).toBe('1.m4s');
    expect(playlistOf(broadcast, 'a0.m3u8')).toContain('URI="v0.m3u8",LAST-MSN=3,LAST-PART=0\n');
  });

  it('begins a period with its discontinuity, init segment and date before its first part', () => {
    const broadcast = new GrowingTimeline();
    broadcast.addSegments(2);
    broadcast.startPeriod(4000);
    broadcast.open();
    const before = playlistOf(broadcast);
    expect(before).not.toContain('#EXT-X-DISCONTINUITY\n');
    broadcast.grow([0]);
    expect(playlistOf(broadcast)).toContain(`79Y1nGkw/v0/1.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="79Y1nGkw/v0/1/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:13.000Z
#EXT-X-PART:DURATION=0.333333,INDEPENDENT=YES,URI="79Y1nGkw/v0/1.6.m4s"
#EXT-X-PRELOAD-HINT`);
    broadcast.grow([1, 2, 3, 4, 5]);
    broadcast.complete();
    broadcast.open();
    expect(media(playlistOf(broadcast))).toContain('| 1.6.m4s');
    expect(read(playlistOf(broadcast)).segments.findIndex(({ discontinuity }) => discontinuity)).toBe(2);
  });

  it('lets parts go in their order, and takes back nothing else', () => {
    const broadcast = new GrowingTimeline();
    const hls = createHlsPackager();
    broadcast.addSegments(1);
    const isPart = (name: string) => /\d\.\d+\.m4s$/.test(name);
    const segments = (names: readonly string[]) => names.filter((name) => !isPart(name));
    let before: string[] = [];
    const look = () => {
      const now = media(textOf(hls, broadcast.timeline, 'v0.m3u8'));
      const parts = now.filter(isPart);
      expect(segments(now).slice(0, segments(before).length)).toEqual(segments(before));
      const stayed = before.filter((name) => parts.includes(name));
      expect(before.filter(isPart).slice(-stayed.length || Infinity)).toEqual(stayed);
      expect(parts.slice(0, stayed.length)).toEqual(stayed);
      before = now;
    };
    for (let segment = 0; segment < 8; segment++) {
      broadcast.open();
      for (const part of [0, 1, 2, 3, 4, 5]) {
        broadcast.grow([part]);
        look();
        expect(before.filter(isPart).length).toBe(Math.min(segment + 1, 2) * 6 + part + 1);
      }
      broadcast.complete();
      look();
    }
  });

  it('has a higher part target where frames are rare', () => {
    const broadcast = new GrowingTimeline({}, [{ ...v0, frameRate: 2 }, a0]);
    broadcast.addSegments(1);
    broadcast.open();
    expect(playlistOf(broadcast)).toContain('PART-TARGET=0.5\n');
    expect(playlistOf(broadcast, 'a0.m3u8')).toContain('PART-TARGET=0.39\n');
  });

  it('raises the part target for a part that is longer, growing or complete, and not for ever', () => {
    const broadcast = new GrowingTimeline();
    broadcast.addSegments(1);
    broadcast.open();
    const { timeline } = broadcast;
    timeline.grow('v0', { startTicks: 180_000, durationTicks: 60_000, independent: true });
    const hls = createHlsPackager();
    const isLong = () => {
      const texts = ['v0', 'a0', 'v0-iframes'].map((name) => textOf(hls, timeline, `${name}.m3u8`));
      const [video = '', audio = ''] = texts;
      expect(audio).toContain('PART-TARGET=0.39\n');
      const controls = new Set(texts.map((text) => /SERVER-CONTROL:.*/.exec(text)?.[0]));
      expect(controls.size).toBe(1);
      const longest = Math.max(...[...video.matchAll(/PART:DURATION=([\d.]+)/g)].map(([, seconds]) => Number(seconds)));
      const target = Number(/PART-TARGET=([\d.]+)/.exec(video)?.[1]);
      expect(target).toBeGreaterThanOrEqual(longest);
      expect(video).toContain(`PART-HOLD-BACK=${Number((3 * target).toFixed(3))},`);
      return target === 0.667;
    };
    expect(isLong()).toBe(true);
    // The segment as it is stored has it, too.
    const { startTicks, fragments } = { startTicks: 180_000, fragments: [60_000, 30_000, 30_000, 30_000, 30_000] };
    const ends = fragments.map((_, index) => fragments.slice(0, index).reduce((sum, ticks) => sum + ticks, startTicks));
    timeline.add({
      startMs: 2000,
      durationMs: 2000,
      tracks: {
        ...segmentOf(2000, 2000, [a0]).tracks,
        v0: {
          startTicks,
          durationTicks: 180_000,
          fragments: fragments.map((durationTicks, index) => ({
            startTicks: ends[index]!,
            durationTicks,
            offset: index * 100,
            bytes: 100,
            independent: index === 0,
          })),
        },
        a0: { startTicks: 96_000, durationTicks: 96_000, fragments: [] },
      },
    });
    broadcast.startPeriod(2000);
    const held: boolean[] = [];
    for (let segment = 0; segment < 20; segment++) {
      held.push(isLong());
      broadcast.addSegments(1);
    }
    // Half a minute of segments, and once: a target that came and went with each segment would be no help.
    expect(held).toEqual(Array.from({ length: 20 }, (_, segment) => segment < 15));
  });

  it('goes on with a leaner rendition where a period that is being written has a shorter ladder', () => {
    const broadcast = new GrowingTimeline({}, [v0, v1]);
    broadcast.addSegments(1);
    const { timeline } = broadcast;
    timeline.startPeriod(2000, [v0]);
    timeline.open(2000);
    timeline.grow('v0', { startTicks: 180_000, durationTicks: 30_000, independent: true });
    expect(playlistOf(broadcast, 'v1.m3u8')).toMatch(
      /DISCONTINUITY\n.*v0\/1\/init.mp4"\n.*\n.*URI="79Y1nGkw\/v0\/0\.6\.m4s"/,
    );
  });
});

describe('a delta update', () => {
  function longBroadcast(): GrowingTimeline {
    const broadcast = new GrowingTimeline();
    broadcast.addSegments(10);
    broadcast.startPeriod(1000);
    broadcast.addSegments(20);
    broadcast.open();
    broadcast.grow([0]);
    return broadcast;
  }

  it('is the whole playlist without what is older than the skip boundary', () => {
    const broadcast = longBroadcast();
    const whole = playlistOf(broadcast);
    const delta = playlistOf(broadcast, 'v0.m3u8', '_HLS_skip=YES');
    const { skip, segments } = read(delta);
    expect(skip).toBe(24);
    expect(segments[0]?.mediaSequenceNumber).toBe(24);
    const end = delta.slice(delta.indexOf('SKIPPED-SEGMENTS=24\n') + 'SKIPPED-SEGMENTS=24\n'.length);
    expect(whole.endsWith(`v0/23.m4s\n${end}`)).toBe(true);
    const head = whole.slice(0, whole.indexOf('#EXT-X-MAP'));
    expect(delta.slice(0, delta.indexOf('#EXT-X-SKIP'))).toBe(head.replace('VERSION:7', 'VERSION:9'));
  });

  it('is all of it that asks for a version that old clients do not know', () => {
    const versionOf = (text: string) => /#EXT-X-VERSION:(\d+)/.exec(text)?.[1];
    const broadcast = longBroadcast();
    const versions = ['v0', 'a0', 'v0-iframes'].map((name) => [
      versionOf(playlistOf(broadcast, `${name}.m3u8`)),
      versionOf(playlistOf(broadcast, `${name}.m3u8`, '_HLS_skip=YES')),
    ]);
    expect(versions).toEqual(versions.map(() => ['7', '9']));
    broadcast.timeline.add(segmentOf(broadcast.positionMs, 2000, [v0]));
    expect(versionOf(playlistOf(broadcast, 'a0.m3u8'))).toBe('8');
  });

  it('is there of text and key frames, too', () => {
    const broadcast = new GrowingTimeline({}, [v0, a0, text]);
    broadcast.addSegments(10);
    broadcast.startPeriod(1000);
    broadcast.addSegments(10);
    broadcast.open();
    for (const path of ['t1.m3u8', 'v0-iframes.m3u8']) {
      const whole = playlistOf(broadcast, path);
      const delta = playlistOf(broadcast, path, '_HLS_skip=YES');
      const [head, rest] = delta.split('#EXT-X-SKIP:SKIPPED-SEGMENTS=14\n');
      expect(head).toBe(whole.slice(0, head!.length).replace('VERSION:7', 'VERSION:9'));
      expect(rest).toMatch(/^#EXTINF/);
      expect(whole.endsWith(rest!)).toBe(true);
      expect(read(delta).segments.map(({ mediaSequenceNumber }) => mediaSequenceNumber)).toEqual([
        14, 15, 16, 17, 18, 19,
      ]);
    }
  });

  it('lists as much media as CAN-SKIP-UNTIL promises, wherever the broadcast was interrupted', () => {
    const pauseMs = 7500;
    for (const segmentsSince of [0, 1, 2, 3, 5]) {
      const broadcast = new GrowingTimeline();
      broadcast.addSegments(10);
      broadcast.startPeriod(pauseMs);
      broadcast.addSegments(segmentsSince);
      broadcast.open();
      broadcast.grow([0]);
      for (const path of ['v0.m3u8', 'a0.m3u8', 'v0-iframes.m3u8']) {
        const delta = playlistOf(broadcast, path, '_HLS_skip=YES');
        const boundarySeconds = Number(/CAN-SKIP-UNTIL=(\d+)/.exec(delta)![1]);
        expect([path, boundarySeconds, read(delta).skip]).toEqual([path, 12, 4 + segmentsSince]);
        expect(delta.match(/#EXTINF:2,/g)).toHaveLength(6);
      }
    }
  });

  it('looks at no more segments than it lists, however long the playlist is', () => {
    const broadcast = new GrowingTimeline();
    broadcast.addSegments(1000);
    broadcast.open();
    const hls = createHlsPackager();
    const seen = new Set<number>();
    const parameters = new URLSearchParams('_HLS_skip=YES');
    const ask = (timeline: TimelineReader) => {
      const manifest = hls.manifest(timeline, { path: 'v0.m3u8', query: '', parameters, nowMs: 0 });
      return 'body' in manifest ? manifest.body.toString() : '';
    };
    const segments = new Proxy(broadcast.timeline.segments, {
      get: (target, name) => {
        if (typeof name === 'string' && /^\d+$/.test(name)) seen.add(Number(name));
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      },
    });
    const watched = new Proxy(broadcast.timeline, {
      get: (target, name) => {
        const value: unknown = name === 'segments' ? segments : Reflect.get(target, name, target);
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      },
    });
    expect(ask(watched)).toContain('SKIPPED-SEGMENTS=994');
    seen.clear();
    broadcast.grow([0]);
    expect(ask(watched)).toContain('SKIPPED-SEGMENTS=994');
    // Half a minute of parts is measured; what was made once is not looked at again.
    expect([...seen].filter((position) => position > 0 && position < 980)).toEqual([]);
  });

  it('keeps the discontinuity of the first segment it lists', () => {
    const broadcast = new GrowingTimeline();
    broadcast.addSegments(10);
    broadcast.startPeriod(0);
    broadcast.addSegments(6);
    broadcast.open();
    const delta = playlistOf(broadcast, 'v0.m3u8', '_HLS_skip=YES');
    expect(delta).toMatch(/SKIP:SKIPPED-SEGMENTS=10\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP.*v0\/1\/init\.mp4"\n/);
  });

  it('is the whole playlist where there is nothing to skip, or the broadcast has ended', () => {
    const broadcast = new GrowingTimeline();
    broadcast.addSegments(6);
    expect(playlistOf(broadcast, 'v0.m3u8', '_HLS_skip=YES')).toBe(playlistOf(broadcast));
    const ended = longBroadcast();
    ended.timeline.end();
    expect(playlistOf(ended, 'v0.m3u8', '_HLS_skip=YES')).toBe(playlistOf(ended));
  });
});

describe('dates', () => {
  it('go by the wall clock of each broadcast that a timeline is put together of', () => {
    const broadcast = new GrowingTimeline();
    broadcast.addSegments(1);
    broadcast.startPeriod(0);
    broadcast.addSegments(1);
    const dayLater = ({ wallClockMs }: { wallClockMs: number }) => wallClockMs + 24 * 3600 * 1000;
    const [first, second] = broadcast.timeline.segments;
    const segments = [first!, { ...second!, wallClockMs: dayLater(second!) }];
    const timeline = new Proxy(broadcast.timeline, {
      get: (target, name) => {
        const value: unknown = name === 'segments' ? segments : Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    expect(textOf(createHlsPackager(), timeline, 'v0.m3u8').match(/DATE-TIME:.*/g)).toEqual([
      'DATE-TIME:2026-01-02T03:04:05.000Z',
      'DATE-TIME:2026-01-03T03:04:07.000Z',
    ]);
  });
});
