import { XMLParser } from 'fast-xml-parser';
import { parse, types } from 'hls-parser';
import { describe, expect, it } from 'vitest';
import type { CaptionService } from '../../shared/model/captions.ts';
import { isRefusal } from '../errors.ts';
import { writeCueFragment } from '../media/captions/cueFragment.ts';
import type { Cue } from '../media/captions/cue.ts';
import { writeTextInit } from '../media/mp4/writeTextInit.ts';
import type { TextTrack } from '../media/track.ts';
import { createDashPackager } from './dash/packager.ts';
import { createHdsPackager } from './hds/packager.ts';
import { createHlsPackager } from './hls/packager.ts';
import { MemoryTimeline } from './memoryTimeline.fixture.ts';
import { textOf } from './readBack.fixture.ts';
import { a0, segmentOf, v0, v1 } from './tracks.fixture.ts';

const captions: CaptionService[] = [
  { channel: 'CC1', language: 'en', label: 'English' },
  { channel: 'CC3', language: 'fr-CA', label: 'Français' },
  { channel: 'SERVICE1', language: 'en', label: 'English 2' },
];
const text = (id: string, language: string, label: string): TextTrack & { init: Buffer } => ({
  kind: 'text',
  id,
  codec: 'wvtt',
  timescale: 90_000,
  bitrateBps: 1000,
  language,
  label,
  init: Buffer.from(writeTextInit(90_000, language)),
});
const t1 = text('t1', 'en', 'English');
const t3 = text('t3', 'fr-CA', 'Français & "more"');

const cue = (startMs: number, endMs: number, said: string): Cue => ({
  startTicks: startMs * 90,
  endTicks: endMs * 90,
  blocks: [{ settings: 'line:85%', text: said }],
});

function addSegment(timeline: MemoryTimeline, startMs: number, cues: readonly Cue[]): void {
  const segment = segmentOf(startMs, 2000, [v0, v1, a0, t1, t3]);
  const media = Buffer.from(writeCueFragment(startMs * 90, (startMs + 2000) * 90, cues));
  const { t1: own } = segment.tracks;
  timeline.add({ ...segment, tracks: { ...segment.tracks, t1: { ...own!, media } } });
}

function captioned(): MemoryTimeline {
  const timeline = new MemoryTimeline({});
  timeline.startPeriod(0, [{ ...v0, captions }, { ...v1, captions }, a0, t1, t3]);
  addSegment(timeline, 0, [cue(500, 1200, 'Hello &amp; welcome'), cue(1200, 2000, '<i>Bonjour</i>')]);
  addSegment(timeline, 2000, []);
  return timeline;
}

async function mediaText(timeline: MemoryTimeline, path: string): Promise<string> {
  const media = await createHlsPackager().media(timeline, path);
  if (isRefusal(media)) return media.refused;
  if (!('bytes' in media)) throw new Error('not complete');
  expect(media.contentType).toBe('text/vtt; charset=utf-8');
  return (await media.bytes.buffer()).toString();
}

