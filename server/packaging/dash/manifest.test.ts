import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { Manifest } from '../packager.ts';
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
const clock = '<UTCTiming schemeIdUri="urn:mpeg:dash:utc:http-iso:2014" value="../../time"/>';
const serviceDescription =
  '<ServiceDescription id="0"><Latency referenceId="0" target="2000" min="1000" max="8000"/><PlaybackRate min="0.96" max="1.04"/></ServiceDescription>';
const videoOpen =
  '<AdaptationSet id="1" contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1" par="16:9">';
const audioOpen =
  '<AdaptationSet id="2" contentType="audio" mimeType="audio/mp4" segmentAlignment="true" startWithSAP="1">';
const reference = (wallClock: string, ticks: number) =>
  `<ProducerReferenceTime id="0" inband="true" type="encoder" wallClockTime="2026-01-02T03:04:${wallClock}Z" presentationTime="${ticks}">${clock}</ProducerReferenceTime>`;
const v0Open =
  '<Representation id="v0" codecs="avc1.64001f" bandwidth="3000000" width="1280" height="720" sar="1:1" frameRate="30">';
const v1Open =
  '<Representation id="v1" codecs="avc1.64001f" bandwidth="1400000" width="960" height="540" sar="1:1" frameRate="30">';
const a0Whole =
  '<Representation id="a0" codecs="mp4a.40.2" bandwidth="128000" audioSamplingRate="48000"><AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="2"/></Representation>';

function template(timescale: number, offset: number, period: number, elements: string, live = true): string {
  const availability = live ? ' availabilityTimeOffset="1.61" availabilityTimeComplete="false"' : '';
  return `<SegmentTemplate timescale="${timescale}" presentationTimeOffset="${offset}"${availability} initialization="79Y1nGkw/$RepresentationID$/${period}/init.mp4" media="79Y1nGkw/$RepresentationID$/${period}/$Time$.m4s"><SegmentTimeline>${elements}</SegmentTimeline></SegmentTemplate>`;
}

const packager = {
  made: createDashPackager(),
  manifest(timeline: TimelineReader): Manifest {
    return this.made.manifest(timeline, { path: 'manifest.mpd', query: '', nowMs: 0 }) as Manifest;
  },
};

