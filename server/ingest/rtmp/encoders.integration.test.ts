import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { closeOpened, decode, key, name, publish, removeCertificate, run, start } from './server.fixture.ts';

afterEach(closeOpened);
afterAll(removeCertificate);

describe('what encoders send', () => {
  it('takes MP3 at any of its rates, with pictures and alone', async () => {
    const { url, nextVisit } = await start();
    for (const [sampleRate, channels, video] of [
      [44_100, 2, true],
      [48_000, 1, true],
      [22_050, 2, false],
    ] as const) {
      const visiting = nextVisit();
      const output = ['-c:a', 'libmp3lame', '-ar', `${sampleRate}`, '-ac', `${channels}`];
      const encoder = publish(url(), { seconds: 2, video, output });
      const source = await (await visiting).started.promise;
      expect(source.tracks.audio).toEqual({ codec: 'mp3', sampleRate, channels });
      const decoded = await decode(source);
      expect(decoded).toMatchObject({ code: 0, errors: '' });
      const frames = (video ? decoded.audio : decoded.video).length;
      expect(frames).toBeGreaterThan((1.8 * sampleRate) / 1152);
      expect((await encoder.finished).output).toBe('');
    }
  });

  it('is understood wherever the key is, and with a literal %i', async () => {
    const { server, nextVisit } = await start();
    for (const [rest, streamName] of [
      [`live?token=${key}/${name}`, name],
      [`live/?token=${key}/${name}`, name],
      [`live/${name}?token=${key}`, name],
      [`live?i=1&token=${key}/0_abcdefgh_%i`, '0_abcdefgh_%i'],
      [`live/0_abcdefgh_%i?i=1&token=${key}`, '0_abcdefgh_%i'],
    ] as const) {
      const visiting = nextVisit();
      const encoder = publish(`rtmp://127.0.0.1:${server.port}/${rest}`, { seconds: 0.5 });
      const backup = rest.includes('i=1');
      expect((await visiting).request).toMatchObject({ streamName, token: key, backup });
      expect(await encoder.finished).toEqual({ code: 0, output: '' });
    }
  });

  it('may have key frames as far apart as it likes, a second or ten', async () => {
    const { url, nextVisit } = await start();
    const visiting = nextVisit();
    const encoder = publish(url(), { seconds: 11, output: ['-g', '250'] });
    const source = await (await visiting).started.promise;
    const decoded = await decode(source);
    expect(decoded).toMatchObject({ code: 0, errors: '' });
    expect(decoded.video).toHaveLength(275);
    expect(source.stats().keyFrameIntervalMs).toBe(10_000);
    await encoder.finished;
  });

  it.each([
    ['sound', 'video', 'asetpts=PTS+1/TB', 'setpts=PTS'],
    ['the picture', 'audio', 'asetpts=PTS', 'setpts=PTS+1/TB'],
  ])('may begin with %s late', async (_, first, audioFilter, videoFilter) => {
    const { url, nextVisit } = await start();
    const visiting = nextVisit();
    const encoder = publish(url(), { output: ['-af', audioFilter, '-vf', videoFilter] });
    const source = await (await visiting).started.promise;
    const decoded = await decode(source);
    expect(decoded).toMatchObject({ code: 0, errors: '' });
    const [video = 0, audio = 0] = [decoded.video[0], decoded.audio[0]];
    expect(Math.abs(video - audio)).toBeLessThan(1200);
    expect(first === 'video' ? decoded.video.length : decoded.audio.length).toBeGreaterThan(40);
    await encoder.finished;
  });

  it('may have frames at odd times, shown in another order than sent', async () => {
    const { url, nextVisit } = await start();
    const visiting = nextVisit();
    // Every third frame is missing, and the rest come with B frames.
    const input = ['-re', '-f', 'lavfi', '-i', "testsrc2=s=320x180:r=30,select='mod(n,3)'"];
    const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '3', '-g', '30', '-fps_mode', 'vfr', '-t', '3'];
    const encoder = run('ffmpeg', ['-v', 'error', ...input, ...codec, '-f', 'flv', url()]);
    const source = await (await visiting).started.promise;
    const decoded = await decode(source);
    expect(decoded).toMatchObject({ code: 0, errors: '' });
    const steps = decoded.video.slice(1).map((time, index) => time - (decoded.video[index] ?? 0));
    expect(decoded.video.length).toBeGreaterThanOrEqual(58);
    expect([...new Set(steps.map((step) => Math.round(step / 33)))].toSorted((a, b) => a - b)).toEqual([1, 2]);
    expect((await encoder.finished).output).toBe('');
  });
});
