import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { MemoryTimeline } from '../memoryTimeline.fixture.ts';
import { textOf } from '../readBack.fixture.ts';
import { a0, addSegments, segmentOf, v0, v1 } from '../tracks.fixture.ts';
import { createDashPackager } from './packager.ts';

function mpdOf(timeline: TimelineReader, query?: string): string {
  return textOf(createDashPackager(), timeline, 'manifest.mpd', query);
}

const head =
  '<?xml version="1.0" encoding="UTF-8"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011"';
const role = '<Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>';
const video = `<AdaptationSet id="1" contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1" par="16:9">${role}`;
const audio = `<AdaptationSet id="2" contentType="audio" mimeType="audio/mp4" segmentAlignment="true" startWithSAP="1">${role}`;
const v0Open =
  '<Representation id="v0" codecs="avc1.64001f" bandwidth="3000000" width="1280" height="720" sar="1:1" frameRate="30">';
const v1Open =
  '<Representation id="v1" codecs="avc1.64001f" bandwidth="1400000" width="960" height="540" sar="1:1" frameRate="30">';
const a0Whole =
  '<Representation id="a0" codecs="mp4a.40.2" bandwidth="128000" audioSamplingRate="48000"><AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="2"/></Representation>';

function template(timescale: number, offset: number, period: number, elements: string): string {
  return `<SegmentTemplate timescale="${timescale}" presentationTimeOffset="${offset}" initialization="79Y1nGkw/$RepresentationID$/${period}/init.mp4" media="79Y1nGkw/$RepresentationID$/${period}/$Time$.m4s"><SegmentTimeline>${elements}</SegmentTimeline></SegmentTemplate>`;
}

describe('DASH manifest', () => {
  it('lists a sliding window with a Period for each discontinuity', () => {
    const timeline = new MemoryTimeline({ windowSeconds: 10 });
    timeline.startPeriod(0, [v0, v1, a0]);
    addSegments(timeline, 4, 0, [v0, v1, a0]);
    timeline.startPeriod(9500, [v0, a0]);
    timeline.add(segmentOf(9500, 2000, [v0, a0]));
    expect(mpdOf(timeline)).toBe(
      `${head} type="dynamic" availabilityStartTime="2026-01-02T03:04:05.000Z" publishTime="2026-01-02T03:04:16.500Z" minimumUpdatePeriod="PT2S" timeShiftBufferDepth="PT10S" suggestedPresentationDelay="PT6S" minBufferTime="PT2S" maxSegmentDuration="PT2.5S">
<Period id="0" start="PT0S">
${video}${template(90_000, 0, 0, '<S t="180000" d="180000" r="2"/>')}${v0Open}</Representation>${v1Open}</Representation></AdaptationSet>
${audio}${template(48_000, 0, 0, '<S t="96000" d="96000" r="2"/>')}${a0Whole}</AdaptationSet>
</Period>
<Period id="1" start="PT9.5S">
${video}${template(90_000, 855_000, 1, '<S t="855000" d="180000"/>')}${v0Open}</Representation></AdaptationSet>
${audio}${template(48_000, 456_000, 1, '<S t="456000" d="96000"/>')}${a0Whole}</AdaptationSet>
</Period>
<UTCTiming schemeIdUri="urn:mpeg:dash:utc:http-iso:2014" value="../../time"/>
</MPD>
`,
    );
  });

  it('is static and begins at zero when the broadcast has ended', () => {
    const timeline = new MemoryTimeline({ windowSeconds: 4 });
    timeline.startPeriod(0, [a0]);
    addSegments(timeline, 4, 0, [a0]);
    timeline.end();
    expect(mpdOf(timeline)).toBe(
      `${head} type="static" mediaPresentationDuration="PT4S" minBufferTime="PT2S" maxSegmentDuration="PT2.5S">
<Period id="0" start="PT0S">
${audio}${template(48_000, 192_000, 0, '<S t="192000" d="96000" r="1"/>')}${a0Whole}</AdaptationSet>
</Period>
</MPD>
`,
    );
  });

  it('gives each rendition its own times when they differ, and leaves out what has no media', () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0, v1, a0]);
    timeline.add({
      startMs: 0,
      durationMs: 2000,
      tracks: { v0: { startTicks: 0, durationTicks: 180_000 }, v1: { startTicks: 90, durationTicks: 179_910 } },
    });
    const mpd = mpdOf(timeline);
    expect(mpd).toContain(`${v0Open}${template(90_000, 0, 0, '<S t="0" d="180000"/>')}</Representation>`);
    expect(mpd).toContain(`${v1Open}${template(90_000, 0, 0, '<S t="90" d="179910"/>')}</Representation>`);
    expect(mpd).not.toContain('contentType="audio"');
  });

  it('keeps the addresses right after a segment that a track does not have', () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0, a0]);
    timeline.add(segmentOf(0, 2000, [v0, a0]));
    timeline.add(segmentOf(2000, 2000, [v0]));
    timeline.add(segmentOf(4000, 2000, [v0, a0]));
    expect(mpdOf(timeline)).toContain('<S t="0" d="96000"/><S t="192000" d="96000"/>');
  });

  it('carries a query in every address, as XML', () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0]);
    addSegments(timeline, 1, 0, [v0]);
    const mpd = mpdOf(timeline, 'token=a&more="$<');
    expect(mpd).toContain('init.mp4?token=a&amp;more=%22%24%3C"');
    expect(mpd).toContain('$Time$.m4s?token=a&amp;more=%22%24%3C"');
    expect(() => new XMLParser().parse(mpd, true) as unknown).not.toThrow();
  });

  it('writes frame rates and shapes as the format wants them', () => {
    const timeline = new MemoryTimeline({});
    const odd = { ...v0, width: 1278, height: 720, frameRate: 29.97 };
    timeline.startPeriod(0, [odd, { ...v1, frameRate: 0 }, { ...v1, id: 'v2', frameRate: 12.5 }]);
    addSegments(timeline, 1, 0, [odd, v1, { id: 'v2', timescale: 90_000 }]);
    const mpd = mpdOf(timeline);
    expect(mpd).toContain('frameRate="30000/1001"');
    expect(mpd).toContain('frameRate="12500/1000"');
    expect(mpd).toContain('par="71:40"');
    expect(mpd).toMatch(/id="v1"[^>]*sar="1:1">/);
  });
});
