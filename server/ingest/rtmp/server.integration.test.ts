import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { pino } from 'pino';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { refuse } from '../../errors.ts';
import { listen } from '../../http.ts';
import { Certificate } from '../../tls/certificate.ts';
import { selfSignedCertificate } from '../../tls/selfSignedCertificate.ts';
import type { Publication, PublishCredentials, PublishRequest } from '../publishGate.ts';
import type { Source, SourceReading } from '../source.ts';
import type { RtmpLimits } from './limits.ts';
import { type RtmpServer, startRtmpServer } from './server.ts';
import { encodePublish } from './encoder.fixture.ts';

const key = 't0k';
const name = '0_abcdefgh_1';
const username = '0_abcdefgh';
const password = 's3cret';

const knows = (credentials?: PublishCredentials): boolean =>
  credentials?.username === username && credentials.matches(password);

/** What one publisher did, as the gate saw it. */
class Visit implements Publication {
  readonly entryId = '0_abcdefgh';
  readonly request: PublishRequest;
  readonly started = Promise.withResolvers<Source>();
  readonly ended = Promise.withResolvers<string>();
  ends = 0;

  constructor(request: PublishRequest) {
    this.request = request;
  }

  start(source: Source): void {
    this.started.resolve(source);
  }

  end(reason: string): void {
    this.ends += 1;
    this.ended.resolve(reason);
  }
}

const log = pino({ enabled: false });
const directory = await mkdtemp(join(tmpdir(), 'tallylight-rtmps-'));
const certificate = await Certificate.open(
  selfSignedCertificate({ directory, names: ['localhost', '127.0.0.1'], now: () => Date.now() }),
  log,
);
afterAll(async () => {
  await certificate.close();
  await rm(directory, { recursive: true });
});

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

async function start(limits: Partial<RtmpLimits> = {}) {
  const visits: Visit[] = [];
  const server: RtmpServer = await startRtmpServer({
    port: 0,
    secure: { port: 0, certificate },
    limits,
    log,
    gate: {
      publish: async (request) => {
        if (request.token !== key && !knows(request.credentials)) return refuse('invalidStreamToken');
        const visit = new Visit(request);
        visits.push(visit);
        visited.shift()?.(visit);
        return visit;
      },
      authenticate: async ({ credentials }) => (knows(credentials) ? undefined : refuse('invalidStreamToken')),
    },
  });
  const visited: ((visit: Visit) => void)[] = [];
  opened.push(() => server.close());
  return {
    server,
    visits,
    nextVisit: () => new Promise<Visit>((resolve) => visited.push(resolve)),
    url: (token = key) => `rtmp://127.0.0.1:${server.port}/live/${name}?token=${token}`,
  };
}

interface Run {
  readonly process: ChildProcess;
  /** Exit code and everything said. */
  readonly finished: Promise<{ code: number | null; output: string }>;
}

function run(command: string, args: readonly string[]): Run {
  const process = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [process.stdout, process.stderr])
    stream.on('data', (bytes: Buffer) => (output += bytes.toString()));
  process.stdin.on('error', () => undefined);
  const finished = once(process, 'close').then(([code]) => ({ code: code as number | null, output }));
  opened.push(() => {
    process.kill('SIGKILL');
    return finished;
  });
  return { process, finished };
}

interface Broadcast {
  readonly seconds?: number;
  readonly output?: readonly string[];
  readonly audio?: boolean;
  readonly video?: boolean;
}

