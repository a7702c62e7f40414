import { afterEach, describe, expect, it } from 'vitest';
import { RtspScene, streamName, testPicture, testTone, token, type Visit } from './rtspScene.fixture.ts';
import type { RtspLimits } from './limits.ts';

const scenes: RtspScene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function open(limits: Partial<RtspLimits> = {}): Promise<RtspScene> {
  const scene = await RtspScene.open(limits);
  scenes.push(scene);
  return scene;
}

interface Frames {
  /** ms */
  readonly decoded: number[];
  readonly shown: number[];
}

/** The lines of framecrc: stream, dts, pts, duration, size, sum. */
function framesOf(output: string, stream: number): Frames {
  const rows = output
    .split('\n')
    .filter((line) => line.startsWith(`${stream},`))
    .map((line) => line.split(',').map(Number));
  return { decoded: rows.map((row) => row[1] ?? NaN), shown: rows.map((row) => row[2] ?? NaN) };
}

function complaints(output: string): string {
  return output
    .split('\n')
    .filter((line) => line !== '' && !/^#|^\d,/.test(line))
    .join('\n');
}

const asDecoded = ['-enc_time_base', '1:1000', '-fps_mode', 'passthrough', '-f', 'framecrc', '-'];
const asStored = ['-c', 'copy', '-f', 'framecrc', '-'];

async function visitOf(scene: RtspScene, start: () => unknown): Promise<Visit> {
  const visiting = scene.nextVisit();
  start();
  return await visiting;
}

describe('RTSP server', () => {
  for (const transport of ['tcp', 'udp'] as const) {
    it(`takes a broadcast of ffmpeg over ${transport}, every frame in its place`, async () => {
      const scene = await open();
      const visiting = scene.nextVisit();
      const encoder = scene.publish(scene.url(), { transport });
      const visit = await visiting;
      expect(visit.request).toMatchObject({ protocol: 'rtsp', remoteAddress: '127.0.0.1', streamName, backup: false });
      const source = await visit.started.promise;
      expect(source.tracks).toEqual({
        video: { codec: 'h264', width: 320, height: 180, frameRate: 25 },
        audio: { codec: 'aac', sampleRate: 44_100, channels: 1 },
      });
      const { code, output } = await scene.read(source, ...asDecoded);
      expect({ code, complaints: complaints(output) }).toEqual({ code: 0, complaints: '' });
      const { shown } = framesOf(output, 0);
      expect(shown).toHaveLength(75);
      expect(shown.slice(1).map((ms, index) => ms - (shown[index] ?? 0))).toEqual(Array.from({ length: 74 }, () => 40));
      expect(framesOf(output, 1).shown.length).toBeGreaterThan(120);
      expect(source.stats()).toMatchObject({ videoFrames: 75, droppedFrames: 0, keyFrameIntervalMs: 1000 });
      expect(await encoder.finished).toEqual({ code: 0, output: '' });
      expect(await visit.ended.promise).toBe('the encoder stopped');
      expect(visit.ends).toBe(1);
    });
  }

  it.each([0, 1, 2, 3, 8])('decodes %d B frames in a row at times that never go back', async (bFrames) => {
    const scene = await open();
    const output = ['-bf', `${bFrames}`, '-b_strategy', '0', '-x264-params', 'b-pyramid=normal'];
    const visit = await visitOf(scene, () => scene.publish(scene.url(), { seconds: 2, output }));
    const read = await scene.read(await visit.started.promise, ...asStored);
    expect({ code: read.code, complaints: complaints(read.output) }).toEqual({ code: 0, complaints: '' });
    const { decoded, shown } = framesOf(read.output, 0);
    expect(decoded).toHaveLength(50);
    for (const [index, ms] of decoded.entries()) {
      expect(ms).toBeGreaterThan(decoded[index - 1] ?? -1);
      expect(shown[index]).toBeGreaterThanOrEqual(ms);
    }
    const first = Math.min(...shown);
    expect(shown.toSorted((a, b) => a - b)).toEqual(decoded.map((_, index) => first + index * 40));
  });
});

describe('RTSP server and its encoders', () => {
  for (const protocol of ['tcp', 'udp'] as const) {
    // GStreamer's live pipeline now and then loses frames, or never starts, on a machine that is very busy.
    it(`takes a broadcast of GStreamer over ${protocol}, sound in LATM`, { retry: 2, timeout: 25_000 }, async () => {
      const scene = await open();
      const visiting = scene.nextVisit();
      const encoder = scene.publishWithGStreamer(protocol);
      const visit = await visiting;
      const source = await visit.started.promise;
      expect(source.tracks).toMatchObject({
        video: { codec: 'h264', width: 320, height: 240 },
        audio: { codec: 'aac', sampleRate: 44_100, channels: 1 },
      });
      const { code, output } = await scene.read(source, ...asDecoded);
      expect({ code, complaints: complaints(output) }).toEqual({ code: 0, complaints: '' });
      expect(framesOf(output, 0).shown.length).toBeGreaterThanOrEqual(98);
      expect(framesOf(output, 1).shown.length).toBeGreaterThan(150);
      expect((await encoder.finished).code).toBe(0);
      await visit.ended.promise;
    });
  }

  for (const transport of ['tcp', 'udp'] as const) {
    it(`keeps flash and beep together over ${transport}`, async () => {
      const scene = await open();
      const flash = `color=black:s=320x180:r=25,drawbox=color=white:t=fill:enable='lt(mod(t,1),0.2)'`;
      const beep = `aevalsrc='0.5*sin(2*PI*1000*t)*lt(mod(t,1),0.2)':s=44100`;
      const input = ['-re', '-f', 'lavfi', '-i', flash, '-re', '-f', 'lavfi', '-i', beep];
      const visit = await visitOf(scene, () => scene.publish(scene.url(), { seconds: 4, transport, input }));
      const sound =
        'asetnsamples=441,astats=metadata=1:reset=1,ametadata=print:key=lavfi.astats.Overall.RMS_level:file=-';
      const picture = 'signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-';
      const source = await visit.started.promise;
      const { output } = await scene.read(source, '-af', sound, '-vf', picture, '-f', 'null', '-');
      const onsets = (key: string, isOn: (value: number) => boolean) => risesOf(output, key, isOn);
      const flashes = onsets('signalstats.YAVG', (value) => value > 120);
      const beeps = onsets('astats.Overall.RMS_level', (value) => value > -30);
      expect(flashes.length).toBeGreaterThanOrEqual(3);
      for (const second of flashes.slice(0, 3)) {
        const nearest = Math.min(...beeps.map((beepSecond) => Math.abs(beepSecond - second)));
        expect(nearest).toBeLessThan(0.06);
      }
    });
  }

  it('takes a token in the URL, and the backup’s', async () => {
    const scene = await open();
    const url = `rtsp://127.0.0.1:${scene.server.port}/live/${streamName}?i=1&token=${token}`;
    const visit = await visitOf(scene, () => scene.publish(url, { seconds: 1 }));
    expect(visit.request).toMatchObject({ streamName, token, backup: true });
    await visit.started.promise;
  });

  it('takes pictures alone and sound alone', async () => {
    const scene = await open();
    for (const [kind, input] of [['video', testPicture], ['audio', testTone]] as const /* prettier-ignore */) {
      const visit = await visitOf(scene, () => scene.publish(scene.url(), { seconds: 1, input }));
      const source = await visit.started.promise;
      expect(Object.keys(source.tracks)).toEqual([kind]);
      expect(await scene.read(source, '-f', 'null', '-')).toEqual({ code: 0, output: '' });
      await visit.ended.promise;
    }
  });

  it('prints our sentence in ffmpeg when the password or the token is wrong', async () => {
    const scene = await open();
    const wrongPassword = await scene.publish(scene.url(undefined, 'wrong')).finished;
    expect(wrongPassword.output).toContain('401 The user name or the password is not right');
    const nobody = `rtsp://127.0.0.1:${scene.server.port}/live/${streamName}`;
    expect((await scene.publish(nobody).finished).output).toContain('401 Publish with the user name and password');
    const wrongToken = await scene.publish(`${nobody}?token=wrong`).finished;
    expect(wrongToken.output).toContain('403 The stream key is not right');
    expect(scene.visits).toEqual([]);
  });

  it('prints our sentence in ffmpeg for codecs it cannot take, and to players', async () => {
    const scene = await open();
    const h265 = scene.publish(scene.url(), { output: ['-c:v', 'libx265', '-x265-params', 'log-level=none'] });
    expect((await h265.finished).output).toContain('H.265 video is not supported; send H.264 and AAC.');
    const opus = scene.publish(scene.url(), { output: ['-c:a', 'libopus', '-ar', '48000'] });
    expect((await opus.finished).output).toContain('Opus audio is not supported; send H.264 and AAC.');
    const player = scene.run('ffmpeg', ['-v', 'error', '-i', scene.url(), '-f', 'null', '-']);
    expect((await player.finished).output).toContain('watch over HLS or DASH.');
    expect(scene.visits.map(({ refusal, ends }) => [refusal, ends])).toEqual([
      ['H.265 video is not supported; send H.264 and AAC.', 1],
      ['Opus audio is not supported; send H.264 and AAC.', 1],
    ]);
  });

  it.each(['tcp', 'udp'] as const)('ends the publication when an encoder over %s is killed', async (transport) => {
    const scene = await open();
    const visiting = scene.nextVisit();
    const encoder = scene.publish(scene.url(), { seconds: 30, transport });
    const visit = await visiting;
    await visit.started.promise;
    encoder.process.kill('SIGKILL');
    await visit.ended.promise;
    expect(visit.ends).toBe(1);
  });

  it('ends an encoder that is thrown out, and everybody when it closes', async () => {
    const scene = await open();
    const visiting = scene.nextVisit();
    const encoder = scene.publish(scene.url(), { seconds: 30 });
    const visit = await visiting;
    await (await visit.started.promise).close('The broadcast was ended by its owner.');
    expect(await visit.ended.promise).toBe('The broadcast was ended by its owner.');
    expect((await encoder.finished).code).not.toBe(0);
    const other = await visitOf(scene, () => scene.publish(scene.url(), { seconds: 30, transport: 'udp' }));
    await Promise.all([scene.server.close(), scene.server.close()]);
    expect(await other.ended.promise).toBe('The server is shutting down.');
  });

  it('makes a second reading begin with a key frame while the broadcast goes on', async () => {
    const scene = await open();
    const visit = await visitOf(scene, () => scene.publish(scene.url(), { seconds: 4 }));
    const source = await visit.started.promise;
    const crashed = await source.open();
    crashed.start();
    crashed.stdin?.resume();
    while (source.stats().videoFrames < 40) await new Promise((resolve) => crashed.stdin?.once('data', resolve));
    await crashed.close();
    const { code, output } = await scene.read(source, ...asDecoded);
    expect({ code, complaints: complaints(output) }).toEqual({ code: 0, complaints: '' });
    expect(framesOf(output, 0).shown.length).toBeGreaterThanOrEqual(50);
  });
});

/** Seconds at which the printed value begins to be `isOn`. */
function risesOf(output: string, key: string, isOn: (value: number) => boolean): number[] {
  const rises: number[] = [];
  let time = 0;
  let on = false;
  for (const line of output.split('\n')) {
    time = Number(/pts_time:([\d.]+)/.exec(line)?.[1] ?? time);
    if (!line.startsWith(`lavfi.${key}=`)) continue;
    const now = isOn(Number(line.split('=')[1]));
    if (now && !on) rises.push(time);
    on = now;
  }
  return rises;
}
