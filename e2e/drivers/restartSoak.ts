import type { Browser } from '@playwright/test';
import { setTimeout as delay } from 'node:timers/promises';
import type { LiveEntry } from '../../shared/model/entry.ts';
import { BrowserEncoder } from './browserEncoder.ts';
import { Encoder, type EncoderSettings } from './encoder.ts';
import { PlaylistWatch } from './playlistWatch.ts';
import { Producer, until } from './producer.ts';
import { readRuns, type RunRead } from './readRuns.ts';
import type { ServerUnderTest } from './server.ts';
import { installStallWatch, readStallWatch, type Stall } from './stallWatch.ts';
import { Viewer } from './viewer.ts';

export type Protocol = 'rtmp' | 'rtsp' | 'whip';

/** Encoders that differ in everything that an init segment says. */
const encoderSettings: readonly EncoderSettings[] = [
  { size: '640x360', frameRate: 25, videoBitrateKbps: 700, h264Profile: 'baseline', sampleRate: 44_100, channels: 2 },
  { size: '480x270', frameRate: 30, videoBitrateKbps: 400, h264Profile: 'high', sampleRate: 48_000, channels: 2 },
  { size: '360x640', frameRate: 20, videoBitrateKbps: 500, h264Profile: 'main', sampleRate: 32_000, channels: 1 },
];

/** One encoder's turn on air. */
export interface Turn {
  readonly protocol: Protocol;
  /** Which of `encoderSettings`; the last one's again when the protocol has settings of its own. */
  readonly setting: number;
  /** Seconds between the loss of the encoder before and the start of this one. */
  readonly gapSeconds: number;
  /** Killed this many seconds after its first segment, or after its start where it is `hasty`. */
  readonly onAirSeconds: number;
  /** Killed before it has sent a whole segment. */
  readonly hasty?: boolean;
}

/** What the loss of an encoder that was on air cost. */
export interface Restart {
  readonly protocol: Protocol;
  readonly setting: number;
  readonly killedAtUnixMs: number;
  /** Until the start of the encoder that was next to bring media. */
  readonly gapMs: number;
  /** Until a playlist listed media again. */
  readonly withoutMediaMs: number;
  /** Time that the picture stood still until the next loss, by engine. */
  readonly stallMs: Readonly<Record<Engine, number>>;
}

export const engines = ['hlsjs', 'shaka'] as const;
export type Engine = (typeof engines)[number];

export interface EngineResult {
  /** Began again after a fatal error, or complained in some other way. */
  readonly reloads: number;
  readonly errors: readonly string[];
  readonly skippedSeconds: number;
  readonly repeatedSeconds: number;
  readonly playedToTheEnd: boolean;
  readonly stalls: readonly Stall[];
}

export interface SoakResult {
  readonly restarts: readonly Restart[];
  readonly kills: number;
  readonly players: Readonly<Record<Engine, EngineResult>>;
  /** What a playlist must not do. */
  readonly playlistComplaints: readonly string[];
  readonly broadcasts: number;
  /** The broadcast after its end, each run between two discontinuities. */
  readonly runs: readonly RunRead[];
}

interface Options {
  readonly server: ServerUnderTest;
  readonly browser: Browser;
  readonly turns: readonly Turn[];
  readonly dvr?: { readonly enabled: boolean; readonly windowMinutes?: number };
  readonly onRestart?: (restart: Omit<Restart, 'stallMs'>) => void;
}

/** Encoders take turns, each killed without a goodbye, while both engines watch on one URL. */
export async function soakRestarts(options: Options): Promise<SoakResult> {
  const { server, browser, dvr } = options;
  const producer = await Producer.signIn(server);
  const entry = await producer.createLiveEntry({ ...(dvr && { dvr }) });
  const watch = new PlaylistWatch((entry.playback.hls ?? '').replace('master.m3u8', 'v0.m3u8'));
  const viewers = {
    hlsjs: new Viewer(await browser.newPage()),
    shaka: new Viewer(await browser.newPage()),
  };
  try {
    const restarts = await takeTurns(options, producer, entry, watch, viewers);
    const players = {
      hlsjs: await resultOf(viewers.hlsjs),
      shaka: await resultOf(viewers.shaka),
    };
    await producer.call('POST', `/entries/${entry.id}/end`);
    const { total } = await producer.call<{ total: number }>('GET', `/entries/${entry.id}/broadcasts`);
    watch.stop();
    return {
      restarts: withStalls(restarts, players),
      kills: options.turns.length,
      players,
      playlistComplaints: watch.complaints,
      broadcasts: total,
      runs: await readRuns(entry.playback.hls ?? ''),
    };
  } finally {
    watch.stop();
    await Promise.all(Object.values(viewers).map(({ page }) => page.close()));
  }
}

