import { describe, expect, it } from 'vitest';
import { timelineTag } from '../cmaf/mediaPath.ts';
import { MemoryTimeline } from '../memoryTimeline.fixture.ts';
import { TimelinePart } from '../timelinePart.ts';
import { addSegments, segmentOf } from '../tracks.fixture.ts';
import { madeTracks } from './madeTracks.fixture.ts';
import { createMssPackager } from './packager.ts';
import { readSmoothManifest, smoothText } from './readSmooth.fixture.ts';

const { v0, v1, v2, a0 } = madeTracks;

function liveTimeline(windowSeconds = 7200): MemoryTimeline {
  const timeline = new MemoryTimeline({ windowSeconds });
  timeline.startPeriod(0, [v0, v1, a0]);
  addSegments(timeline, 5, 0, [v0, v1, a0]);
  return timeline;
}

const streams = (timeline: MemoryTimeline, chunks: string) => {
  const tag = timelineTag(timeline);
  return `<StreamIndex Type="video" Name="video" Chunks="${chunks}" QualityLevels="2" Url="${tag}/QualityLevels({bitrate})/Fragments(video={start time})" MaxWidth="640" MaxHeight="360" DisplayWidth="640" DisplayHeight="360">
<QualityLevel Index="0" Bitrate="3000000" FourCC="H264" MaxWidth="640" MaxHeight="360" CodecPrivateData="000000016764001F0000000168EE"/>
<QualityLevel Index="1" Bitrate="1400001" FourCC="H264" MaxWidth="640" MaxHeight="360" CodecPrivateData="000000016764001F0000000168EE"/>
<c t="0" d="20000000" r="${chunks}"/>
</StreamIndex>
<StreamIndex Type="audio" Name="audio" Chunks="${chunks}" QualityLevels="1" Url="${tag}/QualityLevels({bitrate})/Fragments(audio={start time})">
<QualityLevel Index="0" Bitrate="128000" FourCC="AACL" SamplingRate="48000" Channels="2" BitsPerSample="16" PacketSize="4" AudioTag="255" CodecPrivateData="1190"/>
<c t="0" d="20000000" r="${chunks}"/>
</StreamIndex>
</SmoothStreamingMedia>
`;
};

