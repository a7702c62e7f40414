import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../errors.ts';
import { timelineTag } from '../cmaf/mediaPath.ts';
import { MemoryTimeline } from '../memoryTimeline.fixture.ts';
import type { Manifest, Packager } from '../packager.ts';
import { a0, addSegments, segmentOf, v0, v1 } from '../tracks.fixture.ts';
import { createHdsPackager } from './packager.ts';
import { listedFragments, readBootstrap, type ReadBootstrap } from './readHds.fixture.ts';

async function made(timeline: MemoryTimeline, path: string, query = '', packager: Packager = createHdsPackager()) {
  const manifest = await packager.manifest(timeline, { path, query, nowMs: 0 });
  return isRefusal(manifest) ? manifest.refused : manifest;
}

async function body(timeline: MemoryTimeline, path: string, query?: string, packager?: Packager): Promise<Buffer> {
  return ((await made(timeline, path, query, packager)) as Manifest).body;
}

async function bootstrapOf(timeline: MemoryTimeline, packager?: Packager): Promise<ReadBootstrap> {
  return readBootstrap(await body(timeline, `${timelineTag(timeline)}/bootstrap.abst`, '', packager));
}

function liveTimeline(): MemoryTimeline {
  const timeline = new MemoryTimeline({ windowSeconds: 7200 });
  timeline.startPeriod(0, [v0, v1, a0]);
  addSegments(timeline, 3, 0, [v0, v1, a0]);
  return timeline;
}

/** `onMetaData` as text: numbers by name. */
function metadataIn(f4m: string): Record<string, number>[] {
  return [...f4m.matchAll(/<metadata>([^<]*)<\/metadata>/g)].map(([, text = '']) => {
    const bytes = Buffer.from(text, 'base64');
    expect(bytes.subarray(0, 14).toString('latin1')).toBe('\u0002\0\nonMetaData\u0008');
    const values: Record<string, number> = {};
    for (let at = 18; bytes.readUInt16BE(at) > 0;) {
      const name = bytes.toString('latin1', at + 2, at + 2 + bytes.readUInt16BE(at));
      values[name] = bytes.readDoubleBE(at + 3 + name.length);
      at += 11 + name.length;
    }
    return values;
  });
}

