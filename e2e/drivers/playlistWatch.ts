import { commonLines, flawsOf, partHoldBackSeconds, shortPartsOf } from './playlistRules.ts';

interface Playlist {
  readonly targetDuration: number;
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  readonly discontinuities: number;
  readonly uris: readonly string[];
  /** Where its last run begins. */
  readonly lastRunUnixMs: number;
}

/**
 * Reads a media playlist and those of the broadcast's other tracks again and again, as a player does, and notes whatever
 * a playlist must never do (RFC 8216 6.2.2, RFC 8216bis).
 */
export class PlaylistWatch {
  readonly #complaints = new Set<string>();
  readonly #shortParts = new Set<string>();
  #longestPartHoldBack: number | undefined;
  #looks = 0;
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

  get complaints(): readonly string[] {
    return [...this.#complaints];
  }

  /** Parts shorter than they may be, where the frames of the source come evenly. */
  get shortParts(): readonly string[] {
    return [...this.#shortParts];
  }

  /** How often all playlists have been read. */
  get looks(): number {
    return this.#looks;
  }

  /** The longest PART-HOLD-BACK so far, in seconds. */
  get longestPartHoldBack(): number | undefined {
    return this.#longestPartHoldBack;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      const text = await this.#read(this.#url);
      if (text === undefined) return;
      this.#compare(parse(text));
      await this.#compareWithOthers(text);
      this.#looks++;
    } catch (error) {
      this.#complaints.add(`the playlist could not be read: ${String(error)}`);
    } finally {
      this.#reading = false;
    }
  }

  async #read(url: string): Promise<string | undefined> {
    const response = await fetch(url);
    if (!response.ok) {
      if (this.#last) this.#complaints.add(`the playlist answered ${response.status}`);
      return undefined;
    }
    const text = await response.text();
    const name = url.split('/').at(-1);
    for (const flaw of flawsOf(text)) this.#complaints.add(`${name}: ${flaw}`);
    for (const short of shortPartsOf(text)) this.#shortParts.add(`${name}: ${short}`);
    this.#longestPartHoldBack = Math.max(this.#longestPartHoldBack ?? 0, partHoldBackSeconds(text) ?? 0) || undefined;
    return text;
  }

  /** Those that are read between two of the first that say the same must say it, too. */
  async #compareWithOthers(text: string): Promise<void> {
    const names = [...text.matchAll(/RENDITION-REPORT:URI="([^"]+)"/g)].map(([, name]) => name!);
    const others = await Promise.all(names.map((name) => this.#read(new URL(name, this.#url).href)));
    const again = await this.#read(this.#url);
    const expected = commonLines(text);
    if (again === undefined || commonLines(again) !== expected) return;
    for (const other of others)
      if (other !== undefined && commonLines(other) !== expected)
        this.#complaints.add(`playlists differ: ${commonLines(other)}, ${expected}`);
  }

  #compare(next: Playlist): void {
    const last = this.#last;
    this.#last = next;
    if (!last) return;
    for (const name of ['mediaSequence', 'discontinuitySequence'] as const) {
      if (next[name] < last[name]) this.#complaints.add(`${name} went from ${last[name]} to ${next[name]}`);
    }
    if (next.targetDuration !== last.targetDuration)
      this.#complaints.add(`the target duration went from ${last.targetDuration} to ${next.targetDuration}`);
    if (endOf(next) < endOf(last)) this.#complaints.add('segments were taken back');
    if (runsOf(next) < runsOf(last)) this.#complaints.add('discontinuities were taken back');
    next.uris.forEach((uri, index) => {
      const sequence = next.mediaSequence + index;
      const known = this.#uriOf.get(sequence);
      if (known !== undefined && known !== uri) this.#complaints.add(`segment ${sequence} became another one`);
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
    targetDuration: number('EXT-X-TARGETDURATION'),
    mediaSequence: number('EXT-X-MEDIA-SEQUENCE'),
    discontinuitySequence: number('EXT-X-DISCONTINUITY-SEQUENCE'),
    discontinuities: lines.filter((line) => line === '#EXT-X-DISCONTINUITY').length,
    lastRunUnixMs: Date.parse(text.split('#EXT-X-PROGRAM-DATE-TIME:').at(-1)?.split('\n')[0] ?? ''),
    uris: lines.filter((line) => line !== '' && !line.startsWith('#')),
  };
}
