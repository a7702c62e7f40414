import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { refuse } from '../../errors.ts';
import { Certificate } from '../../tls/certificate.ts';
import { selfSignedCertificate } from '../../tls/selfSignedCertificate.ts';
import type { Publication, PublishCredentials, PublishRequest } from '../publishGate.ts';
import type { Source, SourceReading } from '../source.ts';
import type { RtmpLimits } from './limits.ts';
import { type RtmpServer, startRtmpServer } from './server.ts';

export const key = 't0k';
export const name = '0_abcdefgh_1';
export const username = '0_abcdefgh';
export const password = 's3cret';

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
export const directory = await mkdtemp(join(tmpdir(), 'tallylight-rtmps-'));
export const certificate = await Certificate.open(
  selfSignedCertificate({ directory, names: ['localhost', '127.0.0.1'], now: () => Date.now() }),
  log,
);

const opened: (() => Promise<unknown>)[] = [];

/** For `afterEach`: servers, encoders and readings. */
export async function closeOpened(): Promise<void> {
  for (const close of opened.splice(0).toReversed()) await close();
}

/** Has something closed with the others. */
export function alsoClose(close: () => Promise<unknown>): void {
  opened.push(close);
}

/** For `afterAll`. */
export async function removeCertificate(): Promise<void> {
  await certificate.close();
  await rm(directory, { recursive: true });
}

/** A wrong key whose refusal is held for long. */
export const guessedKey = 'guessed';

/** As a token, and as a password: right, but not any more. */
export const expiredKey = 'expired';

/** A server whose gate knows one key and one user. */
export async function start(limits: Partial<RtmpLimits> = {}) {
  const visits: Visit[] = [];
  const server: RtmpServer = await startRtmpServer({
    port: 0,
    secure: { port: 0, certificate },
    limits,
    log,
    gate: {
      publish: async (request) => {
        if (request.token === guessedKey) {
          guessed.shift()?.();
          return { ...refuse('invalidStreamToken'), heldMs: 60_000 };
        }
        if (request.token === expiredKey) return refuse('streamKeyExpired');
        if (request.token !== key && !knows(request.credentials)) return refuse('invalidStreamToken');
        const visit = new Visit(request);
        visits.push(visit);
        visited.shift()?.(visit);
        return visit;
      },
      authenticate: async ({ credentials }) => {
        if (credentials.matches(expiredKey)) return refuse('streamKeyExpired');
        return knows(credentials) ? undefined : refuse('invalidStreamToken');
      },
    },
  });
  const visited: ((visit: Visit) => void)[] = [];
  const guessed: (() => void)[] = [];
  opened.push(() => server.close());
  return {
    server,
    visits,
    nextVisit: () => new Promise<Visit>((resolve) => visited.push(resolve)),
    nextGuess: () => new Promise<void>((resolve) => guessed.push(resolve)),
    url: (token = key) => `rtmp://127.0.0.1:${server.port}/live/${name}?token=${token}`,
  };
}

interface Run {
  readonly process: ChildProcess;
  /** Exit code and everything said. */
  readonly finished: Promise<{ code: number | null; output: string }>;
}

export function run(command: string, args: readonly string[]): Run {
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
export function publish(url: string, { seconds = 3, output = [], audio = true, video = true }: Broadcast = {}): Run {
  const inputs = [
    ...(video ? ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25'] : []),
    ...(audio ? ['-re', '-f', 'lavfi', '-i', 'sine=r=44100'] : []),
  ];
  const codecs = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  const args = ['-hide_banner', '-v', 'error', ...inputs, '-t', `${seconds}`, ...codecs, ...output, '-f', 'flv', url];
  return run('ffmpeg', args);
}

export function publishWithGStreamer(sink: string, url: string): Run {
  const video =
    'videotestsrc num-buffers=75 is-live=true ! video/x-raw,format=I420,framerate=25/1 ! x264enc tune=zerolatency ! m.';
  const audio = 'audiotestsrc num-buffers=130 is-live=true ! voaacenc ! m.';
  const pipeline = `-q flvmux name=m streamable=true ! ${sink} location=${url} ${video} ${audio}`;
  return run('gst-launch-1.0', pipeline.split(' '));
}

/** Decodes a reading to its end; `output` holds errors, and a line for each frame. */
export async function decode(
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

/** Gone, whichever way it comes about. */
export function closed(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
