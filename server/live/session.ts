import { randomBytes } from 'node:crypto';
import type { EntryState } from '../../shared/model/state.ts';
import type { TranscodeFailure } from '../../shared/model/entry.ts';
import type { HealthSample } from '../../shared/model/health.ts';
import type { StateEvent } from '../../shared/events/events.ts';
import type { Broadcasts, StoredBroadcast } from '../catalog/broadcasts.ts';
import type { Entries } from '../catalog/entries.ts';
import type { Profiles } from '../catalog/profiles.ts';
import { refuse, type Refusal } from '../errors.ts';
import type { Publication, PublishRequest } from '../ingest/publishGate.ts';
import type { Source } from '../ingest/source.ts';
import type { Logger } from '../log.ts';
import type { SegmentStore, TimelineWriter } from '../segments/segmentStore.ts';
import type { Transcode, Transcoder } from '../transcode/transcoder.ts';
import { HealthMeter } from './healthMeter.ts';
import { windowSecondsOf } from './liveWindow.ts';

/** A publisher that has sent nothing for this long makes room for another one. */
const stalledAfterMs = 5000;
/** A publisher that was let in has this long to send media before another one may take its place. */
const startWithinMs = 15_000;

export interface SessionParts {
  readonly entries: Entries;
  readonly profiles: Profiles;
  readonly broadcasts: Broadcasts;
  readonly store: SegmentStore;
  readonly transcoder: Transcoder;
  readonly reconnectWindowSeconds: number;
  readonly now: () => number;
  readonly viewers: (entryId: string) => number;
}

/** What a session tells its owner. */
export interface SessionListener {
  stateChanged(event: StateEvent): void;
  healthSampled(entryId: string, sample: HealthSample): void;
  transcodeFailed(entryId: string, failure: TranscodeFailure): void;
  /** Nothing is on air and nobody is waited for: the session can be let go. */
  finished(session: Session): void;
}

/** Somebody who was let in, from `publish` until they have gone. */
interface Publisher {
  readonly request: PublishRequest;
  readonly admittedAtMs: number;
  source?: Source;
  gone: boolean;
}

/** What runs while a source is being read. */
interface OnAir {
  readonly publisher: Publisher;
  transcode: Transcode;
  stop(): void;
}

/** One entry on its way from a publisher's first byte to the end of its broadcast. */
export class Session {
  readonly entryId: string;
  readonly #parts: SessionParts;
  readonly #listener: SessionListener;
  readonly #log: Logger;
  #state: EntryState;
  #broadcast: StoredBroadcast | undefined;
  #writer: TimelineWriter | undefined;
  #publisher: Publisher | undefined;
  #onAir: OnAir | undefined;
  #windowTimer: NodeJS.Timeout | undefined;
  #closed = false;
  /** Attaching, detaching and ending follow each other, never overlap. */
  #steps: Promise<void> = Promise.resolve();
  /** The catalog hears of states in their order. */
  #stateWrites: Promise<void> = Promise.resolve();

  constructor(entryId: string, state: EntryState, parts: SessionParts, listener: SessionListener, log: Logger) {
    this.entryId = entryId;
    this.#state = state;
    this.#parts = parts;
    this.#listener = listener;
    this.#log = log;
  }

  get state(): EntryState {
    return this.#state;
  }

  /** Waits for the publisher of a broadcast that a former run of the server left open. */
  resume(broadcast: StoredBroadcast, writer: TimelineWriter, interruptedAtMs: number): void {
    this.#broadcast = { ...broadcast, interruptedAtMs };
    this.#writer = writer;
    this.#setState('interrupted');
    this.#armWindow(interruptedAtMs);
  }

