import { afterEach, describe, expect, it } from 'vitest';
import { RtspScene, streamName, type Visit } from './encoders.fixture.ts';
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