describe('captions in HLS', () => {
  it('are announced with channel, language and label, and offered as subtitles', () => {
    const master = textOf(createHlsPackager(), captioned(), 'master.m3u8');
    const variants = (parse(master) as types.MasterPlaylist).variants.filter(({ isIFrameOnly }) => !isIFrameOnly);
    const [first] = variants;
    expect(variants).toHaveLength(2);
    for (const variant of variants) {
      expect(variant.closedCaptions.map(({ instreamId, language, name }) => [instreamId, language, name])).toEqual([
        ['SERVICE1', 'en', 'English 2'],
        ['CC1', 'en', 'English'],
        ['CC3', 'fr-CA', 'Français'],
      ]);
      expect(variant.subtitles.map(({ uri, language, name }) => [uri, language, name])).toEqual([
        ['t1.m3u8', 'en', 'English'],
        ['t3.m3u8', 'fr-CA', 'Français & more'],
      ]);
    }
    expect(first?.subtitles[0]).toMatchObject({ isDefault: false, autoselect: true });
    expect(master).toContain('SUBTITLES="subtitles",CLOSED-CAPTIONS="captions"\n');
  });

  it('are WebVTT with the boundaries of the media', async () => {
    const timeline = captioned();
    expect(textOf(createHlsPackager(), timeline, 't1.m3u8', 'token=t')).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:05.000Z
#EXTINF:2,
79Y1nGkw/t1/0.vtt?token=t
#EXTINF:2,
79Y1nGkw/t1/1.vtt?token=t
`);
    expect(await mediaText(timeline, '79Y1nGkw/t1/0.vtt')).toBe(`WEBVTT
X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0

00:00:00.500 --> 00:00:01.200 line:85%
Hello &amp; welcome

00:00:01.200 --> 00:00:02.000 line:85%
<i>Bonjour</i>
`);
    expect(await mediaText(timeline, '79Y1nGkw/t1/1.vtt')).toBe(
      'WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n',
    );
  });

  it('are refused where there are none', async () => {
    const timeline = captioned();
    expect(await mediaText(timeline, '79Y1nGkw/t1/9.vtt')).toBe('segmentNotFound');
    expect(await mediaText(timeline, '79Y1nGkw/t9/0.vtt')).toBe('segmentNotFound');
    expect(await mediaText(timeline, '79Y1nGkw/a0/0.vtt')).toBe('notFound');
    expect(await mediaText(timeline, 'otherTag/t1/0.vtt')).toBe('segmentNotFound');
    for (const path of ['79Y1nGkw/t1/0.vtt.vtt', '79Y1nGkw/../0.vtt', '79Y1nGkw/t1/-1.vtt', '79Y1nGkw/t1/0x1.vtt']) {
      expect(createHlsPackager().route(path)).toBeUndefined();
    }
  });

  it('end with the period that has them, and come back with the next', () => {
    const timeline = captioned();
    timeline.startPeriod(4000, [v0, a0]);
    timeline.add(segmentOf(4000, 2000, [v0, a0]));
    const hls = createHlsPackager();
    expect(textOf(hls, timeline, 'master.m3u8')).not.toContain('SUBTITLES');
    expect(textOf(hls, timeline, 't1.m3u8')).toMatch(/t1\/1\.vtt\n#EXT-X-DISCONTINUITY\n.*\n#EXTINF:2,\n#EXT-X-GAP\n/);
    timeline.startPeriod(6000, [{ ...v0, captions }, a0, t1, t3]);
    addSegment(timeline, 6000, []);
    expect(textOf(hls, timeline, 't1.m3u8')).toMatch(/#EXT-X-DISCONTINUITY\n.*\n#EXTINF:2,\n.*t1\/3\.vtt\n$/);
  });

  it('are never taken from another language', () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0, t1]);
    timeline.add(segmentOf(0, 2000, [v0, t1]));
    timeline.startPeriod(2000, [v0, t3]);
    timeline.add(segmentOf(2000, 2000, [v0, t3]));
    expect(textOf(createHlsPackager(), timeline, 't1.m3u8')).toContain('#EXT-X-GAP');
  });
});

describe('captions in DASH', () => {
  it('are announced on the picture, and have a set for each text track', () => {
    const mpd = textOf(createDashPackager(), captioned(), 'manifest.mpd');
    const sets = (
      new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'AdaptationSet' }).parse(mpd) as {
        MPD: { Period: { AdaptationSet: Record<string, unknown>[] } };
      }
    ).MPD.Period.AdaptationSet;
    expect(sets[0]!['Accessibility']).toEqual([
      { '@_schemeIdUri': 'urn:scte:dash:cc:cea-608:2015', '@_value': 'CC1=eng;CC3=fre' },
      { '@_schemeIdUri': 'urn:scte:dash:cc:cea-708:2015', '@_value': '1=lang:eng' },
    ]);
    expect(sets.slice(2)).toMatchObject([
      {
        '@_contentType': 'text',
        '@_mimeType': 'application/mp4',
        '@_lang': 'en',
        Label: 'English',
        Role: { '@_value': 'caption' },
        Representation: { '@_id': 't1', '@_codecs': 'wvtt' },
      },
      { '@_lang': 'fr-CA', Label: 'Français & "more"', Representation: { '@_id': 't3' } },
    ]);
  });
});

it('HDS knows no text', () => {
  const timeline = captioned();
  const hds = createHdsPackager();
  expect(textOf(hds, timeline, 'manifest.f4m')).not.toMatch(/t1|text/);
  expect(hds.manifest(timeline, { path: 't1.f4m', query: '', nowMs: 0 })).toMatchObject({ refused: 'trackNotFound' });
});
