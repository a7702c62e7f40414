/** How many text tracks and caption channels a multivariant playlist announces (RFC 8216 4.3.4.1). */
export function countCaptions(playlist: string): number {
  return playlist.match(/^#EXT-X-MEDIA:(?:.*,)?TYPE=(?:SUBTITLES|CLOSED-CAPTIONS)(?:,|\r?$)/gm)?.length ?? 0;
}

/**
 * Captions that a broadcast begins to have while it is watched: hls.js reads the multivariant playlist once. They begin
 * with a discontinuity, so that is when to look.
 */
export class AnnouncedCaptions {
  readonly #url: string;
  readonly #onMore: () => void;
  readonly #closing = new AbortController();
  #known: number;
  #lookedAt: number | undefined;

  /** `known`: how many were announced when playback began. */
  constructor(url: string, known: number, onMore: () => void) {
    this.#url = url;
    this.#known = known;
    this.#onMore = onMore;
  }

  /** `discontinuities`: how many there were before the newest whole segment. */
  async lookAt(discontinuities: number): Promise<void> {
    const isFirst = this.#lookedAt === undefined;
    if (this.#lookedAt === discontinuities) return;
    this.#lookedAt = discontinuities;
    if (isFirst) return;
    const { signal } = this.#closing;
    try {
      const response = await fetch(this.#url, { cache: 'no-cache', signal });
      const count = response.ok ? countCaptions(await response.text()) : 0;
      if (signal.aborted || count <= this.#known) return;
      this.#known = count;
      this.#onMore();
    } catch {
      // The next discontinuity is another chance; who cannot load playlists has other trouble.
    }
  }

  close(): void {
    this.#closing.abort();
  }
}