  admit(request: PublishRequest): Publication | Refusal {
    if (this.#closed) return refuse('overloaded', 'The server is stopping; try again in a moment.');
    const present = this.#publisher;
    if (present && !this.#hasStalled(present)) return refuse('alreadyBroadcasting');
    if (present) {
      this.#leave(present, 'stalled');
      present.request.disconnect('No media came from this encoder; another one has taken its place.');
    }
    const publisher: Publisher = { request, admittedAtMs: this.#parts.now(), gone: false };
    this.#publisher = publisher;
    if (this.#state === 'idle' || this.#state === 'ended') this.#setState('starting');
    return {
      entryId: this.entryId,
      start: (source) =>
        this.#enqueue('start', async () => {
          try {
            await this.#start(publisher, source);
          } catch (error) {
            await source.close('The server could not start this broadcast; its log says why.');
            throw error;
          }
        }),
      end: (reason) => this.#leave(publisher, reason),
    };
  }

  /** Ends the broadcast now, throwing its publisher out. */
  async end(reason: string): Promise<void> {
    const publisher = this.#publisher;
    if (publisher) {
      this.#leave(publisher, reason);
      publisher.request.disconnect(reason);
    }
    this.#enqueue('end', () => this.#finish());
    await this.#settled();
  }

  /** The server is stopping: the broadcast stays open, so that its publisher can continue it after the restart. */
  async close(): Promise<void> {
    this.#closed = true;
    const publisher = this.#publisher;
    if (publisher) {
      this.#leave(publisher, 'the server is stopping');
      publisher.request.disconnect('The server is restarting; connect again in a moment.');
    }
    this.#enqueue('close', async () => {
      clearTimeout(this.#windowTimer);
      await this.#writer?.close();
    });
    await this.#settled();
  }

  #hasStalled(publisher: Publisher): boolean {
    const now = this.#parts.now();
    const { source } = publisher;
    return source ? now - source.stats().lastMediaAtMs > stalledAfterMs : now - publisher.admittedAtMs > startWithinMs;
  }

  #leave(publisher: Publisher, reason: string): void {
    if (publisher.gone) return;
    publisher.gone = true;
    if (this.#publisher === publisher) this.#publisher = undefined;
    this.#log.info({ protocol: publisher.request.protocol, reason }, 'publisher left');
    this.#enqueue('stop', () => this.#stop(publisher));
  }

