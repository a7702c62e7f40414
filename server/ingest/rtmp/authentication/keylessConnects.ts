import { digest } from './encoderOrigin.ts';

interface Keyless {
  /** How often each publish name came without a key, by digest; the latest last. */
  readonly names: Map<string, number>;
  /** How often a user name was asked for. */
  asked: number;
  readonly untilMs: number;
}

const memoryMs = 60_000;
const tokenMemoryMs = 24 * 3_600_000;
/** One may be a slip; whoever does it again with the same name is an encoder that waits to be asked. */
const keylessBeforeAsking = 2;
const mostOrigins = 10_000;
/** An encoder that sends several qualities has a name for each. */
const mostNames = 8;

/**
 * Whether somebody who connects without a word about authentication is to be asked for user name and password. Most
 * are not: their stream name may yet bring a token, and clients without a password give up when they are asked. So only
 * an origin (see encoderOrigin) is asked that keeps publishing the same name without a key, as often as it has such
 * names, and never one that has brought the right token with its stream name within a day.
 */
export class KeylessConnects {
  readonly #now: () => number;
  /** By origin, like the others: what will be forgotten first comes first. */
  readonly #keyless = new Map<string, Keyless>();
  readonly #bringTokens = new Map<string, { readonly untilMs: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#keyless.size + this.#bringTokens.size;
  }

  shouldAsk(origin: string): boolean {
    const known = this.#get(this.#keyless, origin);
    if (!known || this.#get(this.#bringTokens, origin)) return false;
    const repeated = [...known.names.values()].filter((times) => times >= keylessBeforeAsking).length;
    if (repeated === 0) return false;
    if (known.asked < repeated) {
      known.asked += 1;
      return true;
    }
    // Asked before without an answer: it has no password, so its key must come with the stream name.
    this.#keyless.delete(origin);
    return false;
  }

  cameWithoutKey(origin: string, publishName: string): void {
    const known = this.#get(this.#keyless, origin);
    const names = known?.names ?? new Map<string, number>();
    const name = digest(publishName);
    const times = (names.get(name) ?? 0) + 1;
    names.delete(name);
    names.set(name, times);
    const [oldest] = names.keys();
    if (names.size > mostNames && oldest !== undefined) names.delete(oldest);
    this.#remember(this.#keyless, origin, { names, asked: 0, untilMs: this.#now() + memoryMs });
  }

  /** Its stream name came with the right token. */
  broughtRightToken(origin: string): void {
    this.#keyless.delete(origin);
    this.#remember(this.#bringTokens, origin, { untilMs: this.#now() + tokenMemoryMs });
  }

  /** It has brought a key or a user name. */
  knowsTheWay(origin: string): void {
    this.#keyless.delete(origin);
  }

  #get<Memory extends { readonly untilMs: number }>(map: Map<string, Memory>, origin: string): Memory | undefined {
    const known = map.get(origin);
    if (known && known.untilMs > this.#now()) return known;
    map.delete(origin);
    return undefined;
  }

  #remember<Memory extends { readonly untilMs: number }>(
    map: Map<string, Memory>,
    origin: string,
    memory: Memory,
  ): void {
    map.delete(origin);
    for (const [oldest, { untilMs }] of map) {
      if (untilMs > this.#now() && map.size < mostOrigins) break;
      map.delete(oldest);
    }
    map.set(origin, memory);
  }
}
