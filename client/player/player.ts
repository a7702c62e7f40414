import type { Entry, Playback, VideoEntry } from '../../shared/model/entry.ts';
import type { EntryState } from '../../shared/model/state.ts';
import { paths } from '../../shared/urls.ts';
import { formatBehind, isAtLiveEdge } from './behindLive.ts';
import { tailToKeep, untilSeen } from './broadcastEnd.ts';
import { createControls, type Controls } from './controls/controls.ts';
import { showNotice } from './controls/notice.ts';
import { qualityRows } from './controls/qualityLabel.ts';
import { loadEngine } from './engines/engines.ts';
import type { Engine, EngineName } from './engines/engine.ts';
import { isOutlived, mayPlay, noticeFor, posterOf, retryDelayMs } from './playerState.ts';
import { resumeAt, type Resume } from './resume.ts';
import { ScrubPreview } from './storyboard/scrubPreview.ts';
import { fetchEntryPatiently, untilMade, WatchedEntry } from './watchedEntry.ts';

/** For five seconds browsers and caches in between may answer with the manifest they have. */
const manifestsKeptMs = 5500;

export interface PlayerOptions {
  readonly entryId: string;
  readonly engine: EngineName;
  readonly autoplay: boolean;
  readonly muted: boolean;
  /** Told each state, for the page around the player. */
  readonly onState?: (state: EntryState) => void;
}

/** Plays an entry whatever it is now: waits for it, follows it live, keeps its DVR, and starts again after failures. */
export class Player {
  readonly #options: PlayerOptions;
  readonly #controls: Controls;
  readonly #watched: WatchedEntry | undefined;
  readonly #tick: ReturnType<typeof setInterval>;
  readonly #preview: ScrubPreview | undefined;
  #playback: Pick<Playback, 'hls' | 'dash'>;
  #state: EntryState | undefined;
  #engine: Engine | undefined;
  #starting = false;
  /** Settles once the engine before has let go of the video element. */
  #left: Promise<void> | undefined;
  #failure: string | undefined;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #replaced: ReturnType<typeof setTimeout> | undefined;
  #missing = false;
  #closed = false;
  /** Label of the captions that were chosen last: over a restart of the engine as well. */
  #lastCaptions: string | undefined;
  #captionsAreOn = false;
  #video: 'ready' | 'processing' | undefined;
  /** The viewer wants it to play, also while an engine that failed has left the video element empty, and so paused. */
  #plays: boolean;
  /** A broadcast has been on since the last one ended. */
  #wasOn = false;
  /** The end of a broadcast that is being seen to; a later one takes its place. */
  #end: object | undefined;
  /** What has ended is recorded. */
  #hasRecording = false;
  /** The recording of what has just ended is about to begin. */
  #recordingFollows = false;

