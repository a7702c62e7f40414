interface Playlist {
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  readonly discontinuities: number;
  readonly uris: readonly string[];
  /** Where its last run begins. */
  readonly lastRunUnixMs: number;
}

/** Reads a media playlist again and again, as a player does, and notes whatever a playlist must never do (RFC 8216 6.2.2). */
export class PlaylistWatch {
  readonly complaints: string[] = [];
  readonly #url: string;
  readonly #timer: NodeJS.Timeout;
  readonly #uriOf = new Map<number, string>();
  #last: Playlist | undefined;
  #reading = false;

  constructor(url: string) {
    this.#url = url;
    this.#timer = setInterval(() => void this.#look(), 300);
  }

  /** Wall clock of the beginning of the last run of media without a break; undefined before the first. */
  get lastRunUnixMs(): number | undefined {
    return this.#last?.lastRunUnixMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      const response = await fetch(this.#url);
      if (response.ok) this.#compare(parse(await response.text()));
      else if (this.#last) this.complaints.push(`the playlist answered ${response.status}`);
    } catch (error) {
      this.complaints.push(`the playlist could not be read: ${String(error)}`);
    } finally {
      this.#reading = false;
    }
  }

  #compare(next: Playlist): void {
    const last = this.#last;
    this.#last = next;
    if (!last) return;
    for (const name of ['mediaSequence', 'discontinuitySequence'] as const) {
      if (next[name] < last[name]) this.complaints.push(`${name} went from ${last[name]} to ${next[name]}`);
    }
    if (endOf(next) < endOf(last)) this.complaints.push('segments were taken back');
    if (runsOf(next) < runsOf(last)) this.complaints.push('discontinuities were taken back');
    next.uris.forEach((uri, index) => {
      const sequence = next.mediaSequence + index;
      const known = this.#uriOf.get(sequence);
      if (known !== undefined && known !== uri) this.complaints.push(`segment ${sequence} became another one`);
      this.#uriOf.set(sequence, uri);
    });
  }
}

function endOf({ mediaSequence, uris }: Playlist): number {
  return mediaSequence + uris.length;
}

function runsOf({ discontinuitySequence, discontinuities }: Playlist): number {
  return discontinuitySequence + discontinuities;
}

function parse(text: string): Playlist {
  const number = (tag: string) => Number(new RegExp(`^#${tag}:(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const lines = text.split('\n');
  return {
    mediaSequence: number('EXT-X-MEDIA-SEQUENCE'),
    discontinuitySequence: number('EXT-X-DISCONTINUITY-SEQUENCE'),
    discontinuities: lines.filter((line) => line === '#EXT-X-DISCONTINUITY').length,
    lastRunUnixMs: Date.parse(text.split('#EXT-X-PROGRAM-DATE-TIME:').at(-1)?.split('\n')[0] ?? ''),
    uris: lines.filter((line) => line !== '' && !line.startsWith('#')),
  };
}