describe('the Smooth Streaming manifest', () => {
  it('of a live broadcast lists every chunk whose follower is known', async () => {
    const timeline = liveTimeline();
    expect(await smoothText(createMssPackager(), timeline)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<SmoothStreamingMedia MajorVersion="2" MinorVersion="2" TimeScale="10000000" Duration="0" IsLive="TRUE" LookAheadFragmentCount="1" DVRWindowLength="72000000000" CanSeek="TRUE" CanPause="TRUE">
${streams(timeline, '4')}`);
  });

  it('of an ended broadcast has its duration and every chunk', async () => {
    const timeline = liveTimeline();
    timeline.end();
    expect(await smoothText(createMssPackager(), timeline)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<SmoothStreamingMedia MajorVersion="2" MinorVersion="2" TimeScale="10000000" Duration="100000000">
${streams(timeline, '5')}`);
  });

  it('slides with the window, and says the time of its first chunk', async () => {
    const timeline = liveTimeline(20);
    const packager = createMssPackager();
    await smoothText(packager, timeline);
    addSegments(timeline, 20, 10_000, [v0, v1, a0]);
    const text = await smoothText(packager, timeline);
    expect(text).toContain('<c t="300000000" d="20000000" r="9"/>');
    expect(text).toBe(await smoothText(createMssPackager(), timeline));
  });

  it('is made once per version, and passes a query on', async () => {
    const timeline = liveTimeline();
    const packager = createMssPackager();
    const ask = (query: string) => packager.manifest(timeline, { path: 'Manifest', query, nowMs: 0 });
    const made = await ask('');
    expect(await ask('')).toBe(made);
    const text = await smoothText(packager, timeline, 'token=a&b');
    expect(text.match(/start time}\)\?token=a&amp;b"/g)).toHaveLength(2);
    addSegments(timeline, 1, 10_000, [v0, v1, a0]);
    expect(await ask('')).not.toBe(made);
  });

  it('tells renditions of equal bit rates apart', async () => {
    const timeline = new MemoryTimeline({});
    const bitrateBps = 800_049;
    const alike = [
      { ...v0, bitrateBps },
      { ...v1, bitrateBps },
      { ...v2, bitrateBps },
    ];
    timeline.startPeriod(0, alike);
    addSegments(timeline, 2, 0, alike);
    timeline.end();
    const [video] = readSmoothManifest(await smoothText(createMssPackager(), timeline)).streams;
    expect(video!.levels.map((level) => level['Bitrate'])).toEqual(['800000', '800001', '800002']);
  });

  it('has the renditions of the latest period, and times that jump where the timeline does', async () => {
    const timeline = liveTimeline();
    timeline.startPeriod(15_000, [v0, a0]);
    addSegments(timeline, 2, 15_000, [v0, a0]);
    timeline.end();
    const [video] = readSmoothManifest(await smoothText(createMssPackager(), timeline)).streams;
    expect(video!.levels).toHaveLength(1);
    expect(video!.chunks.map(({ t }) => t / 1e7)).toEqual([0, 2, 4, 6, 8, 15, 17]);
    expect(video!.chunks.map(({ d }) => d / 1e7)).toEqual([2, 2, 2, 2, 7, 2, 2]);
  });

  it('leaves out what a stream does not have', async () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0, a0]);
    addSegments(timeline, 1, 0, [v0, a0]);
    timeline.add(segmentOf(2000, 2000, [a0]));
    timeline.add({ startMs: 4000, durationMs: 2000, tracks: {} });
    addSegments(timeline, 1, 6000, [v0, a0]);
    timeline.end();
    const read = readSmoothManifest(await smoothText(createMssPackager(), timeline)).streams;
    expect(read.map(({ chunks }) => chunks.map(({ t }) => t / 1e7))).toEqual([
      [0, 6],
      [0, 2, 6],
    ]);
  });

  it('is refused as not live until there is enough to play', async () => {
    const timeline = new MemoryTimeline({});
    const packager = createMssPackager();
    const ask = () => packager.manifest(timeline, { path: 'Manifest', query: '', nowMs: 0 });
    expect(await ask()).toMatchObject({ refused: 'notLive' });
    timeline.startPeriod(0, [v0, a0]);
    addSegments(timeline, 4, 0, [v0, a0]);
    expect(await ask()).toMatchObject({ refused: 'notLive' });
    addSegments(timeline, 1, 8000, [v0, a0]);
    expect(await ask()).toMatchObject({ contentType: 'application/vnd.ms-sstr+xml' });
  });

  describe('of a part of a broadcast that goes on', () => {
    const rangeQuery = 'start=8000';
    const partOf = (whole: MemoryTimeline) =>
      new TimelinePart(whole, { startMs: whole.epochMs + 8000 }, () => whole.epochMs + 10_000);

    it('has what there is of it, and no window that is shorter than a buffer', async () => {
      const timeline = liveTimeline();
      const [packager, part] = [createMssPackager(), partOf(timeline)];
      for (let count = 1; count <= 5; count++) {
        addSegments(timeline, 1, 8000 + count * 2000, [v0, v1, a0]);
        const { attributes, streams: read } = readSmoothManifest(await smoothText(packager, part));
        const window = count < 4 ? '0' : '72000000000';
        expect(attributes).toMatchObject({ IsLive: 'TRUE', Duration: '0', DVRWindowLength: window });
        const starts = Array.from({ length: count }, (_, index) => 8 + index * 2);
        expect(read.map(({ chunks }) => chunks.map(({ t }) => t / 1e7))).toEqual([starts, starts]);
      }
      timeline.end();
      const { attributes } = readSmoothManifest(await smoothText(packager, part));
      expect([attributes['IsLive'], attributes['Duration']]).toEqual([undefined, '120000000']);
    });

    it('is refused as not there yet before a chunk of every stream is', async () => {
      const timeline = liveTimeline();
      const [packager, part] = [createMssPackager(), partOf(timeline)];
      const ask = () => packager.manifest(part, { path: 'Manifest', query: '', rangeQuery, nowMs: 0 });
      expect(await ask()).toMatchObject({ refused: 'notYetAvailable' });
      timeline.add(segmentOf(10_000, 2000, [v0, v1]));
      expect(await ask()).toMatchObject({ refused: 'notYetAvailable' });
      addSegments(timeline, 1, 12_000, [v0, v1, a0]);
      expect(await ask()).toMatchObject({ contentType: 'application/vnd.ms-sstr+xml' });
    });
  });
});