  constructor(container: HTMLElement, options: PlayerOptions, entry: Entry | undefined) {
    this.#options = options;
    this.#plays = options.autoplay;
    this.#controls = createControls(container);
    this.#playback = entry?.playback ?? { hls: null, dash: null };
    const { video, controller, quality, captions } = this.#controls;
    video.muted = options.muted;
    quality.onSelect = (id) => this.#engine?.selectQuality(id);
    captions.onSelect = (id) => this.#selectCaptions(id);
    controller.addEventListener('mediatogglesubtitlesrequest', (event) => this.#toggleCaptions(event), {
      capture: true,
    });
    controller.addEventListener('mediaseektoliverequest', (event) => this.#seekToLive(event), { capture: true });
    for (const name of ['playing', 'pause', 'ended', 'timeupdate', 'seeked']) {
      video.addEventListener(name, () => this.#render());
    }
    video.addEventListener('play', () => (this.#plays = true));
    video.addEventListener('pause', () => (this.#plays &&= video.ended));
    this.#tick = setInterval(() => this.#render(), 1000);
    if (entry && entry.type !== 'manual') {
      this.#preview = new ScrubPreview(video, controller, paths.storyboard(entry.id), () => this.#engine);
    }
    const poster = entry && posterOf(entry);
    if (poster) video.poster = poster;
    if (!entry) this.#missing = true;
    else if (entry.type === 'live')
      this.#watched = new WatchedEntry(
        options.entryId,
        (state) => this.#enter(state),
        () => this.#replaceSoon(),
      );
    else if (entry.type === 'video') {
      this.#watched = new WatchedEntry(
        options.entryId,
        () => undefined,
        () => this.#replaceSoon(),
      );
    }
    // A stream that is served elsewhere: nobody tells us its state, so it is simply tried.
    if (entry?.type === 'manual') this.#enter('live');
    if (entry?.type === 'video') void this.#playVideo(entry);
    if (entry?.type === 'live') this.#enter(entry.state);
    this.#render();
  }

  get video(): HTMLVideoElement {
    return this.#controls.video;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#tick);
    clearTimeout(this.#retry);
    clearTimeout(this.#replaced);
    this.#watched?.close();
    this.#preview?.close();
    this.#drop();
    await this.#left;
  }

  async #playVideo(entry: VideoEntry): Promise<void> {
    this.#video = entry.status === 'processing' ? 'processing' : 'ready';
    this.#render();
    const made = await untilMade(entry, () => this.#closed);
    this.#missing = made === undefined;
    this.#video = 'ready';
    this.#start();
    this.#render();
  }

  /** What is on air goes on, whatever becomes of its recording. */
  #replaceSoon(): void {
    clearTimeout(this.#replaced);
    this.#replaced = setTimeout(() => {
      const isOnAir = this.#state !== undefined && this.#state !== 'ended';
      if (!isOnAir && !this.#recordingFollows) this.#playReplaced();
    }, manifestsKeptMs);
  }

  /** The video begins and ends elsewhere now; nobody can say where in it the old place is. */
  #playReplaced(): void {
    if (!this.#engine) return;
    const { video } = this.#controls;
    this.#restart({ at: undefined, paused: video.paused && !video.ended });
    this.#render();
  }

  #enter(state: EntryState): void {
    const before = this.#state;
    this.#state = state;
    this.#options.onState?.(state);
    if (state === 'live' || state === 'interrupted') this.#wasOn = true;
    if (state !== 'ended') this.#hasRecording = false;
    if (this.#engine && this.#isOutlived(before, this.#engine)) this.#restart();
    else if (state === 'ended' && this.#wasOn) void this.#playRecording();
    else if (mayPlay(state) && !this.#engine) this.#start();
    this.#render();
  }

  /** Nobody tells the state of what is served elsewhere. */
  #isOutlived(loadedIn: EntryState | undefined, engine: Engine): boolean {
    return this.#watched !== undefined && isOutlived(loadedIn, this.#state, engine.live);
  }

  /**
   * The same addresses play the recording now: from its start, once the last of the broadcast has been seen. The engine
   * may fail at any time meanwhile, for what it reads is another timeline from now on.
   */
  async #playRecording(): Promise<void> {
    this.#wasOn = false;
    this.#recordingFollows = false;
    const engine = this.#engine;
    const end = (this.#end = {});
    const isOver = () => this.#closed || this.#state !== 'ended' || this.#end !== end;
    const isLeft = () => isOver() || this.#engine !== engine;
    const { video } = this.#controls;
    const tailAtEnd = tailToKeep(video);
    const entry = await fetchEntryPatiently(this.#options.entryId);
    if (isOver()) return;
    // What has ended without a recording is still there for a while.
    if (entry?.type !== 'live' || !entry.recorded?.entryId) return this.#start();
    this.#hasRecording = true;
    const tailSeconds = isLeft() ? tailAtEnd : tailToKeep(video);
    if (engine && tailSeconds === undefined) {
      this.#recordingFollows = true;
      this.#render();
      await untilSeen(video, isLeft);
      if (this.#end === end) this.#recordingFollows = false;
    }
    const at = tailSeconds === undefined ? undefined : { beforeEndSeconds: tailSeconds };
    // Another engine would have been started since, and plays the recording already.
    const isOther = this.#engine !== undefined && this.#engine !== engine;
    if (!isOver() && !isOther) this.#restart({ at, paused: !this.#plays });
    this.#render();
  }

  /** The same broadcast at the same place, with what there is to choose from now. */
  #renew(): void {
    const engine = this.#engine;
    if (!engine) return;
    const { currentTime, paused } = this.#controls.video;
    const isLive = !paused && isAtLiveEdge(currentTime, engine.livePosition);
    const at = isLive ? undefined : { behindLiveSeconds: engine.livePosition - currentTime };
    this.#restart({ at, paused });
    this.#render();
  }

  #restart(resume?: Resume): void {
    this.#drop();
    this.#start(resume);
  }

  #drop(): void {
    if (!this.#engine) return;
    this.#left = this.#engine.destroy().catch(() => undefined);
    this.#engine = undefined;
  }

  #start(resume?: Resume): void {
    clearTimeout(this.#retry);
    if (this.#starting || this.#engine || this.#closed) return;
    this.#starting = true;
    const begunIn = this.#state;
    this.#load(begunIn).then(
      (engine) => {
        this.#starting = false;
        this.#engine = engine;
        this.#failure = undefined;
        if (this.#closed) this.#drop();
        else if (this.#isOutlived(begunIn, engine)) this.#loadAgain(begunIn);
        else this.#play(engine, resume);
        this.#render();
      },
      (error: unknown) => {
        this.#starting = false;
        this.#fail(error instanceof Error ? error.message : String(error), begunIn);
      },
    );
  }

  #play(engine: Engine, resume: Resume | undefined): void {
    this.#restoreCaptions(engine);
    this.#attempt = 0;
    resumeAt(this.#controls.video, engine, resume?.at);
    if (resume ? !resume.paused : this.#options.autoplay || this.#plays) this.#autoplay();
    // It ended while it was loaded, or a manifest was kept from before the end.
    if (this.#state === 'ended' && engine.live) void this.#playRecording();
  }

  /** It went live while something else was loaded; or it was live already, and the manifest was kept from before. */
  #loadAgain(begunIn: EntryState | undefined): void {
    this.#drop();
    if (begunIn !== this.#state) this.#start();
    else this.#retry = setTimeout(() => this.#start(), retryDelayMs(this.#attempt++));
  }

  async #load(begunIn: EntryState | undefined): Promise<Engine> {
    const start = await loadEngine(this.#options.engine);
    await this.#left;
    const own: { engine?: Engine; failure?: string } = {};
    own.engine = await start(this.#controls.video, this.#playback, {
      choicesChanged: () => this.#render(),
      outdated: () => this.#renew(),
      failed: (message) => {
        own.failure = message;
        // One that is being loaded is judged below, and one that has been replaced has no say any more.
        if (own.engine === undefined || own.engine !== this.#engine) return;
        this.#drop();
        this.#fail(message, begunIn);
      },
    });
    if (own.failure === undefined) return own.engine;
    await own.engine.destroy();
    throw new Error(own.failure);
  }

  #fail(message: string, begunIn: EntryState | undefined): void {
    this.#failure = message;
    this.#render();
    // An ended broadcast whose DVR has gone stays away. Anything else is tried again, also what ended while it was played.
    const isGone = this.#state === 'ended' && begunIn === 'ended' && !this.#hasRecording;
    const isOff = this.#state === undefined || !mayPlay(this.#state);
    if (this.#closed || ((isGone || isOff) && !this.#video)) return;
    this.#retry = setTimeout(() => this.#start(), retryDelayMs(this.#attempt++));
  }

  /** Browsers refuse sound before a click: then it starts muted. */
  #autoplay(): void {
    const { video } = this.#controls;
    video.play().catch(() => {
      video.muted = true;
      video.play().catch(() => undefined);
    });
  }

  #selectCaptions(id: number | undefined): void {
    this.#engine?.selectTextTrack(id);
    this.#captionsAreOn = id !== undefined;
    if (id !== undefined) this.#lastCaptions = this.#engine?.textTracks.find((track) => track.id === id)?.label;
    this.#render();
  }

  /** Another engine, or the same one anew, goes on with the captions that were on. */
  #restoreCaptions({ textTracks }: Engine): void {
    const id = textTracks.find(({ label }) => label === this.#lastCaptions)?.id;
    if (this.#captionsAreOn && id !== undefined) this.#selectCaptions(id);
  }

  /** The key for captions: off, or what was chosen last, or the first there is. */
  #toggleCaptions(event: Event): void {
    event.stopImmediatePropagation();
    if (!this.#engine) return;
    const { textTracks, shownTextTrack } = this.#engine;
    const wanted = textTracks.find(({ label }) => label === this.#lastCaptions) ?? textTracks[0];
    this.#selectCaptions(shownTextTrack === undefined ? wanted?.id : undefined);
  }

  #seekToLive(event: Event): void {
    if (!this.#engine) return;
    event.stopImmediatePropagation();
    const { video } = this.#controls;
    video.currentTime = this.#engine.livePosition;
    video.play().catch(() => undefined);
  }

  #render(): void {
    const { video, quality, captions, behind, clock, liveButton, notice } = this.#controls;
    const engine = this.#engine;
    showNotice(
      notice,
      noticeFor({
        state: this.#state,
        missing: this.#missing,
        loaded: engine !== undefined,
        finished: video.ended,
        recordingFollows: this.#recordingFollows,
        video: this.#video,
        failure: this.#failure,
      }),
      engine !== undefined && !video.ended,
    );
    const live = engine?.live ?? false;
    liveButton.hidden = !live;
    clock.hidden = live || engine === undefined;
    if (!engine) return;
    const behindSeconds = live ? engine.livePosition - video.currentTime : 0;
    behind.textContent =
      live && !isAtLiveEdge(video.currentTime, engine.livePosition) ? formatBehind(behindSeconds) : '';
    const shown = engine.shownQuality;
    const label = shown ? `${shown.height}p` : 'Auto';
    const selected = engine.automatic ? undefined : shown?.id;
    quality.show(
      qualityRows(engine.qualities),
      selected,
      'Auto',
      engine.automatic ? `Auto ${shown ? label : ''}`.trim() : label,
    );
    captions.show(engine.textTracks, engine.shownTextTrack, 'Off', 'CC');
    captions.element.classList.toggle('tally-menu-on', engine.shownTextTrack !== undefined);
  }
}
