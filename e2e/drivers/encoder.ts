import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import type { LiveEntry } from '../../shared/model/entry.ts';
import { firstStreamName } from '../../shared/urls.ts';

export interface EncoderSettings {
  readonly size?: string;
  readonly frameRate?: number;
  /** Seconds between key frames. */
  readonly keyFrameSeconds?: number;
  readonly videoBitrateKbps?: number;
  readonly audioCodec?: 'aac' | 'libmp3lame';
  /** Seconds after which it ends by itself. */
  readonly seconds?: number;
  /** Seconds after which the picture, or the sound, stops while the other goes on. */
  readonly pictureSeconds?: number;
  readonly soundSeconds?: number;
  readonly soundOnly?: boolean;
  /** From when to when, in seconds, the sound is not sent, as from a microphone that is unplugged for a while. */
  readonly muted?: readonly [number, number];
  /** Whether the whole picture is white and a tone sounds for the first tenth of each second. */
  readonly flashAndBeep?: boolean;
  /** `baseline` without reordered frames; the others come with them. */
  readonly h264Profile?: keyof typeof profileArguments;
  readonly sampleRate?: number;
  readonly channels?: number;
  /** What its timestamps begin with, in seconds. */
  readonly beginsAt?: number;
}

/** An operator's encoder: ffmpeg, sending a test picture and a tone in real time over RTMP or RTSP. */
export class Encoder {
  readonly #process: ChildProcess;
  readonly #exited: Promise<number | null>;
  /** What it printed. */
  output = '';

  private constructor(child: ChildProcess) {
    this.#process = child;
    this.#exited = once(child, 'exit').then(([code]) => code as number | null);
    child.stderr?.on('data', (chunk: Buffer) => {
      this.output = (this.output + chunk.toString()).slice(-20_000);
    });
  }

  /** Publishes to the entry with the settings its page shows. */
  static publish(entry: LiveEntry, settings: EncoderSettings = {}): Encoder {
    if (!entry.ingest) throw new Error('the entry shows no ingest settings');
    return Encoder.publishTo(`${entry.ingest.primaryUrl}/${firstStreamName(entry.ingest.streamName)}`, settings);
  }

  static publishTo(url: string, settings: EncoderSettings = {}): Encoder {
    const child = spawn('ffmpeg', [...encoderArguments(settings), '-f', 'flv', url], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return new Encoder(child);
  }

  /** Plays a file out in real time, as it is. */
  static publishFile(entry: LiveEntry, path: string): Encoder {
    if (!entry.ingest) throw new Error('the entry shows no ingest settings');
    const url = `${entry.ingest.primaryUrl}/${firstStreamName(entry.ingest.streamName)}`;
    const args = ['-hide_banner', '-loglevel', 'warning', '-re', '-i', path, '-c', 'copy', '-f', 'flv', url];
    return new Encoder(spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'pipe'] }));
  }

  /** A test picture with the texts of a subtitle file beside it, as `onTextData`. */
  static publishWithText(entry: LiveEntry, subtitles: string): Encoder {
    if (!entry.ingest) throw new Error('the entry shows no ingest settings');
    const url = `${entry.ingest.primaryUrl}/${firstStreamName(entry.ingest.streamName)}`;
    const args = [
      ...encoderArguments({}),
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-map',
      '2:s',
      '-c:s',
      'text',
      // Microseconds that picture and sound wait for text, which has nothing to say most of the time.
      '-max_interleave_delta',
      '100000',
      '-f',
      'flv',
      url,
    ];
    const codec = args.indexOf('-c:v');
    args.splice(codec, 0, '-re', '-i', subtitles);
    return new Encoder(spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'pipe'] }));
  }

  /** Publishes over RTSP with the address, user name and password its page shows. */
  static publishRtsp(entry: LiveEntry, transport: 'tcp' | 'udp', settings: EncoderSettings = {}): Encoder {
    const { rtspUrl, username, password } = entry.ingest ?? {};
    if (!rtspUrl) throw new Error('the entry shows no RTSP address');
    const url = rtspUrl.replace('://', `://${username}:${password}@`);
    const output = ['-f', 'rtsp', '-rtsp_transport', transport, url];
    const args = [...encoderArguments(settings), ...output];
    return new Encoder(spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'pipe'] }));
  }

  /** One encoder with a stream of its own for each size, as `<id>_1`, `<id>_2` … */
  static publishSeveral(entry: LiveEntry, sizes: readonly string[]): Encoder {
    const base = entry.ingest?.primaryUrl;
    const split = `split=${sizes.length}${sizes.map((_, index) => `[s${index}]`).join('')}`;
    const scaled = sizes.map((size, index) => `[s${index}]scale=${size.replace('x', ':')}[o${index}]`);
    const outputs = sizes.flatMap((_, index) => [
      ...`-map [o${index}] -map 1:a -c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p`.split(' '),
      ...`-b:v ${800 - index * 200}k -g 50 -c:a aac -b:a 96k -f flv`.split(' '),
      `${base}/${entry.id}_${index + 1}`,
    ]);
    const source =
      '-hide_banner -loglevel warning -re -f lavfi -i testsrc2=size=640x360:rate=25 -re -f lavfi -i sine'.split(' ');
    const filter = ['-filter_complex', [`[0:v]${split}`, ...scaled].join(';')];
    return new Encoder(spawn('ffmpeg', [...source, ...filter, ...outputs], { stdio: ['ignore', 'ignore', 'pipe'] }));
  }

  /** Runs a command line as somebody pastes it into a shell. */
  static paste(commandLine: string, directory: string): Encoder {
    const options = { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] } satisfies SpawnOptions;
    return new Encoder(spawn('sh', ['-c', `exec ${commandLine}`], options));
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Resolves with the exit code once it has ended by itself. */
  get ended(): Promise<number | null> {
    return this.#exited;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.running) this.#process.kill(signal);
    await this.#exited;
  }
}

