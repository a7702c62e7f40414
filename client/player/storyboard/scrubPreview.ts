import type { Engine } from '../engines/engine.ts';
import { findTile, parseStoryboard, type Tile } from './storyboard.ts';

/** A broadcast's storyboard grows. */
const refreshMs = 5000;

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

  constructor(video: HTMLVideoElement, controller: HTMLElement, path: string, engine: () => Engine | undefined) {
    this.#video = video;
    this.#controller = controller;
    this.#address = new URL(path, location.href).href;
    this.#engine = engine;
    this.#track = video.addTextTrack('metadata', 'thumbnails');
    this.#track.mode = 'hidden';
    controller.addEventListener('mediapreviewrequest', this.#onRequest, { capture: true });
  }

  close(): void {
    this.#controller.removeEventListener('mediapreviewrequest', this.#onRequest, { capture: true });
    this.#closing.abort();
  }

  readonly #onRequest = (event: Event) => {
    const { detail } = event as CustomEvent<number | undefined>;
    const engine = this.#engine();
    if (engine) this.#refresh(engine);
    const tile = engine && typeof detail === 'number' ? this.#tileAt(engine, detail) : undefined;
    for (const cue of [...(this.#track.cues ?? [])]) this.#track.removeCue(cue);
    if (tile) this.#track.addCue(new VTTCue(0, Number.MAX_SAFE_INTEGER, tile.url));
  };

  #tileAt(engine: Engine, seconds: number): Tile | undefined {
    const { seekable } = this.#video;
    const fromStart = seekable.length > 0 ? seconds - seekable.start(0) : seconds;
    return findTile(this.#tiles, { wallClockMs: engine.wallClockAt(seconds), seconds: fromStart });
  }

  #refresh(engine: Engine): void {
    const isFresh = !engine.live || performance.now() - this.#loadedAtMs < refreshMs;
    if (this.#loadedFor === engine && isFresh) return;
    this.#loadedFor = engine;
    this.#loadedAtMs = performance.now();
    fetch(this.#address, { credentials: 'omit', signal: this.#closing.signal })
      .then(async (response) => (response.ok ? parseStoryboard(await response.text(), this.#address) : []))
      .then(
        (tiles) => {
          this.#tiles = tiles;
        },
        // Without pictures there is still the time; the next time they are asked for again.
        () => {
          this.#loadedFor = undefined;
        },
      );
  }
}
