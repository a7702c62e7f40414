import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { pino } from 'pino';
import { refuse } from '../../errors.ts';
import type { Publication, PublishRequest } from '../publishGate.ts';
import type { Source } from '../source.ts';
import type { RtspLimits } from './limits.ts';
import { type RtspServer, startRtspServer } from './server.ts';

const username = '0_abcdefgh';
const password = 'pa ss:w@rd';
export const token = 't0k';
/** A wrong one whose refusal is held for so long. */
export const guessedToken = 'guessed';
export const heldMs = 200;
/** A right one, but not any more. */
export const expiredToken = 'expired';
export const streamName = '0_abcdefgh_1';

/** What one publisher did, as the gate saw it. */
export class Visit implements Publication {
  readonly entryId = '0_abcdefgh';
  readonly request: PublishRequest;
  readonly started = Promise.withResolvers<Source>();
  readonly ended = Promise.withResolvers<string>();
  ends = 0;
  refusal: string | undefined;

  constructor(request: PublishRequest) {
    this.request = request;
  }

  start(source: Source): void {
    this.started.resolve(source);
  }

  end(reason: string, how?: 'refused'): void {
    this.ends += 1;
    if (how) this.refusal = reason;
    this.ended.resolve(reason);
  }
}

export interface Run {
  readonly process: ChildProcess;
  /** Exit code and everything said. */
  readonly finished: Promise<{ code: number | null; output: string }>;
}

/** A server with a gate that knows one entry, and the programs that talk to it; all end with `close`. */
export class RtspScene {
  readonly server: RtspServer;
  readonly visits: Visit[];
  readonly #waiting: ((visit: Visit) => void)[];
  readonly #guessed: (() => void)[];
  readonly #opened: (() => Promise<unknown>)[] = [];

  private constructor(
    server: RtspServer,
    visits: Visit[],
    waiting: ((visit: Visit) => void)[],
    guessed: (() => void)[],
  ) {
    this.#guessed = guessed;
    this.server = server;
    this.visits = visits;
    this.#waiting = waiting;
  }

  static async open(limits: Partial<RtspLimits> = {}): Promise<RtspScene> {
    const visits: Visit[] = [];
    const waiting: ((visit: Visit) => void)[] = [];
    const guessed: (() => void)[] = [];
    const server = await startRtspServer({
      port: 0,
      limits,
      log: pino({ enabled: false }),
      gate: {
        publish: async (request) => {
          const { credentials } = request;
          if (request.token === guessedToken) {
            guessed.shift()?.();
            return { ...refuse('invalidStreamToken'), heldMs };
          }
          if (request.token === expiredToken) return refuse('streamKeyExpired');
          const knows = credentials?.username === username && credentials.matches(password);
          if (!knows && request.token !== token) return refuse('invalidStreamToken');
          const visit = new Visit(request);
          visits.push(visit);
          waiting.shift()?.(visit);
          return visit;
        },
      },
    });
    return new RtspScene(server, visits, waiting, guessed);
  }

  nextVisit(): Promise<Visit> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  nextGuess(): Promise<void> {
    return new Promise((resolve) => this.#guessed.push(resolve));
  }

  url(user = username, secret = password): string {
    return `rtsp://${user}:${encodeURIComponent(secret)}@127.0.0.1:${this.server.port}/live/${streamName}`;
  }

  run(command: string, args: readonly string[]): Run {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stdin.on('error', () => undefined);
    const finished = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
    this.#opened.push(() => {
      child.kill('SIGKILL');
      return finished;
    });
    return { process: child, finished };
  }

  /** 320x180 at 25 Hz with B frames and a key frame each second, and a tone; `input` and `output` are added to those options. */
  publish(url: string, { seconds = 3, transport = 'tcp', input = [], output = [] }: Broadcast = {}): Run {
    const inputs = input.length > 0 ? input : [...testPicture, ...testTone];
    const codecs = [
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-bf',
      '3',
      '-g',
      '25',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      'aac',
    ];
    const args = ['-hide_banner', '-v', 'error', ...inputs, '-t', `${seconds}`, ...codecs, ...output];
    return this.run('ffmpeg', [...args, '-f', 'rtsp', '-rtsp_transport', transport, url]);
  }

  publishWithGStreamer(protocol: 'tcp' | 'udp', encoder = 'x264enc bframes=2 key-int-max=25'): Run {
    const picture = `videotestsrc num-buffers=100 is-live=true ! video/x-raw,format=I420,framerate=25/1 ! ${encoder} ! s.`;
    const sound = 'audiotestsrc num-buffers=172 is-live=true ! audio/x-raw,rate=44100 ! voaacenc ! s.';
    const location = `rtsp://127.0.0.1:${this.server.port}/live/${streamName}`;
    const sink = ['rtspclientsink', 'name=s', `location=${location}`, `protocols=${protocol}`];
    const credentials = [`user-id=${username}`, `user-pw=${password}`];
    return this.run('gst-launch-1.0', ['-q', ...sink, ...credentials, ...`${picture} ${sound}`.split(' ')]);
  }

  /** Runs ffmpeg on a reading of the source until it ends. */
  async read(source: Source, ...output: string[]): Promise<{ code: number | null; output: string }> {
    const reading = await source.open();
    this.#opened.push(() => reading.close());
    const { process: child, finished } = this.run('ffmpeg', [
      '-v',
      'error',
      '-copyts',
      ...reading.inputArgs,
      ...output,
    ]);
    if (child.stdin) reading.stdin?.pipe(child.stdin);
    reading.start();
    return await finished;
  }

  async close(): Promise<void> {
    for (const close of this.#opened.splice(0).toReversed()) await close();
    await this.server.close();
  }
}

export interface Broadcast {
  readonly seconds?: number;
  readonly transport?: 'tcp' | 'udp';
  readonly input?: readonly string[];
  readonly output?: readonly string[];
}

export const testPicture = ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25'];
export const testTone = ['-re', '-f', 'lavfi', '-i', 'sine=r=44100'];
