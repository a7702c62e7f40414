import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { parse as parsePlaylist, type types } from 'hls-parser';
import { createFile, MP4BoxBuffer } from 'mp4box';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAvcConfiguration } from '../media/codecs/h264.ts';
import { readInit } from '../media/mp4/initSegment.ts';
import { timelineTag } from '../packaging/cmaf/mediaPath.ts';
import { listedFragments, mdatOf, readBootstrap, readTags } from '../packaging/hds/readHds.fixture.ts';
import { readSmoothFragment, readSmoothManifest, type ReadManifest } from '../packaging/mss/readSmooth.fixture.ts';
import { ask } from './ask.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';
import { captionAt, storeBroadcast, type StoredBroadcast } from './storedBroadcast.fixture.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

interface M3u8Segment {
  readonly duration: number;
  readonly timeline: number;
  readonly programDateTime: number;
  readonly uri: string;
  readonly map: { readonly uri: string };
}

interface MpdSegment {
  readonly uri: string;
  readonly duration: number;
  readonly presentationTime: number;
  readonly timeline: number;
  readonly map: { readonly resolvedUri: string };
}

interface MpdPlaylist {
  readonly attributes: { readonly NAME: string; readonly RESOLUTION?: { width: number; height: number } };
  readonly segments: readonly MpdSegment[];
  readonly endList: boolean;
}

interface MpdRendition {
  readonly playlists: readonly MpdPlaylist[];
}

// Neither package has types.
const { Parser: M3u8Parser } = require('m3u8-parser') as {
  Parser: new () => {
    push(text: string): void;
    end(): void;
    readonly manifest: { readonly segments: readonly M3u8Segment[]; readonly endList?: boolean };
  };
};
const mpdParser = require('mpd-parser') as {
  parse(
    mpd: string,
    options: { manifestUri: string },
  ): {
    readonly playlists: readonly MpdPlaylist[];
    readonly mediaGroups: Record<'AUDIO' | 'SUBTITLES', Record<string, Record<string, MpdRendition>>>;
    readonly minimumUpdatePeriod?: number;
  };
};

/** One segment of one track, as a format shows it. */
interface Shown {
  /** From the timeline's beginning, in ms; the wall clock counts from there. */
  readonly startMs: number;
  readonly durationMs: number;
  /** Rises with each discontinuity. */
  readonly run: number;
}

interface Sample {
  /** Rounded to ms, as HDS has it. */
  readonly atMs: number;
  readonly sha: string;
}

const epochMs = Date.UTC(2026, 10, 22, 12);
const rounded = (shown: readonly Shown[]) =>
  shown.map(({ startMs, durationMs, run }) => [Math.round(startMs), Math.round(durationMs), run]);
const sha = (bytes: Uint8Array) => hash('sha1', bytes);

/** What mp4box finds in an init segment and the media behind it. */
function readCmaf(init: Buffer, media: Buffer) {
  const file = createFile(true);
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(new Uint8Array(Buffer.concat([init, media])).buffer, 0));
  file.flush();
  const [track] = file.getInfo().tracks;
  const samples = file.getTrackSamplesInfo(track!.id).map(({ offset, size, cts, timescale }) => ({
    atMs: Math.round((cts / timescale) * 1000),
    sha: sha(Buffer.concat([init, media]).subarray(offset, offset + size)),
  }));
  return { track: track!, samples };
}