async function takeTurns(
  { server, turns, onRestart }: Options,
  producer: Producer,
  entry: LiveEntry,
  watch: PlaylistWatch,
  viewers: Readonly<Record<Engine, Viewer>>,
): Promise<Omit<Restart, 'stallMs'>[]> {
  const restarts: Omit<Restart, 'stallMs'>[] = [];
  let killedAtUnixMs: number | undefined;
  let studio: BrowserEncoder | undefined;
  for (const [index, turn] of turns.entries()) {
    await delay(killedAtUnixMs === undefined ? 0 : turn.gapSeconds * 1000);
    const encoder = studio ?? new PatientEncoder(() => startEncoder(entry, turn));
    studio = undefined;
    try {
      if (encoder instanceof BrowserEncoder) await encoder.goLive();
      const readyAtUnixMs = Date.now();
      const startedAtUnixMs = () => (encoder instanceof PatientEncoder ? encoder.startedAtUnixMs : readyAtUnixMs);
      if (!turn.hasty) {
        const onAir = () => Promise.resolve((watch.lastRunUnixMs ?? 0) >= startedAtUnixMs() || undefined);
        await until(onAir, `media of encoder ${index} (${turn.protocol})`, 40_000);
        if (killedAtUnixMs === undefined) {
          await producer.waitForState(entry.id, 'live');
          await Promise.all(engines.map((engine) => watchFrom(viewers[engine], entry, engine)));
        } else {
          const { protocol, setting } = turn;
          const gapMs = startedAtUnixMs() - killedAtUnixMs;
          const restart = { protocol, setting, killedAtUnixMs, gapMs, withoutMediaMs: Date.now() - killedAtUnixMs };
          restarts.push(restart);
          onRestart?.(restart);
        }
      }
      await delay(turn.onAirSeconds * 1000);
      if (turns[index + 1]?.protocol === 'whip') studio = await BrowserEncoder.open(entry, server);
      if (index === turns.length - 1) await Promise.all(Object.values(viewers).map((each) => each.waitUntilPlaying(4)));
      if (!turn.hasty) killedAtUnixMs = Date.now();
    } finally {
      await encoder.stop('SIGKILL');
    }
  }
  return restarts;
}

/** One that is refused, because the encoder before is not given up yet, tries again, as encoders do. */
class PatientEncoder {
  startedAtUnixMs = Date.now();
  readonly #start: () => Encoder;
  readonly #retry: NodeJS.Timeout;
  #encoder: Encoder;

  constructor(start: () => Encoder) {
    this.#start = start;
    this.#encoder = start();
    this.#retry = setInterval(() => this.#again(), 1000);
  }

  stop(signal: NodeJS.Signals): Promise<void> {
    clearInterval(this.#retry);
    return this.#encoder.stop(signal);
  }

  #again(): void {
    if (this.#encoder.running) return;
    this.startedAtUnixMs = Date.now();
    this.#encoder = this.#start();
  }
}

function startEncoder(entry: LiveEntry, { protocol, setting }: Turn): Encoder {
  const settings = encoderSettings[setting];
  return protocol === 'rtsp' ? Encoder.publishRtsp(entry, 'tcp', settings) : Encoder.publish(entry, settings);
}

async function watchFrom(viewer: Viewer, entry: LiveEntry, engine: Engine): Promise<void> {
  await installStallWatch(viewer.page);
  await viewer.open(`${entry.playback.embed}?engine=${engine}&muted=1`);
  await viewer.waitUntilPlaying(3);
}

async function resultOf(viewer: Viewer): Promise<EngineResult> {
  const watched = await readStallWatch(viewer.page);
  const picture = await viewer.picture();
  return {
    ...watched,
    errors: [...viewer.errors, ...(picture?.error ? [picture.error] : [])],
    playedToTheEnd: picture !== undefined && !picture.paused,
  };
}

/** Each loss has what stood still from then until the next one. */
function withStalls(
  restarts: readonly Omit<Restart, 'stallMs'>[],
  players: Readonly<Record<Engine, EngineResult>>,
): Restart[] {
  return restarts.map((restart, index) => {
    const untilMs = restarts[index + 1]?.killedAtUnixMs ?? Infinity;
    const within = (engine: Engine) =>
      players[engine].stalls
        .map(({ fromUnixMs, ms }) => Math.min(fromUnixMs + ms, untilMs) - Math.max(fromUnixMs, restart.killedAtUnixMs))
        .reduce((sum, ms) => sum + Math.max(0, ms), 0);
    return { ...restart, stallMs: { hlsjs: within('hlsjs'), shaka: within('shaka') } };
  });
}
