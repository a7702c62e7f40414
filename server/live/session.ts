import type { EntryState } from '../../shared/model/state.ts';
import type { StoredBroadcast } from '../catalog/broadcasts.ts';
import { refuse, type Refusal } from '../errors.ts';
import type { Publication, PublishRequest } from '../ingest/publishGate.ts';
import type { Source } from '../ingest/source.ts';
import type { IngestEvent, IngestSource } from '../../shared/model/ingestSource.ts';
import type { Logger } from '../log.ts';
import type { TimelineWriter } from '../segments/segmentStore.ts';
import { Airing } from './airing.ts';
import { Lineup } from './lineup.ts';
import { Publisher } from './publisher.ts';
import { ReconnectWindow } from './reconnectWindow.ts';
import { unsteadyAdvice } from './restartBrake.ts';
import { broadcastSettings, openBroadcast, type RunningBroadcast } from './runningBroadcast.ts';
import type { SessionListener, SessionParts } from './sessionParts.ts';
import { Steps } from './steps.ts';
import { misfitAdvice } from './streamJoining.ts';

/** How often stalls are looked for. */
const watchIntervalMs = 250;
/** Every how many looks the health is sampled: once a second. */
const looksPerSample = 4;
/** Long enough for a backup to take over, and about as long as players have something in store. */
const leastSilenceMs = 5000;

/** One entry on its way from a publisher's first byte to the end of its broadcast. */
export class Session {
  readonly entryId: string;
  readonly #parts: SessionParts;
  readonly #listener: SessionListener;
  readonly #log: Logger;
  readonly #lineup: Lineup;
  /** Starting, switching and ending. */
  readonly #steps: Steps;
  #state: EntryState;
  #broadcast: RunningBroadcast | undefined;
  #airing: Airing | undefined;
  #watch: NodeJS.Timeout | undefined;
  #looks = 0;
  #choosing = false;
  /** Unix ms of the last media of whoever was on air. */
  #lastMediaAtMs = -Infinity;
  readonly #window: ReconnectWindow;
  #closed = false;
  /** Being ended for good: nobody is waited for. */
  #ending = false;
  /** The catalog hears of states in their order. */
  #stateWrites: Promise<void> = Promise.resolve();

  constructor(entryId: string, state: EntryState, parts: SessionParts, listener: SessionListener, log: Logger) {
    this.entryId = entryId;
    this.#state = state;
    this.#parts = parts;
    this.#listener = listener;
    this.#log = log;
    this.#lineup = new Lineup(parts.rules);
    this.#steps = new Steps(log);
    const windowOver = () => this.#steps.add('window', () => this.#stopWaiting());
    this.#window = new ReconnectWindow(parts.reconnectWindowSeconds, parts.now, windowOver);
  }

  /** While there is one that can be watched. */
  get broadcastId(): string | undefined {
    return this.#state === 'live' || this.#state === 'interrupted' ? this.#broadcast?.stored.id : undefined;
  }

  get sources(): readonly IngestSource[] {
    const nowMs = this.#parts.now();
    return this.#lineup.publishers.map((each) => each.describe(this.#isOnAir(each), nowMs, this.#parts.rules));
  }