describe('DASH manifest', () => {
  it('lists a sliding window with a Period for each discontinuity', () => {
    const timeline = new MemoryTimeline({ windowSeconds: 10 });
    timeline.startPeriod(0, [v0, v1, a0]);
    addSegments(timeline, 4, 0, [v0, v1, a0]);
    timeline.startPeriod(9500, [v0, a0]);
    timeline.add(segmentOf(9500, 2000, [v0, a0]));
    expect(mpdOf(timeline)).toBe(
      `${head} type="dynamic" availabilityStartTime="2026-01-02T03:04:05.000Z" publishTime="2026-01-02T03:04:16.500Z" minimumUpdatePeriod="PT0.5S" timeShiftBufferDepth="PT10S" suggestedPresentationDelay="PT6S" minBufferTime="PT2S" maxSegmentDuration="PT2.5S">
${serviceDescription}
<Period id="0" start="PT0S">
${videoOpen}${reference('05.000', 0)}${role}${template(90_000, 0, 0, '<S t="180000" d="180000" r="2"/>')}${v0Open}</Representation>${v1Open}</Representation></AdaptationSet>
${audioOpen}${reference('05.000', 0)}${role}${template(48_000, 0, 0, '<S t="96000" d="96000" r="2"/>')}${a0Whole}</AdaptationSet>
</Period>
<Period id="1" start="PT9.5S">
${videoOpen}${reference('14.500', 855_000)}${role}${template(90_000, 855_000, 1, '<S t="855000" d="180000"/>')}${v0Open}</Representation></AdaptationSet>
${audioOpen}${reference('14.500', 456_000)}${role}${template(48_000, 456_000, 1, '<S t="456000" d="96000"/>')}${a0Whole}</AdaptationSet>
</Period>
${clock}
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
${audioOpen}${role}${template(48_000, 192_000, 0, '<S t="192000" d="96000" r="1"/>', false)}${a0Whole}</AdaptationSet>
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

  it('lists a segment that is being written once all its tracks have begun, for as long as it may get', () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0, a0]);
    addSegments(timeline, 2, 0, [v0, a0]);
    const { tag } = packager.manifest(timeline);
    timeline.open(4000);
    timeline.grow('v0', { startTicks: 360_000, durationTicks: 30_000, independent: true });
    expect(packager.manifest(timeline).tag).toBe(tag);
    timeline.grow('a0', { startTicks: 192_512, durationTicks: 16_384, independent: true });
    const begun = packager.manifest(timeline);
    expect(begun.body.toString()).toContain('<S t="0" d="180000" r="1"/><S d="189000"/>');
    expect(begun.body.toString()).toContain('<S t="0" d="96000" r="1"/><S t="192512" d="100800"/>');
    expect(begun.body.toString()).toContain('publishTime="2026-01-02T03:04:09.009Z"');
    timeline.grow('v0', { startTicks: 390_000, durationTicks: 30_000, independent: false });
    expect(packager.manifest(timeline)).toBe(begun);
    timeline.add(segmentOf(4000, 1500, [v0, a0]));
    expect(packager.manifest(timeline).body.toString()).toContain('<S t="0" d="180000" r="1"/><S d="135000"/>');
  });

  it.each([
    ['as long as they should be', [2000, 2000, 2000], 1.61],
    ['shorter', [1500, 1500, 1500], 1.21],
    ['uneven', [4000, 1000, 4000, 1000], 3.61],
    ['even again after a longer one', [5000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000], 1.71],
  ])('says that a segment can be had once its first part is there, where they are %s', (_, lengths, seconds) => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0, a0]);
    let atMs = 0;
    for (const lengthMs of lengths) {
      timeline.add(segmentOf(atMs, lengthMs, [v0, a0]));
      atMs += lengthMs;
    }
    const offsets = () => mpdOf(timeline).match(/availabilityTimeOffset="[^"]+"/g);
    const expected = [v0, a0].map(() => `availabilityTimeOffset="${seconds}"`);
    expect(offsets()).toEqual(expected);
    timeline.open(atMs);
    for (const { id, timescale } of [v0, a0])
      timeline.grow(id, { startTicks: (atMs * timescale) / 1000, durationTicks: timescale / 3, independent: true });
    expect(offsets()).toEqual(expected);
    const announcedMs = Math.max(...lengths.slice(-8)) + 100;
    expect(seconds * 1000).toBeLessThanOrEqual(announcedMs - 390);
  });

  it('is published later with every change, also where it is built anew half-way', () => {
    const timeline = new MemoryTimeline({ windowSeconds: 20 });
    timeline.startPeriod(0, [v0, a0]);
    addSegments(timeline, 1, 0, [v0, a0]);
    const bodies = new Map<string, number>();
    const publishedMs = (text: string) => Date.parse(/publishTime="([^"]+)"/.exec(text)![1]!);
    let lastMs = 0;
    const look = () => {
      const text = packager.manifest(timeline).body.toString();
      const ms = publishedMs(text);
      if (!bodies.has(text)) expect(ms).toBeGreaterThan(lastMs);
      bodies.set(text, (lastMs = ms));
      expect(publishedMs(mpdOf(timeline))).toBe(ms);
    };
    const begin = (startMs: number) => {
      timeline.open(startMs);
      for (const { id, timescale } of [v0, a0]) {
        timeline.grow(id, {
          startTicks: startMs * (timescale / 1000),
          durationTicks: timescale / 3,
          independent: true,
        });
        look();
      }
    };
    begin(2000);
    for (let startMs = 2000; startMs < 40_000; startMs += 2000) {
      // The next one begins before this one is complete, every other time.
      if (startMs % 4000 === 0) begin(startMs + 2000);
      timeline.add(segmentOf(startMs, 2000, [v0, a0]));
      look();
      if (startMs % 4000 !== 0) begin(startMs + 2000);
    }
    expect(bodies.size).toBeGreaterThanOrEqual(38);
  });

  it('begins a Period with a segment that is being written', () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0]);
    addSegments(timeline, 1, 0, [v0]);
    timeline.startPeriod(5000, [v0]);
    timeline.open(5000);
    timeline.grow('v0', { startTicks: 450_000, durationTicks: 30_000, independent: true });
    const mpd = mpdOf(timeline);
    expect(mpd).toContain('<Period id="1" start="PT5S">');
    expect(mpd).toContain('<S t="450000" d="189000"/>');
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
