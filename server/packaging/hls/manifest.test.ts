import { parse, types } from 'hls-parser';
import { describe, expect, it } from 'vitest';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { MemoryTimeline } from '../memoryTimeline.fixture.ts';
import { textOf } from '../readBack.fixture.ts';
import { a0, addSegments, segmentOf, v0, v1, v2 } from '../tracks.fixture.ts';
import { createHlsPackager } from './packager.ts';

function textAnew(timeline: TimelineReader, path: string, query?: string): string {
  return textOf(createHlsPackager(), timeline, path, query);
}

function variantsOf(master: string): { uri: string; bandwidth: number }[] {
  return (parse(master) as types.MasterPlaylist).variants
    .filter(({ isIFrameOnly }) => !isIFrameOnly)
    .map(({ uri, bandwidth }) => ({ uri, bandwidth }));
}

describe('HLS media playlist', () => {
  it('lists a sliding window with a discontinuity', () => {
    const timeline = new MemoryTimeline({ windowSeconds: 8 });
    timeline.startPeriod(0, [v0, a0]);
    addSegments(timeline, 3, 0, [v0, a0]);
    timeline.startPeriod(10_000, [v0, a0]);
    addSegments(timeline, 1, 10_000, [v0, a0]);
    expect(textAnew(timeline, 'v0.m3u8')).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:2
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-MAP:URI="79Y1nGkw/v0/0/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:09.000Z
#EXTINF:2,
79Y1nGkw/v0/2.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="79Y1nGkw/v0/1/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:15.000Z
#EXTINF:2,
79Y1nGkw/v0/3.m4s
`);
    addSegments(timeline, 1, 14_000, [v0, a0]);
    expect(textAnew(timeline, 'a0.m3u8', 'token=t')).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:3
#EXT-X-DISCONTINUITY-SEQUENCE:1
#EXT-X-MAP:URI="79Y1nGkw/a0/1/init.mp4?token=t"
#EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:15.000Z
#EXTINF:2,
79Y1nGkw/a0/3.m4s?token=t
#EXTINF:2,
79Y1nGkw/a0/4.m4s?token=t
`);
  });

  it('gives new parameters without a discontinuity where the media go on', () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0, a0]);
    addSegments(timeline, 1, 0, [v0, a0]);
    timeline.startPeriod(2000, [v0, a0], true);
    addSegments(timeline, 1, 2000, [v0, a0]);
    timeline.end();
    const text = textAnew(timeline, 'v0.m3u8');
    expect(text).toContain(`79Y1nGkw/v0/0.m4s
#EXT-X-MAP:URI="79Y1nGkw/v0/1/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:07.000Z
#EXTINF:2,
79Y1nGkw/v0/1.m4s
`);
    expect(text).not.toContain('#EXT-X-DISCONTINUITY\n');
    parse(text);
  });

  it('marks what the track does not have as a gap, and ends when the broadcast has', () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0, a0]);
    timeline.add(segmentOf(0, 1960, [v0, a0]));
    timeline.add(segmentOf(1960, 2002, [v0]));
    timeline.end();
    expect(textAnew(timeline, 'a0.m3u8')).toBe(`#EXTM3U
#EXT-X-VERSION:8
#EXT-X-TARGETDURATION:2
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-MAP:URI="79Y1nGkw/a0/0/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:05.000Z
#EXTINF:1.96,
79Y1nGkw/a0/0.m4s
#EXTINF:2.002,
#EXT-X-GAP
79Y1nGkw/a0/1.m4s
#EXT-X-ENDLIST
`);
  });

  it('goes on with a leaner rendition where the ladder has become shorter, even when its own has left the window', () => {
    const timeline = new MemoryTimeline({ windowSeconds: 6 });
    const hls = createHlsPackager();
    timeline.startPeriod(0, [v0, v1, v2, a0]);
    addSegments(timeline, 1, 0, [v0, v1, v2, a0]);
    expect(textOf(hls, timeline, 'v1.m3u8')).toContain('/v1/0.m4s');
    timeline.startPeriod(2000, [v0, v2, a0]);
    addSegments(timeline, 2, 2000, [v0, v2, a0]);
    expect(textOf(hls, timeline, 'v1.m3u8')).toMatch(
      /v1\/0\.m4s\n#EXT-X-DISCONTINUITY\n.*v2\/1\/init\.mp4"\n.*\n.*\n.*v2\/1\.m4s\n/,
    );
    addSegments(timeline, 3, 6000, [v0, v2, a0]);
    expect(textOf(hls, timeline, 'v1.m3u8')).toMatch(
      /DISCONTINUITY-SEQUENCE:1\n.*v2\/1\/init\.mp4"\n(.*\n)+.*v2\/5\.m4s\n$/,
    );
  });

  it('is made once per version', () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0]);
    addSegments(timeline, 2, 0, [v0]);
    const hls = createHlsPackager();
    const request = { path: 'v0.m3u8', query: '', nowMs: 0 };
    const made = hls.manifest(timeline, request);
    expect(hls.manifest(timeline, request)).toBe(made);
    addSegments(timeline, 1, 4000, [v0]);
    expect(hls.manifest(timeline, request)).not.toBe(made);
  });

  it('refuses tracks there never were, and timelines without media', () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0]);
    const hls = createHlsPackager();
    const ask = (path: string) => hls.manifest(timeline, { path, query: '', nowMs: 0 });
    expect(ask('master.m3u8')).toMatchObject({ refused: 'notLive' });
    addSegments(timeline, 1, 0, [v0]);
    expect(ask('v9.m3u8')).toMatchObject({ refused: 'trackNotFound' });
  });
});