  /** Waits for the publisher of a broadcast that a former run of the server left open. */
  async resume(stored: StoredBroadcast, writer: TimelineWriter, interruptedAtMs: number): Promise<void> {
    this.#broadcast = {
      stored: { ...stored, interruptedAtMs },
      writer,
      ...(await broadcastSettings(this.entryId, this.#parts)),
    };
    await this.#record(writer);
    this.#setState('interrupted');
    this.#window.open(interruptedAtMs);
    await this.#settled();
  }

  /** `index` is the `<n>` of the stream name. */
  admit(request: PublishRequest, index: number): Publication | Refusal {
    if (this.#closed) return refuse('overloaded', 'The server is stopping; try again in a moment.');
    const nowMs = this.#parts.now();
    const refusal = this.#lineup.refusal(index, nowMs);
    if (refusal) return refusal;
    const publisher = new Publisher(request, index, nowMs);
    if (this.#lineup.isTaken(index, publisher.role, nowMs)) return refuse('alreadyBroadcasting');
    const silent = this.#lineup.place(publisher);
    if (silent) this.#dismiss(silent, 'No media came from this encoder; another one has taken its place.');
    this.#watch ??= setInterval(() => this.#look(), watchIntervalMs);
    if (this.#isAtRest) this.#setState('starting');
    this.#tell('connected', `${nameOf(publisher)} connected from ${request.remoteAddress}.`);
    return {
      entryId: this.entryId,
      start: (source) => this.#begin(publisher, source),
      end: (reason, how) => this.#leave(publisher, reason, how ?? 'lost'),
    };
  }

  /** Ends the broadcast now, throwing its publishers out. */
  async end(reason: string): Promise<void> {
    this.#ending = true;
    for (const publisher of this.#lineup.publishers) this.#dismiss(publisher, reason);
    this.#steps.add('end', () => this.#finish());
    await this.#settled();
  }

  /** The server is stopping: the broadcast stays open, so that its publisher can continue it after the restart. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const publisher of this.#lineup.publishers) {
      this.#dismiss(publisher, 'The server is restarting; connect again in a moment.');
    }
    this.#steps.add('close', async () => {
      this.#window.close();
      await this.#parts.recorder.pause(this.entryId);
      await this.#broadcast?.writer.close();
    });
    await this.#settled();
  }

  get #isAtRest(): boolean {
    return this.#state === 'idle' || this.#state === 'ended';
  }

  #isOnAir(publisher: Publisher): boolean {
    return this.#airing?.publishers.includes(publisher) ?? false;
  }

  #begin(publisher: Publisher, source: Source): void {
    if (publisher.gone) return;
    publisher.begin(source, this.#parts.now());
    source.onTracksChanged(() => this.#tracksChanged(publisher));
    this.#log.info({ protocol: source.protocol, role: publisher.role, tracks: source.tracks }, 'source is ready');
    this.#rechoose();
  }

  #dismiss(publisher: Publisher, reason: string): void {
    this.#leave(publisher, reason);
    publisher.request.disconnect(reason);
  }

  #leave(publisher: Publisher, reason: string, kind: 'lost' | 'refused' = 'lost'): void {
    if (publisher.gone) return;
    publisher.gone = true;
    this.#lineup.remove(publisher);
    if (this.#lineup.empty) {
      clearInterval(this.#watch);
      this.#watch = undefined;
    }
    this.#log.info({ protocol: publisher.request.protocol, role: publisher.role, reason }, 'publisher left');
    this.#tell(kind, `${nameOf(publisher)} ${kind === 'lost' ? 'left' : 'was refused'}: ${reason}`);
    this.#rechoose();
  }

  #look(): void {
    const nowMs = this.#parts.now();
    if (!this.#airing?.isOf(this.#choice())) this.#rechoose();
    if (this.#isSilent(nowMs)) this.#steps.add('silence', () => this.#interruptSilence());
    if (this.#looks++ % looksPerSample !== 0) return;
    const viewers = this.#parts.viewers(this.entryId);
    for (const publisher of this.#lineup.publishers) {
      const sample = publisher.sample(nowMs, viewers);
      if (sample && this.#airing?.publishers[0] === publisher) this.#listener.healthSampled(this.entryId, sample);
    }
    this.#listener.sourcesSampled(this.entryId, this.sources);
  }

  /** Who should be on air now. */
  #choice(): readonly Publisher[] {
    return this.#lineup.choose(this.#airing?.publishers ?? [], this.#parts.now());
  }

  /** Puts on air who should be, after whatever is being done now. */
  #rechoose(): void {
    if (this.#choosing) return;
    this.#choosing = true;
    this.#steps.add('choose', async () => {
      this.#choosing = false;
      const choice = this.#choice();
      if (this.#airing?.isOf(choice)) return;
      if (!this.#airing && choice.length > 0 && this.#lineup.expectsCompany(choice, this.#parts.now())) return;
      const before = this.#airing?.publishers ?? [];
      await this.#takeOffAir();
      if (choice.length > 0) await this.#putOnAir(choice, before);
      else if (this.#lineup.empty && !this.#ending && !this.#isAtRest) await this.#interrupt('No encoder is left');
    });
  }

  async #putOnAir(publishers: readonly Publisher[], before: readonly Publisher[]): Promise<void> {
    if (this.#closed || publishers.some(({ gone }) => gone)) return;
    try {
      this.#broadcast ??= await this.#open();
    } catch (error) {
      for (const each of publishers) this.#dismiss(each, 'The server could not start this broadcast.');
      throw error;
    }
    const { stored, writer, profile, captions } = this.#broadcast;
    const log = this.#log.child({ broadcastId: stored.id });
    const airing = new Airing({
      publishers,
      transcoder: this.#parts.transcoder,
      profile,
      captions,
      writer,
      log,
      onMedia: () => this.#mediaArrived(airing),
      onMisaligned: (publisher) => {
        this.#lineup.misfit(publisher, this.#parts.now());
        this.#dismiss(publisher, misfitAdvice);
      },
      onFailure: (message, lines) => {
        this.#tell('transcoderRestarted', message);
        this.#listener.transcodeFailed(this.entryId, { at: this.#isoNow(), message, lines: [...lines] });
      },
    });
    this.#airing = airing;
    this.#lineup.aired(publishers, before, this.#parts.now());
    const names = publishers.map(nameOf).join(', ');
    this.#tell(
      before.length > 0 ? 'switched' : 'onAir',
      before.length > 0 ? `Switched to ${names}.` : `${names} on air.`,
    );
  }

  async #takeOffAir(): Promise<void> {
    const airing = this.#airing;
    this.#airing = undefined;
    await airing?.close();
  }

  #tracksChanged(publisher: Publisher): void {
    const airing = this.#airing;
    if (publisher.gone) return;
    if (!publisher.brake.allowsChange(this.#parts.now())) this.#dismiss(publisher, unsteadyAdvice);
    else if (airing && this.#isOnAir(publisher)) this.#restart(airing, publisher);
  }

  /** The same sources, of which one has other tracks. */
  #restart(airing: Airing, changed: Publisher): void {
    this.#steps.add('tracks', async () => {
      if (this.#airing !== airing) return;
      const nowMs = this.#parts.now();
      const pauseMs = changed.brake.pauseMs(nowMs);
      changed.heldUntilMs = nowMs + pauseMs;
      const again = `${nameOf(changed)} keeps changing what it sends, and is read again after a pause.`;
      this.#tell('tracksChanged', pauseMs > 0 ? again : 'The encoder changed what it sends.');
      await this.#takeOffAir();
      this.#rechoose();
    });
  }

  async #open(): Promise<RunningBroadcast> {
    const broadcast = await openBroadcast(this.entryId, this.#parts);
    await this.#record(broadcast.writer);
    return broadcast;
  }

  async #record({ timeline }: TimelineWriter): Promise<void> {
    await this.#parts.recorder.start(this.entryId, timeline, {
      happened: (kind, message) => this.#tell(kind, message),
    });
  }