/** 320x180 at 25 Hz with B frames and a key frame each second, and a tone. */
function publish(url: string, { seconds = 3, output = [], audio = true, video = true }: Broadcast = {}): Run {
  const inputs = [
    ...(video ? ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25'] : []),
    ...(audio ? ['-re', '-f', 'lavfi', '-i', 'sine=r=44100'] : []),
  ];
  const codecs = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  const args = ['-hide_banner', '-v', 'error', ...inputs, '-t', `${seconds}`, ...codecs, ...output, '-f', 'flv', url];
  return run('ffmpeg', args);
}

function publishWithGStreamer(sink: string, url: string): Run {
  const video =
    'videotestsrc num-buffers=75 is-live=true ! video/x-raw,format=I420,framerate=25/1 ! x264enc tune=zerolatency ! m.';
  const audio = 'audiotestsrc num-buffers=130 is-live=true ! voaacenc ! m.';
  const pipeline = `-q flvmux name=m streamable=true ! ${sink} location=${url} ${video} ${audio}`;
  return run('gst-launch-1.0', pipeline.split(' '));
}

/** Decodes a reading to its end; `output` holds errors, and a line for each frame. */
async function decode(
  source: Source,
): Promise<{ code: number | null; errors: string; video: number[]; audio: number[] }> {
  const reading: SourceReading = await source.open();
  opened.push(() => reading.close());
  const args = ['-v', 'error', '-xerror', '-copyts', ...reading.inputArgs, '-enc_time_base', '1:1000'];
  const { process, finished } = run('ffmpeg', [...args, '-fps_mode', 'passthrough', '-f', 'framecrc', '-']);
  if (process.stdin) reading.stdin?.pipe(process.stdin);
  reading.start();
  const { code, output } = await finished;
  const lines = output.split('\n');
  const times = (stream: number) =>
    lines.filter((line) => line.startsWith(`${stream},`)).map((line) => Number(line.split(',')[2]));
  const isReport = (line: string) => line === '' || line.startsWith('#') || /^\d,/.test(line);
  const errors = lines.filter((line) => !isReport(line)).join('\n');
  return { code, errors, video: times(0), audio: times(1) };
}

/** Whichever way it comes about. */
function closed(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

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

  describe('over TLS', () => {
    it('takes a broadcast of ffmpeg, and asks it for user name and password', async () => {
      const { server, nextVisit } = await start();
      for (const [secret, rest] of [
        ['', `live?token=${key}`],
        [`${username}:${password}@`, 'live?auth=adobe'],
      ]) {
        const visiting = nextVisit();
        const encoder = publish(`rtmps://${secret}127.0.0.1:${server.securePort}/${rest}/${name}`, { seconds: 1 });
        const visit = await visiting;
        expect(visit.request).toMatchObject({ protocol: 'rtmps', remoteAddress: '127.0.0.1', streamName: name });
        expect(await decode(await visit.started.promise)).toMatchObject({ code: 0, errors: '' });
        expect(await encoder.finished).toEqual({ code: 0, output: '' });
      }
    });

    it('takes a broadcast of GStreamer that checks the certificate', async () => {
      const { server, nextVisit } = await start();
      const visiting = nextVisit();
      const url = `rtmps://localhost:${server.securePort}/live?token=${key}/${name}`;
      const encoder = publishWithGStreamer('rtmp2sink tls-validation-flags=bad-identity', url);
      expect((await visiting).request.protocol).toBe('rtmps');
      expect((await encoder.finished).code).toBe(0);
    });

    it('speaks TLS 1.2 and newer only', async () => {
      const { server } = await start();
      const options = { port: server.securePort, host: '127.0.0.1', rejectUnauthorized: false };
      const shake = async (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string | null> => {
        const ciphers = version === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {};
        const socket = connectTls({ ...options, ...ciphers, minVersion: version, maxVersion: version });
        await once(socket, 'secureConnect');
        const protocol = socket.getProtocol();
        socket.destroy();
        return protocol;
      };
      expect([await shake('TLSv1.2'), await shake('TLSv1.3')]).toEqual(['TLSv1.2', 'TLSv1.3']);
      await expect(shake('TLSv1.1')).rejects.toThrow(/alert protocol version|ECONNRESET/);
    });

    it('shows a new certificate to those who come after it', async () => {
      const { server } = await start();
      const shown = async (): Promise<string> => {
        const socket = connectTls({ port: server.securePort, host: '127.0.0.1', rejectUnauthorized: false });
        await once(socket, 'secureConnect');
        const { fingerprint256 } = socket.getPeerCertificate();
        socket.destroy();
        return fingerprint256;
      };
      const before = await shown();
      await rm(join(directory, 'selfSigned.crt'));
      await certificate.look();
      expect(await shown()).not.toBe(before);
    });

    it('counts those whose handshake goes nowhere, together with plain ones, and closes them', async () => {
      const { server } = await start({ connectionsPerAddress: 2, handshakeSeconds: 0.5 });
      const silent = connect(server.securePort, '127.0.0.1');
      const plain = connect(server.port, '127.0.0.1');
      await Promise.all([once(silent, 'connect'), once(plain, 'connect')]);
      const third = connect(server.securePort, '127.0.0.1');
      await closed(third);
      expect([silent.destroyed, plain.destroyed]).toEqual([false, false]);
      silent.resume();
      await closed(silent);
      plain.destroy();
    });

    it('survives nonsense in place of TLS, and closes in the middle of a handshake', async () => {
      const { server } = await start();
      const nonsense = connect(server.securePort, '127.0.0.1', () => nonsense.write(Buffer.alloc(5000, 0x16)));
      nonsense.resume();
      await closed(nonsense);
      const half = connect(server.securePort, '127.0.0.1', () => half.write(Buffer.of(0x16, 3, 1)));
      half.resume();
      await once(half, 'connect');
      const gone = closed(half);
      await server.close();
      await expect(gone).resolves.toBeUndefined();
    });
  });

  describe('asked for user name and password', () => {
    const at = (port: number, secret: string, app = 'live?auth=adobe') =>
      `rtmp://${secret}127.0.0.1:${port}/${app}/${name}`;

    it.each(['adobe', 'llnw'])('takes ffmpeg with the right ones (%s)', async (method) => {
      const { server, nextVisit } = await start();
      const visiting = nextVisit();
      const encoder = publish(at(server.port, `${username}:${password}@`, `live?auth=${method}`), { seconds: 1 });
      expect((await visiting).request).toMatchObject({ streamName: name, credentials: { username } });
      expect(await encoder.finished).toEqual({ code: 0, output: '' });
    });

    it('takes GStreamer with the right ones', async () => {
      const { server, nextVisit } = await start();
      const visiting = nextVisit();
      const encoder = publishWithGStreamer('rtmp2sink', at(server.port, `${username}:${password}@`));
      expect((await visiting).request).toMatchObject({ streamName: name, backup: false });
      expect((await encoder.finished).code).toBe(0);
    });

    it('refuses wrong ones and none in words that ffmpeg shows', async () => {
      const { server, visits } = await start();
      const wrong = await publish(at(server.port, `${username}:wrong@`)).finished;
      expect(wrong.output).toContain('Incorrect username/password');
      const none = await publish(at(server.port, '')).finished;
      expect(none.output).toContain('No credentials set');
      expect([wrong.code, none.code, visits.length]).toEqual([1, 1, 0]);
    });

    it('asks an encoder that keeps coming without a key to the address without ?auth', async () => {
      const { server, visits } = await start();
      const plain = at(server.port, `${username}:${password}@`, 'live');
      for (let attempt = 1; attempt <= 2; attempt += 1)
        expect((await publish(plain, { seconds: 1 }).finished).output).toContain('The stream key is not right');
      expect((await publish(plain, { seconds: 1 }).finished).output).toBe('');
      expect(visits).toHaveLength(1);
    });
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

  it('limits connections from one address, and takes new ones when others leave', async () => {
    const { server } = await start({ connectionsPerAddress: 2 });
    const open = async (): Promise<Socket> => {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    };
    const [first, second, third] = [await open(), await open(), await open()];
    await once(third, 'close');
    first.end(Buffer.from('bye'));
    first.resume();
    await once(first, 'close');
    const fourth = await open();
    fourth.write(Buffer.concat([Buffer.of(3), Buffer.alloc(1536)]));
    const [answer] = (await once(fourth, 'data')) as [Buffer];
    expect(answer[0]).toBe(3);
    second.destroy();
    fourth.destroy();
  });

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
    opened.push(() => new Promise((resolve) => other.close(resolve)));
    const starting = startRtmpServer({
      port,
      secure: { port: 0, certificate },
      gate: { publish: async () => refuse('internal'), authenticate: async () => refuse('internal') },
      log,
    });
    await expect(starting).rejects.toThrow(`Port ${port} is in use; set RTMP_PORT to another one.`);
  });
});