describe('f4m', () => {
  it('1.0 lists each rendition with the sound, best first, and one bootstrap for all', async () => {
    const timeline = liveTimeline();
    const tag = timelineTag(timeline);
    const text = (await body(timeline, 'manifest.f4m')).toString();
    expect(text.replaceAll(/<metadata>[^<]*/g, '<metadata>')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="http://ns.adobe.com/f4m/1.0">
<id>0_abcd1234</id>
<streamType>live</streamType>
<deliveryType>streaming</deliveryType>
<startTime>2026-01-02T03:04:05.000Z</startTime>
<dvrInfo offline="false" windowDuration="7200"/>
<bootstrapInfo profile="named" id="bootstrap" url="${tag}/bootstrap.abst"/>
<media streamId="v0" bitrate="3128" width="1280" height="720" url="${tag}/v0" bootstrapInfoId="bootstrap">
<metadata></metadata>
</media>
<media streamId="v1" bitrate="1528" width="960" height="540" url="${tag}/v1" bootstrapInfoId="bootstrap">
<metadata></metadata>
</media>
</manifest>
`);
    const sound = { audiodatarate: 128, audiosamplerate: 48_000, audiocodecid: 10 };
    expect(metadataIn(text)).toEqual([
      { width: 1280, height: 720, framerate: 30, videodatarate: 3000, videocodecid: 7, ...sound },
      { width: 960, height: 540, framerate: 30, videodatarate: 1400, videocodecid: 7, ...sound },
    ]);
  });

  it('2.0 names a manifest for each rendition, which has that rendition alone', async () => {
    const timeline = liveTimeline();
    const set = (await body(timeline, 'set.f4m')).toString();
    expect(set).toContain('<manifest xmlns="http://ns.adobe.com/f4m/2.0">');
    expect(set.match(/<media .*\n/g)).toEqual([
      '<media href="v0.f4m" bitrate="3128" width="1280" height="720"/>\n',
      '<media href="v1.f4m" bitrate="1528" width="960" height="540"/>\n',
    ]);
    const own = (await body(timeline, 'v1.f4m')).toString();
    expect(own).toContain('<manifest xmlns="http://ns.adobe.com/f4m/1.0">');
    expect([...own.matchAll(/<media streamId="(\w+)"/g)].map(([, id]) => id)).toEqual(['v1']);
  });

  it('turns into a recording with its length at the end', async () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(1000, [v0, a0]);
    addSegments(timeline, 3, 1000, [v0, a0]);
    expect((await body(timeline, 'manifest.f4m')).toString()).toContain('<dvrInfo offline="false"/>');
    timeline.end();
    const text = (await body(timeline, 'manifest.f4m')).toString();
    expect(text).toContain('<streamType>recorded</streamType>');
    expect(text).toContain('<duration>6.000</duration>');
    expect(text).not.toContain('dvrInfo');
    expect(metadataIn(text)[0]).toMatchObject({ duration: 6 });
  });

  it('offers players a way back where there is DVR, and not where there is only what a live player needs', async () => {
    const dvrOf = async (windowSeconds: number) => {
      const timeline = new MemoryTimeline({ windowSeconds });
      timeline.startPeriod(0, [v0]);
      addSegments(timeline, 3, 0, [v0]);
      const both = await Promise.all(['manifest.f4m', 'set.f4m'].map((path) => body(timeline, path)));
      return both.map((text) => /<dvrInfo[^>]*>/.exec(text.toString())?.[0]);
    };
    const twoHours = '<dvrInfo offline="false" windowDuration="7200"/>';
    expect(await dvrOf(7200)).toEqual([twoHours, twoHours]);
    expect(await dvrOf(30)).toEqual([undefined, undefined]);
  });

  it('is of sound alone where there is no picture', async () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [a0]);
    timeline.add(segmentOf(0, 2000, [a0]));
    const text = (await body(timeline, 'manifest.f4m')).toString();
    expect(text).toContain('<media streamId="a0" bitrate="128" url=');
    expect(metadataIn(text)).toEqual([{ audiodatarate: 128, audiosamplerate: 48_000, audiocodecid: 10 }]);
  });

  it('carries a token in every address, and nothing that ends an attribute', async () => {
    const timeline = liveTimeline();
    const tag = timelineTag(timeline);
    const links = async (path: string) =>
      [...(await body(timeline, path, 'token=a&b"')).toString().matchAll(/(?:url|href)="([^"]*)"/g)].map(
        ([, url]) => url,
      );
    const query = '?token=a&amp;b%22';
    expect(await links('manifest.f4m')).toEqual([
      `${tag}/bootstrap.abst${query}`,
      `${tag}/v0${query}`,
      `${tag}/v1${query}`,
    ]);
    expect(await links('set.f4m')).toEqual([`v0.f4m${query}`, `v1.f4m${query}`]);
  });

  it('is refused where there is nothing', async () => {
    const timeline = liveTimeline();
    expect(await made(timeline, 'v7.f4m')).toBe('trackNotFound');
    expect(await made(timeline, 'constructor.f4m')).toBe('trackNotFound');
    expect(await made(timeline, 'AAAAAAAA/bootstrap.abst')).toBe('segmentNotFound');
    expect(await made(new MemoryTimeline({}), 'manifest.f4m')).toBe('notLive');
  });

  it('of a rendition that has gone is still there', async () => {
    const timeline = liveTimeline();
    const packager = createHdsPackager();
    await body(timeline, 'manifest.f4m', '', packager);
    timeline.startPeriod(6000, [v0, a0]);
    addSegments(timeline, 1, 6000, [v0, a0]);
    expect((await body(timeline, 'manifest.f4m', '', packager)).toString()).not.toContain('streamId="v1"');
    expect((await body(timeline, 'v1.f4m', '', packager)).toString()).toContain('streamId="v1"');
  });
});

describe('bootstrap', () => {
  it('describes the window of a live broadcast in one run', async () => {
    expect(await bootstrapOf(liveTimeline())).toEqual({
      version: 3,
      live: true,
      currentMediaTime: 6000,
      segmentRuns: [{ firstSegment: 1, fragmentsPerSegment: 3 }],
      fragmentRuns: [{ first: 1, timestamp: 0, duration: 2000 }],
    });
  });

  it('slides with the window, and numbers stay with their media', async () => {
    const timeline = new MemoryTimeline({ windowSeconds: 6, firstSequence: 10 });
    const packager = createHdsPackager();
    timeline.startPeriod(0, [v0]);
    addSegments(timeline, 3, 0, [v0]);
    expect((await bootstrapOf(timeline, packager)).fragmentRuns).toEqual([{ first: 11, timestamp: 0, duration: 2000 }]);
    addSegments(timeline, 2, 6000, [v0]);
    const slid = await bootstrapOf(timeline, packager);
    expect(slid).toMatchObject({
      version: 15,
      currentMediaTime: 10_000,
      segmentRuns: [{ firstSegment: 1, fragmentsPerSegment: 3 }],
      fragmentRuns: [{ first: 13, timestamp: 4000, duration: 2000 }],
    });
    expect(listedFragments(slid).map(({ number }) => number)).toEqual([13, 14, 15]);
  });

  it('begins a run wherever the length changes', async () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [v0]);
    for (const [startMs, durationMs] of [
      [0, 2000],
      [2000, 2000],
      [4000, 1960],
      [5960, 2002.4],
      [7962.4, 2002.4],
    ] as const)
      timeline.add(segmentOf(startMs, durationMs, [v0]));
    expect((await bootstrapOf(timeline)).fragmentRuns).toEqual([
      { first: 1, timestamp: 0, duration: 2000 },
      { first: 3, timestamp: 4000, duration: 1960 },
      { first: 4, timestamp: 5960, duration: 2002 },
      { first: 5, timestamp: 7962, duration: 2003 },
    ]);
  });

  it('marks new periods, with or without a gap, but not one whose predecessor has left the window', async () => {
    const timeline = new MemoryTimeline({ windowSeconds: 12 });
    timeline.startPeriod(0, [v0]);
    addSegments(timeline, 2, 0, [v0]);
    timeline.startPeriod(4000, [v1]);
    addSegments(timeline, 1, 4000, [v1]);
    timeline.startPeriod(8000, [v0]);
    addSegments(timeline, 1, 8000, [v0]);
    expect(await bootstrapOf(timeline)).toMatchObject({
      segmentRuns: [{ firstSegment: 1, fragmentsPerSegment: 6 }],
      fragmentRuns: [
        { first: 1, timestamp: 0, duration: 2000 },
        { first: 3, timestamp: 4000, duration: 0, discontinuity: 3 },
        { first: 4, timestamp: 4000, duration: 2000 },
        { first: 5, timestamp: 6000, duration: 0, discontinuity: 3 },
        { first: 6, timestamp: 8000, duration: 2000 },
      ],
    });
    addSegments(timeline, 3, 10_000, [v0]);
    expect(await bootstrapOf(timeline)).toMatchObject({
      segmentRuns: [{ firstSegment: 1, fragmentsPerSegment: 6 }],
      fragmentRuns: [
        { first: 4, timestamp: 4000, duration: 2000 },
        { first: 5, timestamp: 6000, duration: 0, discontinuity: 3 },
        { first: 6, timestamp: 8000, duration: 2000 },
      ],
    });
  });

  it('says when the presentation has ended', async () => {
    const timeline = liveTimeline();
    timeline.end();
    expect(await bootstrapOf(timeline)).toMatchObject({
      version: 4,
      live: false,
      segmentRuns: [{ firstSegment: 1, fragmentsPerSegment: 3 }],
      fragmentRuns: [
        { first: 1, timestamp: 0, duration: 2000 },
        { first: 4, timestamp: 6000, duration: 0, discontinuity: 0 },
      ],
    });
  });

  it('counts over 2^32 ms', async () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(2 ** 32 - 1000, [v0]);
    addSegments(timeline, 2, 2 ** 32 - 1000, [v0]);
    expect(listedFragments(await bootstrapOf(timeline)).map(({ startMs }) => startMs)).toEqual([
      2 ** 32 - 1000,
      2 ** 32 + 1000,
    ]);
  });
});