  /** A segment of what is on air can be played: the entry is live. */
  #mediaArrived(airing: Airing): void {
    const broadcast = this.#broadcast;
    if (this.#airing !== airing || !broadcast || this.#state === 'live') return;
    const { id, interruptedAtMs } = broadcast.stored;
    if (interruptedAtMs !== null) {
      // What changes the timeline otherwise is not media of theirs.
      if (!airing.publishers.some(({ lastMediaAtMs }) => lastMediaAtMs >= interruptedAtMs)) return;
      this.#broadcast = { ...broadcast, stored: { ...broadcast.stored, interruptedAtMs: null } };
      this.#steps.add('resume', () => this.#parts.broadcasts.resume(id));
    }
    this.#window.close();
    this.#lastMediaAtMs = this.#parts.now();
    this.#setState('live');
  }

  /** Whoever is on air is connected, but has sent nothing for a while. */
  #isSilent(nowMs: number): boolean {
    const onAir = this.#airing?.publishers ?? [];
    this.#lastMediaAtMs = Math.max(this.#lastMediaAtMs, ...onAir.map((publisher) => publisher.lastMediaAtMs));
    return this.#state === 'live' && nowMs - this.#lastMediaAtMs > this.#silenceMs;
  }

  get #silenceMs(): number {
    return Math.max(leastSilenceMs, this.#parts.rules.stallMs);
  }

  async #interruptSilence(): Promise<void> {
    if (this.#closed || this.#ending || !this.#isSilent(this.#parts.now())) return;
    await this.#interrupt(`No encoder has sent anything for ${this.#silenceMs / 1000} s`);
  }

  /** The broadcast waits for a publisher, if it has any media to continue. */
  async #interrupt(why: string): Promise<void> {
    const broadcast = this.#broadcast;
    if (!broadcast || broadcast.writer.timeline.segments.length === 0) return await this.#finish();
    const { stored } = broadcast;
    const interruptedAtMs = stored.interruptedAtMs ?? this.#parts.now();
    this.#broadcast = { ...broadcast, stored: { ...stored, interruptedAtMs } };
    await this.#parts.broadcasts.interrupt(stored.id, interruptedAtMs);
    this.#setState('interrupted');
    this.#tell('interrupted', `${why}; waiting ${this.#parts.reconnectWindowSeconds} s for one.`);
    if (!this.#closed) this.#window.open(interruptedAtMs);
  }

  /** The window is over. Connections that have hung are not waited for; whoever has just come still is. */
  async #stopWaiting(): Promise<void> {
    if (this.#closed || this.#state !== 'interrupted') return;
    const nowMs = this.#parts.now();
    const silent = this.#lineup.publishers.filter((publisher) => publisher.isSilent(nowMs, this.#parts.rules));
    for (const publisher of silent) this.#dismiss(publisher, 'Nothing came for too long; the broadcast has ended.');
    if (this.#lineup.empty) await this.#finish();
    else this.#window.extend();
  }

  /** Closes the broadcast for good; without one, the entry goes back to where it was. */
  async #finish(): Promise<void> {
    this.#ending = false;
    this.#window.close();
    await this.#takeOffAir();
    const broadcast = this.#broadcast;
    const hadMedia = (broadcast?.writer.timeline.segments.length ?? 0) > 0;
    await broadcast?.writer.end();
    // Before anybody is told that it has ended: from then on it plays what was recorded.
    await this.#parts.recorder.finish(this.entryId);
    await broadcast?.writer.close();
    if (broadcast) await this.#parts.broadcasts.end(broadcast.stored.id, this.#parts.now());
    const last = hadMedia ? undefined : await this.#parts.broadcasts.last(this.entryId);
    this.#broadcast = undefined;
    if (hadMedia) this.#tell('ended', 'The broadcast has ended.');
    const isOver = hadMedia || (last !== undefined && last.id !== broadcast?.stored.id);
    if (hadMedia || this.#lineup.empty) this.#setState(isOver ? 'ended' : 'idle');
    if (!this.#lineup.empty) {
      this.#setState('starting');
      this.#rechoose();
    }
    // The catalog knows before the entry has another session, and whoever is let in until then stays in this one.
    await this.#stateWrites;
    if (this.#isAtRest) this.#listener.finished(this);
  }

  #tell(kind: IngestEvent['kind'], message: string): void {
    this.#listener.ingestHappened(this.entryId, { at: this.#isoNow(), kind, message });
  }

  #isoNow(): string {
    return new Date(this.#parts.now()).toISOString();
  }

  #setState(state: EntryState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#log.info({ state }, 'state');
    const at = this.#parts.now();
    const broadcastId = this.#broadcast?.stored.id ?? null;
    this.#stateWrites = this.#stateWrites
      .then(() => this.#parts.entries.setState(this.entryId, state))
      .catch((error: unknown) => this.#log.error({ err: error }, 'state could not be stored'))
      .then(() => this.#listener.stateChanged({ entryId: this.entryId, state, broadcastId, at }));
  }

  async #settled(): Promise<void> {
    await this.#steps.settled();
    await this.#stateWrites;
  }
}

function nameOf({ request, role, index }: Publisher): string {
  const name = `${role === 'primary' ? 'Primary' : 'Backup'} encoder (${request.protocol.toUpperCase()})`;
  return index === 1 ? name : `${name}, stream ${index}`;
}