  async #start(publisher: Publisher, source: Source): Promise<void> {
    if (publisher.gone || this.#closed) return;
    clearTimeout(this.#windowTimer);
    publisher.source = source;
    const entry = await this.#parts.entries.get(this.entryId);
    if (!entry) return await source.close('This entry has been deleted.');
    const profile =
      (entry.profileId ? await this.#parts.profiles.get(entry.profileId) : undefined) ??
      (await this.#parts.profiles.default());
    const writer = (this.#writer ??= await this.#openBroadcast(windowSecondsOf(entry.dvr)));
    const log = this.#log.child({ broadcastId: this.#broadcast?.id });
    log.info({ protocol: source.protocol, tracks: source.tracks, profile: profile.name }, 'source starts');
    const transcode = () =>
      this.#parts.transcoder.start({
        input: source,
        profile,
        writer,
        log,
        onFailure: ({ message, lines }) => {
          log.warn({ message, lines }, 'ffmpeg is started again');
          const failure = { at: new Date(this.#parts.now()).toISOString(), message, lines: [...lines] };
          this.#listener.transcodeFailed(this.entryId, failure);
        },
      });
    const stopHealth = this.#sampleHealth(source);
    const stopTimeline = writer.timeline.onChanged(() => this.#mediaArrived(publisher));
    const stopTracks = source.onTracksChanged(() =>
      this.#enqueue('tracks', async () => {
        const onAir = this.#onAir;
        if (onAir?.publisher !== publisher || publisher.gone) return;
        log.info({ tracks: source.tracks }, 'tracks changed');
        await onAir.transcode.close();
        onAir.transcode = transcode();
      }),
    );
    const stop = () => {
      stopHealth();
      stopTimeline();
      stopTracks();
    };
    this.#onAir = { publisher, transcode: transcode(), stop };
  }

  async #openBroadcast(windowSeconds: number): Promise<TimelineWriter> {
    const startedAtMs = this.#parts.now();
    const id = `b_${randomBytes(8).toString('hex')}`;
    await this.#parts.broadcasts.create({ id, entryId: this.entryId, startedAtMs });
    this.#broadcast = { id, entryId: this.entryId, startedAtMs, endedAtMs: null, interruptedAtMs: null };
    return await this.#parts.store.write({ id, entryId: this.entryId, epochMs: startedAtMs, windowSeconds });
  }

  /** A segment of this publisher can be played: the entry is live. */
  #mediaArrived(publisher: Publisher): void {
    const broadcast = this.#broadcast;
    if (publisher.gone || !broadcast || this.#state === 'live') return;
    if (broadcast.interruptedAtMs !== null) {
      this.#broadcast = { ...broadcast, interruptedAtMs: null };
      this.#enqueue('resume', () => this.#parts.broadcasts.resume(broadcast.id));
    }
    this.#setState('live');
  }

  async #stop(publisher: Publisher): Promise<void> {
    const onAir = this.#onAir;
    if (onAir?.publisher === publisher) {
      this.#onAir = undefined;
      onAir.stop();
      await onAir.transcode.close();
    }
    if (this.#publisher) return;
    const broadcast = this.#broadcast;
    if (!broadcast || this.#writer?.timeline.segments.length === 0) return await this.#finish();
    const interruptedAtMs = broadcast.interruptedAtMs ?? this.#parts.now();
    this.#broadcast = { ...broadcast, interruptedAtMs };
    await this.#parts.broadcasts.interrupt(broadcast.id, interruptedAtMs);
    this.#setState('interrupted');
    this.#armWindow(interruptedAtMs);
  }

  #armWindow(interruptedAtMs: number): void {
    clearTimeout(this.#windowTimer);
    if (this.#closed) return;
    const endsAtMs = interruptedAtMs + this.#parts.reconnectWindowSeconds * 1000;
    this.#windowTimer = setTimeout(
      () => this.#enqueue('window', () => (this.#publisher ? Promise.resolve() : this.#finish())),
      Math.max(endsAtMs - this.#parts.now(), 0),
    );
  }

  /** Closes the broadcast for good; without one, the entry goes back to where it was. */
  async #finish(): Promise<void> {
    clearTimeout(this.#windowTimer);
    const broadcast = this.#broadcast;
    const hadMedia = (this.#writer?.timeline.segments.length ?? 0) > 0;
    await this.#writer?.end();
    await this.#writer?.close();
    if (broadcast) await this.#parts.broadcasts.end(broadcast.id, this.#parts.now());
    this.#broadcast = undefined;
    this.#writer = undefined;
    if (this.#publisher) return;
    const before = hadMedia ? undefined : await this.#parts.broadcasts.last(this.entryId);
    this.#setState(hadMedia || (before && before.id !== broadcast?.id) ? 'ended' : 'idle');
    this.#listener.finished(this);
  }

  #sampleHealth(source: Source): () => void {
    const meter = new HealthMeter(source, this.#parts.now());
    const timer = setInterval(() => {
      const sample = meter.sample(this.#parts.now(), this.#parts.viewers(this.entryId));
      this.#listener.healthSampled(this.entryId, sample);
    }, 1000);
    return () => clearInterval(timer);
  }

  #setState(state: EntryState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#log.info({ state }, 'state');
    const at = this.#parts.now();
    this.#stateWrites = this.#stateWrites
      .then(() => this.#parts.entries.setState(this.entryId, state))
      .catch((error: unknown) => this.#log.error({ error }, 'state could not be stored'))
      .then(() =>
        this.#listener.stateChanged({ entryId: this.entryId, state, broadcastId: this.#broadcast?.id ?? null, at }),
      );
  }

  #enqueue(step: string, run: () => Promise<void>): void {
    this.#steps = this.#steps.then(run).catch((error: unknown) => this.#log.error({ error, step }, 'step failed'));
  }

  async #settled(): Promise<void> {
    await this.#steps;
    await this.#stateWrites;
  }
}