describe('HLS master playlist', () => {
  it('names each rendition with what was measured of it, and the one to start with first', () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0, v1, v2, a0]);
    const sized = (startMs: number, v0Bytes: number) => {
      const { tracks, ...times } = segmentOf(startMs, 2000, [v0, v1, v2, a0]);
      const sizes: Record<string, number> = { v0: v0Bytes, v1: 350_000, v2: 200_000, a0: 32_000 };
      const withSizes = Object.entries(tracks).map(([id, track]) => [id, { ...track, bytes: sizes[id]! }]);
      timeline.add({ ...times, tracks: Object.fromEntries(withSizes) });
    };
    sized(0, 700_000);
    sized(2000, 800_000);
    expect(textAnew(timeline, 'master.m3u8', 'token=t')).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Audio",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="a0.m3u8?token=t"
#EXT-X-STREAM-INF:BANDWIDTH=1528000,AVERAGE-BANDWIDTH=1528000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=960x540,FRAME-RATE=30.000,AUDIO="audio",CLOSED-CAPTIONS=NONE
v1.m3u8?token=t
#EXT-X-STREAM-INF:BANDWIDTH=3328000,AVERAGE-BANDWIDTH=3128000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="audio",CLOSED-CAPTIONS=NONE
v0.m3u8?token=t
#EXT-X-STREAM-INF:BANDWIDTH=928000,AVERAGE-BANDWIDTH=928000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=30.000,AUDIO="audio",CLOSED-CAPTIONS=NONE
v2.m3u8?token=t
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=3200000,CODECS="avc1.64001f",RESOLUTION=1280x720,URI="v0-iframes.m3u8?token=t"
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1400000,CODECS="avc1.64001f",RESOLUTION=960x540,URI="v1-iframes.m3u8?token=t"
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=800000,CODECS="avc1.64001f",RESOLUTION=640x360,URI="v2-iframes.m3u8?token=t"
`);
  });

  it('promises independent segments only while all are', () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0]);
    const { tracks, ...times } = segmentOf(0, 2000, [v0]);
    timeline.add({ ...times, tracks: { v0: { ...tracks.v0!, independent: false } } });
    expect(textAnew(timeline, 'master.m3u8')).not.toContain('INDEPENDENT');
  });

  it('offers sound alone as a variant', () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [a0]);
    addSegments(timeline, 1, 0, [a0]);
    const master = textAnew(timeline, 'master.m3u8');
    expect(master).toContain('CODECS="mp4a.40.2"\na0.m3u8\n');
    expect(master).not.toContain('EXT-X-MEDIA');
    expect(variantsOf(master)).toHaveLength(1);
  });

  it('offers a picture alone without an audio group', () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0]);
    addSegments(timeline, 1, 0, [v0]);
    expect(textAnew(timeline, 'master.m3u8')).not.toContain('AUDIO');
  });

  it('lists the ladder of now after it has changed', () => {
    const timeline = new MemoryTimeline({});
    const hls = createHlsPackager();
    timeline.startPeriod(0, [v0, v1, v2, a0]);
    addSegments(timeline, 1, 0, [v0, v1, v2, a0]);
    expect(variantsOf(textOf(hls, timeline, 'master.m3u8'))).toHaveLength(3);
    timeline.startPeriod(2000, [v0, a0]);
    addSegments(timeline, 1, 2000, [v0, a0]);
    expect(variantsOf(textOf(hls, timeline, 'master.m3u8')).map(({ uri }) => uri)).toEqual(['v0.m3u8']);
  });
});
