import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { refuse } from '../../errors.ts';
import { listen } from '../../http.ts';
import { encodePublish } from './encoder.fixture.ts';
import { startRtmpServer } from './server.ts';
import {
  alsoClose, certificate, closeOpened, decode, expiredKey, guessedKey, key, name, publish, publishWithGStreamer, removeCertificate, run, start,
} from './server.fixture.ts'; // prettier-ignore

afterEach(closeOpened);
afterAll(removeCertificate);

describe('RTMP server', () => {
  it('takes a broadcast of ffmpeg and gives it to another ffmpeg, every frame, from 0 ms on', async () => {
    const { url, nextVisit } = await start();
    const visiting = nextVisit();
    const encoder = publish(url());
    const visit = await visiting;
    expect(visit.request).toMatchObject({
      protocol: 'rtmp',
      remoteAddress: '127.0.0.1',
      streamName: name,
      backup: false,
    });
    const source = await visit.started.promise;
    expect(source.tracks).toEqual({
      video: { codec: 'h264', width: 320, height: 180, frameRate: 25 },
      audio: { codec: 'aac', sampleRate: 44_100, channels: 1 },
    });
    const decoded = await decode(source);
    expect(decoded).toMatchObject({ code: 0, errors: '' });
    expect(decoded.video).toHaveLength(75);
    expect(decoded.audio.length).toBeGreaterThan(120);
    expect(decoded.video[0]).toBeLessThanOrEqual(80); // reordering delay
    expect(source.stats()).toMatchObject({ videoFrames: 75, droppedFrames: 0, keyFrameIntervalMs: 1000 });
    expect(await encoder.finished).toEqual({ code: 0, output: '' });
    expect(await visit.ended.promise).toBe('the encoder stopped');
    expect(visit.ends).toBe(1);
  });

  for (const [
    how,
    wrapSeconds,
  ] of [['2^24', 2 ** 24 / 1000], ['2^31', 2 ** 31 / 1000]] as const /* prettier-ignore */) {
    it(`takes a broadcast whose timestamps pass ${how} ms`, async () => {
      const { url, nextVisit } = await start();
      const visiting = nextVisit();
      const encoder = publish(url(), { seconds: 2, output: ['-output_ts_offset', `${wrapSeconds - 1}`] });
      const source = await (await visiting).started.promise;
      const decoded = await decode(source);
      expect(decoded).toMatchObject({ code: 0, errors: '' });
      expect(decoded.video).toHaveLength(50);
      expect(decoded.video.at(-1)).toBeLessThan(2200);
      expect((await encoder.finished).code).toBe(0);
    });
  }

  for (const sink of ['rtmp2sink', 'rtmpsink']) {
    it(`takes a broadcast of GStreamer’s ${sink}`, async () => {
      const { url, nextVisit } = await start();
      const visiting = nextVisit();
      const encoder = publishWithGStreamer(sink, url());
      const visit = await visiting;
      const source = await visit.started.promise;
      const decoded = await decode(source);
      expect(decoded).toMatchObject({ code: 0, errors: '' });
      expect(decoded.video.length).toBeGreaterThan(70);
      expect((await encoder.finished).code).toBe(0);
      await visit.ended.promise;
    });
  }

  it('takes pictures alone and sound alone', async () => {
    const { url, nextVisit } = await start();
    for (const [kind, other] of [['video', 'audio'], ['audio', 'video']] as const /* prettier-ignore */) {
      const visiting = nextVisit();
      const encoder = publish(url(), { seconds: 1, [other]: false });
      const visit = await visiting;
      const source = await visit.started.promise;
      expect(Object.keys(source.tracks)).toEqual([kind]);
      expect(await decode(source)).toMatchObject({ code: 0, errors: '' });
      await encoder.finished;
    }
  });

  it('makes a second reading begin with a key frame while the broadcast goes on', async () => {
    const { url, nextVisit } = await start();
    const visiting = nextVisit();
    publish(url(), { seconds: 4 });
    const source = await (await visiting).started.promise;
    const crashed = await source.open();
    crashed.start();
    crashed.stdin?.resume();
    while (source.stats().videoFrames < 40) await new Promise((resolve) => crashed.stdin?.once('data', resolve));
    await crashed.close();
    const decoded = await decode(source);
    expect(decoded).toMatchObject({ code: 0, errors: '' });
    expect(decoded.video.length).toBeGreaterThanOrEqual(50);
  });

  it('prints our sentence in ffmpeg when the key is wrong', async () => {
    const { url, visits } = await start();
    const { code, output } = await publish(url('wrong')).finished;
    expect(code).not.toBe(0);
    expect(output).toContain('Server error: The stream key is not right; copy it again from the entry’s page.');
    expect(visits).toEqual([]);
  });

  it('prints our sentence in ffmpeg when the key has expired, as a token or as a password', async () => {
    const { server, url, visits } = await start();
    const login = `rtmp://pub:${expiredKey}@127.0.0.1:${server.port}/live?auth=adobe/${name}`;
    for (const address of [url(expiredKey), login]) {
      const { code, output } = await publish(address).finished;
      expect(code).not.toBe(0);
      expect(output).toContain('This stream key has expired; make a new one on the entry’s page.');
    }
    expect(visits).toEqual([]);
  });

  it('prints our sentence in ffmpeg for a codec it cannot take, and when it is thrown out', async () => {
    const { url, nextVisit } = await start();
    const speex = publish(url(), { video: false, output: ['-c:a', 'libspeex', '-ar', '16000', '-ac', '1'] });
    expect((await speex.finished).output).toContain('Speex audio is not supported; send H.264 and AAC or MP3.');

    const visiting = nextVisit();
    const encoder = publish(url(), { seconds: 30 });
    const visit = await visiting;
    await (await visit.started.promise).close('The broadcast was ended by its owner.');
    expect((await encoder.finished).output).toContain('The broadcast was ended by its owner.');
    expect(await visit.ended.promise).toBe('The broadcast was ended by its owner.');
  });

  it('refuses players', async () => {
    const { url } = await start();
    const { code, output } = await run('ffmpeg', ['-v', 'error', '-i', url(), '-f', 'null', '-']).finished;
    expect(code).not.toBe(0);
    expect(output).toContain('This server takes streams in over RTMP; watch over HLS or DASH.');
  });

  it('ends the publication when the encoder is killed', async () => {
    const { url, nextVisit } = await start();
    const visiting = nextVisit();
    const encoder = publish(url(), { seconds: 30 });
    const visit = await visiting;
    await visit.started.promise;
    encoder.process.kill('SIGKILL');
    await visit.ended.promise;
    expect(visit.ends).toBe(1);
  });

  it('does not let one peer’s nonsense disturb another’s broadcast', async () => {
    const { server, url, nextVisit } = await start();
    const visiting = nextVisit();
    const encoder = publish(url());
    const source = await (await visiting).started.promise;
    const decoding = decode(source);
    const nonsense = [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.alloc(100_000, 0xff),
      Buffer.concat([Buffer.of(3), Buffer.alloc(3072), Buffer.alloc(50_000, 0xaa)]),
      Buffer.concat([encodePublish('live', `x?token=${key}`), Buffer.alloc(100_000, 0x55)]),
    ];
    const sockets = nonsense.map((bytes) => {
      const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
      socket.on('error', () => undefined);
      socket.resume();
      return once(socket, 'close');
    });
    await Promise.all(sockets);
    expect(await decoding).toMatchObject({ code: 0, errors: '' });
    expect(await encoder.finished).toEqual({ code: 0, output: '' });
    expect(source.stats().videoFrames).toBe(75);
  });

  it('keeps taking the broadcast while nobody reads it, and counts what is lost', async () => {
    const { url, nextVisit } = await start({ readingSeconds: 1 });
    const visiting = nextVisit();
    const encoder = publish(url(), { seconds: 5 });
    const source = await (await visiting).started.promise;
    const reading = await source.open();
    reading.start();
    expect(await encoder.finished).toEqual({ code: 0, output: '' });
    expect(source.stats().videoFrames).toBe(125);
    expect(source.stats().droppedFrames).toBeGreaterThan(25);
    await reading.close();
  });

  async function open(port: number, bytes?: Buffer): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    alsoClose(async () => socket.destroy());
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'connect');
    if (bytes) socket.write(bytes);
    return socket;
  }

  it.each(['connections', 'connectionsPerAddress'])(
    'limits %s, and takes new ones when others leave',
    async (limit) => {
      const { server } = await start({ [limit]: 2 });
      const [first] = [await open(server.port), await open(server.securePort)];
      const third = await open(server.port);
      await once(third, 'close');
      first.end(Buffer.from('bye'));
      await once(first, 'close');
      const fourth = await open(server.port, Buffer.concat([Buffer.of(3), Buffer.alloc(1536)]));
      const [answer] = (await once(fourth, 'data')) as [Buffer];
      expect(answer[0]).toBe(3);
    },
  );

  it.each(['connections', 'connectionsPerAddress'])(
    'lets the right key in where guesses that wait for their answer fill all %s',
    async (limit) => {
      const { server, nextGuess, nextVisit } = await start({ [limit]: 3 });
      const guesses: Socket[] = [];
      for (let count = 0; count < 3; count += 1) {
        const guessing = nextGuess();
        guesses.push(await open(server.port, encodePublish('live', `${name}?token=${guessedKey}`)));
        await guessing;
      }
      const [oldest, ...others] = guesses as [Socket, ...Socket[]];
      const visiting = nextVisit();
      const dropped = once(oldest, 'close');
      await open(server.port, encodePublish('live', `${name}?token=${key}`));
      expect((await visiting).request.token).toBe(key);
      await dropped;
      expect(others.map(({ closed: isClosed }) => isClosed)).toEqual([false, false]);
    },
  );

  it('says good-bye to everybody when it closes, and closes twice', async () => {
    const { server, url, nextVisit } = await start();
    const visiting = nextVisit();
    const encoder = publish(url(), { seconds: 30 });
    const visit = await visiting;
    await Promise.all([server.close(), server.close()]);
    expect((await encoder.finished).output).toContain('The server is shutting down.');
    expect(visit.ends).toBe(1);
  });

  it('names the setting when its port is taken', async () => {
    const other = createServer();
    const port = await listen(other, 0, 'none');
    alsoClose(() => new Promise((resolve) => other.close(resolve)));
    const starting = startRtmpServer({
      port,
      secure: { port: 0, certificate },
      gate: { publish: async () => refuse('internal'), authenticate: async () => refuse('internal') },
      log: pino({ enabled: false }),
    });
    await expect(starting).rejects.toThrow(`Port ${port} is in use; set RTMP_PORT to another one.`);
  });
});
