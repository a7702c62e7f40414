import type { Engine } from '../engines/engine.ts';
import { findTile, parseStoryboard, type Tile } from './storyboard.ts';

const requestName = 'mediapreviewrequest';
/** A broadcast's storyboard grows. */
const refreshMs = 5000;

/** What is pointed at, by which element. */
interface Pointed {
  readonly range: EventTarget;
  /** On the media element's time line. */
  readonly seconds: number;
}

/**
 * The pictures above the seek bar. media-chrome shows the cue of a track named `thumbnails` for the time that is pointed
 * at; this keeps one cue in it, which says what is there now, just before media-chrome looks.
 */
export class ScrubPreview {
  readonly #video: HTMLVideoElement;
  readonly #controller: HTMLElement;
  readonly #address: string;
  readonly #engine: () => Engine | undefined;
  readonly #track: TextTrack;
  readonly #closing = new AbortController();
  #tiles: readonly Tile[] = [];
  #loadedAtMs = -Infinity;
  #loadedFor: Engine | undefined;
  #pointed: Pointed | undefined;
  #asking = false;
  #cue: VTTCue | undefined;

  constructor(video: HTMLVideoElement, controller: HTMLElement, path: string, engine: () => Engine | undefined) {
    this.#video = video;
    this.#controller = controller;
    this.#address = new URL(path, location.href).href;
    this.#engine = engine;
    this.#track = video.addTextTrack('metadata', 'thumbnails');
    this.#track.mode = 'hidden';
    controller.addEventListener(requestName, this.#onRequest, { capture: true });
  }

  close(): void {
    this.#controller.removeEventListener(requestName, this.#onRequest, { capture: true });
    this.#closing.abort();
  }

  readonly #onRequest = (event: Event) => {
    if (this.#asking) return;
    const { detail } = event as CustomEvent<number | null>;
    const [range] = event.composedPath();
    this.#pointed = typeof detail === 'number' && range ? { range, seconds: this.#secondsAt(detail) } : undefined;
    if (!this.#pointed) return;
    event.stopImmediatePropagation();
    this.#show(this.#pointed);
    this.#refresh();
  };

  /** media-chrome takes the seek bar to begin at 0, which it does not while a window moves on. */
  #secondsAt(previewTime: number): number {
    const { seekable } = this.#video;
    if (seekable.length === 0) return previewTime;
    const [start, end] = [seekable.start(0), seekable.end(seekable.length - 1)];
    return start + (previewTime / (end || 1)) * (end - start);
  }

  /** Asks media-chrome again, with the right time and with the cue for it. */
  #show({ range, seconds }: Pointed): void {
    if (this.#cue) this.#track.removeCue(this.#cue);
    const tile = this.#tileAt(seconds);
    this.#cue = tile && new VTTCue(0, Number.MAX_SAFE_INTEGER, tile.url);
    if (this.#cue) this.#track.addCue(this.#cue);
    this.#asking = true;
    range.dispatchEvent(new CustomEvent(requestName, { bubbles: true, composed: true, detail: seconds }));
    this.#asking = false;
  }

  #tileAt(seconds: number): Tile | undefined {
    const engine = this.#engine();
    const { seekable } = this.#video;
    const fromStart = seekable.length > 0 ? seconds - seekable.start(0) : seconds;
    return engine && findTile(this.#tiles, { wallClockMs: engine.wallClockAt(seconds), seconds: fromStart });
  }

  #refresh(): void {
    const engine = this.#engine();
    if (!engine) return;
    const isFresh = !engine.live || performance.now() - this.#loadedAtMs < refreshMs;
    if (this.#loadedFor === engine && isFresh) return;
    this.#loadedFor = engine;
    this.#loadedAtMs = performance.now();
    // What was kept of the broadcast is not what its recording has.
    fetch(this.#address, { credentials: 'omit', cache: 'no-cache', signal: this.#closing.signal })
      .then(async (response) => (response.ok ? parseStoryboard(await response.text(), this.#address) : []))
      .then(
        (tiles) => {
          this.#tiles = tiles;
          if (this.#pointed) this.#show(this.#pointed);
        },
        // Without pictures there is still the time; the next time they are asked for again.
        () => {
          this.#loadedFor = undefined;
        },
      );
  }
}