function encoderArguments(settings: EncoderSettings): string[] {
  const {
    size = '640x360',
    frameRate = 25,
    keyFrameSeconds = 2,
    videoBitrateKbps = 800,
    audioCodec = 'aac',
    seconds,
    pictureSeconds,
    soundSeconds,
    soundOnly = false,
    muted,
    flashAndBeep,
    h264Profile = 'baseline',
    sampleRate = 44_100,
    channels = 2,
    beginsAt,
  } = settings;
  const picture = flashAndBeep
    ? `color=black:size=${size}:rate=${frameRate},drawbox=color=white:t=fill:enable='lt(mod(t,1),0.1)'`
    : `testsrc2=size=${size}:rate=${frameRate}`;
  const sound = flashAndBeep
    ? `aevalsrc='0.5*sin(2*PI*1000*t)*lt(mod(t,1),0.1)':s=${sampleRate}`
    : `sine=frequency=440:sample_rate=${sampleRate}`;
  const input = (graph: string, forSeconds: number | undefined) => {
    const limit = forSeconds === undefined ? [] : ['-t', String(forSeconds)];
    return ['-re', '-f', 'lavfi', ...limit, '-i', graph];
  };
  return [
    ['-hide_banner', '-loglevel', 'warning'],
    [...(soundOnly ? [] : input(picture, pictureSeconds)), ...input(sound, soundSeconds)],
    seconds === undefined ? [] : ['-t', String(seconds)],
    ['-c:v', 'libx264', ...profileArguments[h264Profile], '-pix_fmt', 'yuv420p'],
    [
      '-b:v',
      `${videoBitrateKbps}k`,
      '-g',
      String(Math.round(frameRate * keyFrameSeconds)),
      '-c:a',
      audioCodec,
      '-b:a',
      '96k',
      '-ac',
      String(channels),
    ],
    muted === undefined ? [] : ['-bsf:a', dropFrames(muted.map((at) => Math.round((at * sampleRate) / 1024)))],
    // One that stops must not hold the other back in the encoder itself.
    ['-max_interleave_delta', '200000'],
    beginsAt === undefined ? [] : ['-output_ts_offset', String(beginsAt)],
  ].flat();
}

/** Packets of sound with these numbers are never sent. */
function dropFrames([from, to]: readonly number[]): string {
  return `noise=drop=between(n\\,${from}\\,${to})`;
}

const profileArguments = {
  baseline: ['-preset', 'ultrafast', '-tune', 'zerolatency'],
  main: ['-preset', 'superfast', '-bf', '1', '-profile:v', 'main'],
  high: ['-preset', 'superfast', '-bf', '2', '-profile:v', 'high'],
};