describe('a broadcast without DVR that changes its size, is interrupted and ends', () => {
  let broadcast: StoredBroadcast;
  let server: DeliveryServer;

  beforeAll(async () => {
    broadcast = await storeBroadcast(epochMs);
    server = await startDelivery([broadcast.timeline], { now: () => epochMs + 26_000 });
  });
  afterAll(async () => {
    await server.close();
    await broadcast.close();
  });

  const get = async (path: string) => {
    const { status, body } = await ask(server.url(path));
    expect([path, status]).toEqual([path, 200]);
    return body;
  };
  const tag = () => timelineTag(broadcast.timeline);
  const firstPeriod = () => broadcast.timeline.segments[0]!.period;

  /** What the store has of a track. */
  function stored(trackId: string): Shown[] {
    const { segments, periods } = broadcast.timeline;
    return segments.map(({ period, tracks }) => {
      const { timescale } = periods.find(({ index }) => index === period)!.tracks.find(({ id }) => id === trackId)!;
      const { startTicks, durationTicks } = tracks[trackId]!;
      return {
        startMs: (startTicks / timescale) * 1000,
        durationMs: (durationTicks / timescale) * 1000,
        run: period - firstPeriod(),
      };
    });
  }

  function storedSamples(trackId: string): Sample[][] {
    return broadcast.timeline.segments.map(({ sequence, period }) => {
      const { init } = broadcast.periods[period - firstPeriod()]!.find(({ id }) => id === trackId)!;
      return readCmaf(init, broadcast.media(sequence, trackId)).samples;
    });
  }

  async function readM3u8(path: string) {
    const parser = new M3u8Parser();
    parser.push((await get(path)).toString());
    parser.end();
    return parser.manifest;
  }

  async function readMpd() {
    const options = { manifestUri: server.url('dash/manifest.mpd') };
    const { playlists, mediaGroups, ...rest } = mpdParser.parse((await get('dash/manifest.mpd')).toString(), options);
    const others = [mediaGroups.AUDIO, mediaGroups.SUBTITLES].flatMap((groups) =>
      Object.values(groups).flatMap((group) => Object.values(group).flatMap((rendition) => rendition.playlists)),
    );
    return { ...rest, playlists: [...playlists, ...others] };
  }

  async function readSmooth(): Promise<ReadManifest> {
    return readSmoothManifest((await get('mss/Manifest')).toString());
  }

  const formats: Record<string, (trackId: string) => Promise<readonly Shown[]>> = {
    'HLS, by m3u8-parser': async (trackId) =>
      (await readM3u8(`hls/${trackId}.m3u8`)).segments.map(({ duration, timeline, programDateTime }) => ({
        startMs: programDateTime - epochMs,
        durationMs: duration * 1000,
        run: timeline,
      })),
    'HLS, by hls-parser': async (trackId) => {
      const playlist = parsePlaylist((await get(`hls/${trackId}.m3u8`)).toString()) as types.MediaPlaylist;
      let atMs = 0;
      let run = 0;
      return playlist.segments.map(({ programDateTime, duration, discontinuity }) => {
        if (programDateTime) atMs = programDateTime.getTime() - epochMs;
        if (discontinuity) run++;
        atMs += duration * 1000;
        return { startMs: atMs - duration * 1000, durationMs: duration * 1000, run };
      });
    },
    'DASH, by mpd-parser': async (trackId) => {
      const { playlists } = await readMpd();
      const segments = playlists.find(({ attributes }) => attributes.NAME === trackId)!.segments;
      const starts = [...new Set(segments.map(({ timeline }) => timeline))];
      // A static MPD counts from its first segment.
      const { ended, segments: all } = broadcast.timeline;
      const originMs = ended ? all[0]!.startMs : 0;
      return segments.map(({ presentationTime, duration, timeline }) => ({
        startMs: originMs + presentationTime * 1000,
        durationMs: duration * 1000,
        run: starts.indexOf(timeline),
      }));
    },
    HDS: async () => {
      const bootstrap = readBootstrap(await get(`hds/${tag()}/bootstrap.abst`));
      const marks = bootstrap.fragmentRuns.filter((run) => 'discontinuity' in run && run.discontinuity === 3);
      return listedFragments(bootstrap).map(({ number, startMs, durationMs }) => {
        return { startMs, durationMs, run: marks.filter(({ first }) => first < number).length };
      });
    },
  };

  describe.each(['live', 'ended'])('%s', (state) => {
    beforeAll(async () => {
      if (state === 'ended') await broadcast.end();
    });

    it.each(Object.keys(formats))('has the same boundaries, wall clock and discontinuities in %s', async (format) => {
      expect(rounded(await formats[format]!('v0'))).toEqual(rounded(stored('v0')));
      // HDS has sound and picture in one fragment, and no text.
      if (format === 'HDS') return;
      expect(rounded(await formats[format]!('a0'))).toEqual(rounded(stored('a0')));
      expect(rounded(await formats[format]!('t1'))).toEqual(rounded(stored('t1')));
    });

    it('has the same chunks in Smooth Streaming, where a gap belongs to the chunk before it', async () => {
      const { streams } = await readSmooth();
      for (const [index, trackId] of ['v0', 'a0'].entries()) {
        const all = stored(trackId).map(({ startMs, durationMs }, at, { [at + 1]: next }) => [
          Math.round(startMs),
          Math.round(next ? next.startMs - startMs : durationMs),
        ]);
        const expected = state === 'live' ? all.slice(0, -1) : all;
        expect(streams[index]!.chunks.map(({ t, d }) => [Math.round(t / 1e4), Math.round(d / 1e4)])).toEqual(expected);
      }
      expect(stored('v0')[4]).toMatchObject({ startMs: 9000, durationMs: 2000 });
      expect(streams[0]!.chunks[4]).toEqual({ t: 9e7, d: 12e7 });
    });

    it('offers the same renditions', async () => {
      const sizes = ['640x360', '320x180'];
      const master = parsePlaylist((await get('hls/master.m3u8')).toString()) as types.MasterPlaylist;
      const variants = master.variants.filter(({ isIFrameOnly }) => !isIFrameOnly);
      expect(variants.map(({ resolution }) => `${resolution!.width}x${resolution!.height}`)).toEqual(sizes);
      const last = broadcast.timeline.periods.at(-1)!.index;
      const period = (await get('dash/manifest.mpd')).toString().split(`<Period id="${last}"`)[1]!;
      expect([...period.matchAll(/width="(\d+)" height="(\d+)"/g)].map(([, w, h]) => `${w}x${h}`)).toEqual(sizes);
      const f4m = (await get('hds/manifest.f4m')).toString();
      expect([...f4m.matchAll(/width="(\d+)" height="(\d+)"/g)].map(([, w, h]) => `${w}x${h}`)).toEqual(sizes);
      const { streams } = await readSmooth();
      expect(streams[0]!.levels.map((level) => `${level['MaxWidth']}x${level['MaxHeight']}`)).toEqual(sizes);
      expect(streams[1]!.levels).toHaveLength(1);
      expect(master.variants[0]!.subtitles.map(({ uri, language, name }) => [uri, language, name])).toEqual([
        ['t1.m3u8', 'en', 'English'],
      ]);
      expect(period).toMatch(/<AdaptationSet contentType="text"[^>]* lang="en"[^>]*><Label>English<\/Label>/);
      expect([f4m.includes('t1'), streams.length]).toEqual([false, 2]);
    });

    it('says in every format whether more is to come', async () => {
      const ended = state === 'ended';
      const { endList = false } = await readM3u8('hls/v0.m3u8');
      const { minimumUpdatePeriod } = await readMpd();
      const bootstrap = readBootstrap(await get(`hds/${tag()}/bootstrap.abst`));
      const end = bootstrap.fragmentRuns.at(-1)!;
      const { attributes } = await readSmooth();
      expect({
        hls: endList,
        dash: minimumUpdatePeriod === undefined,
        f4m: (await get('hds/manifest.f4m')).includes('<streamType>recorded'),
        abst: !bootstrap.live,
        afrt: 'discontinuity' in end && end.discontinuity === 0,
        mss: attributes['IsLive'] !== 'TRUE' && Number(attributes['Duration']) > 0,
      }).toEqual({ hls: ended, dash: ended, f4m: ended, abst: ended, afrt: ended, mss: ended });
    });
  });

  it.each(['hls/master.m3u8', 'dash/manifest.mpd'])('is read in part by ffmpeg from %s', async (path) => {
    const url = server.url(`${path}?start=${epochMs + 3000}&end=${epochMs + 7000}`);
    const args = ['-v', 'error', '-count_frames', '-select_streams', 'v:0', '-of', 'json'];
    const { stdout, stderr } = await run('ffprobe', [
      ...args,
      '-show_entries',
      'stream=nb_read_frames:format=duration',
      url,
    ]);
    expect(stderr).toBe('');
    const { streams, format } = JSON.parse(stdout) as {
      streams: { nb_read_frames: string }[];
      format: { duration: string };
    };
    expect(streams[0]!.nb_read_frames).toBe(String(4 * 30));
    expect(Number(format.duration)).toBeCloseTo(4, 1);
  });

  describe('has every stored sample, at its time,', () => {
    it.each(['v0', 'v1', 'a0'])(
      'of %s in what HLS and DASH name, each with the init segment named',
      async (trackId) => {
        const { segments } = await readM3u8(`hls/${trackId}.m3u8`);
        const folder = (path: string) => path.slice(server.url('').length);
        const { playlists } = await readMpd();
        const dash = playlists.find(({ attributes }) => attributes.NAME === trackId)!.segments;
        const present = broadcast.timeline.segments.filter(({ tracks }) => tracks[trackId]);
        for (const [index, { sequence, period }] of present.entries()) {
          const listed = segments[broadcast.timeline.segments.findIndex((segment) => segment.sequence === sequence)]!;
          const [hlsInit, hlsMedia] = [await get(`hls/${listed.map.uri}`), await get(`hls/${listed.uri}`)];
          const own = broadcast.periods[period - firstPeriod()]!.find(({ id }) => id === trackId)!;
          const { track, samples } = readCmaf(hlsInit, hlsMedia);
          expect(samples).toEqual(readCmaf(own.init, broadcast.media(sequence, trackId)).samples);
          expect([track.codec, track.timescale]).toEqual([own.codec, own.timescale]);
          if (own.kind === 'video') expect([track.video?.width, track.video?.height]).toEqual([own.width, own.height]);
          const [dashInit, dashMedia] = [
            await get(folder(dash[index]!.map.resolvedUri)),
            await get(`dash/${dash[index]!.uri}`),
          ];
          expect([dashInit.equals(hlsInit), dashMedia.equals(hlsMedia)]).toEqual([true, true]);
        }
      },
    );

    it('of t1 in what DASH names, and as WebVTT in what HLS names', async () => {
      const { segments } = await readM3u8('hls/t1.m3u8');
      const { playlists } = await readMpd();
      const dash = playlists.find(({ attributes }) => attributes.NAME === 't1')!.segments;
      expect(segments.length).toBe(broadcast.timeline.segments.length);
      for (const [index, { sequence, startMs }] of broadcast.timeline.segments.entries()) {
        const init = await get(dash[index]!.map.resolvedUri.slice(server.url('').length));
        const media = await get(`dash/${dash[index]!.uri}`);
        expect(media.equals(broadcast.media(sequence, 't1'))).toBe(true);
        const { track, samples } = readCmaf(init, media);
        expect([track.codec, track.timescale, samples.map(({ atMs }) => atMs - startMs)]).toEqual([
          'wvtt',
          1000,
          [0, 500, 1500],
        ]);
        const text = (await get(`hls/${segments[index]!.uri}`)).toString();
        expect(text).toMatch(/^WEBVTT\n/);
        expect(text).toContain(`\n${captionAt(startMs)}\n`);
      }
    });

    it('in the fragments of HDS', async () => {
      const fragments = listedFragments(readBootstrap(await get(`hds/${tag()}/bootstrap.abst`)));
      const [video, audio] = [storedSamples('v0'), storedSamples('a0')];
      for (const [index, { number }] of fragments.entries()) {
        const tags = readTags(mdatOf(await get(`hds/${tag()}/v0Seg1-Frag${number}`))).filter((each) => each.packetType);
        const of = (type: number) =>
          tags
            .filter((each) => each.type === type)
            .map(({ timestamp, composition, payload }) => ({ atMs: timestamp + composition, sha: sha(payload) }));
        expect(of(9)).toEqual(video[index]);
        expect(of(8)).toEqual(audio[index]);
      }
    });

    it('in the fragments of Smooth Streaming, with the parameter sets of their period', async () => {
      const { streams } = await readSmooth();
      for (const [index, trackId] of ['v0', 'a0'].entries()) {
        const own = storedSamples(trackId);
        const { paths } = streams[index]!;
        for (const [at, { period }] of broadcast.timeline.segments.entries()) {
          const { time, samples } = readSmoothFragment(await get(`mss/${paths[at]}`));
          let decode = time.start;
          const read = samples.map(({ data, duration, composition }, place) => {
            const init = readInit(broadcast.periods[period - firstPeriod()]!.find(({ id }) => id === trackId)!.init);
            const sets = place === 0 && init.kind === 'video' ? parameterSets(init.avcC) : Buffer.alloc(0);
            expect(data.subarray(0, sets.length).equals(sets)).toBe(true);
            decode += duration;
            return {
              atMs: Math.round((decode - duration + composition) / 1e4),
              sha: sha(data.subarray(sets.length)),
            };
          });
          expect(read.map((sample) => sample.sha)).toEqual(own[at]!.map((sample) => sample.sha));
          read.forEach(({ atMs }, place) => expect(Math.abs(atMs - own[at]![place]!.atMs)).toBeLessThanOrEqual(1));
        }
      }
    });
  });
});

/** As they stand in a sample, each behind its length. */
function parameterSets(avcC: Uint8Array): Buffer {
  const { sps, pps } = parseAvcConfiguration(avcC);
  return Buffer.concat(
    [...sps, ...pps].map((set) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(set.length);
      return Buffer.concat([length, set]);
    }),
  );
}
