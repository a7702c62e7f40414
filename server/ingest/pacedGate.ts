import { RateLimiterMemory } from 'rate-limiter-flexible';
import { addressBlock } from '../addressBlock.ts';
import { isRefusal, refuse, type Refusal } from '../errors.ts';
import type { CredentialGate, Publication, PublisherLogin, PublishGate, PublishRequest } from './publishGate.ts';
import { Turns } from './turns.ts';

export interface Pace {
  /** Wrong answers in a minute before an address has to wait between two attempts. */
  readonly failuresPerAddress: number;
  /** Wrong answers in ten minutes, from anywhere, before an entry has strangers wait. */
  readonly failuresPerEntry: number;
  readonly waitMs: number;
  /** Attempts of one address that may wait; more are refused. */
  readonly waiting: number;
}

const defaultPace: Pace = { failuresPerAddress: 10, failuresPerEntry: 50, waitMs: 1000, waiting: 8 };
const minuteSeconds = 60;
const daySeconds = 86_400;

/**
 * Slows guessing of stream keys down without keeping anybody out: past a few wrong ones, attempts of an address are
 * judged one after the other with a pause between. Only failures count. An entry that is guessed at from many addresses has
 * all of them wait, but not those that have published to it before.
 */
export class PacedGate implements PublishGate, CredentialGate {
  readonly #gate: PublishGate & CredentialGate;
  readonly #pace: Pace;
  readonly #addresses: RateLimiterMemory;
  readonly #entries: RateLimiterMemory;
  readonly #familiar = new RateLimiterMemory({ points: 1, duration: daySeconds });
  readonly #turns: Turns;

  constructor(gate: PublishGate & CredentialGate, pace: Partial<Pace> = {}) {
    this.#gate = gate;
    this.#pace = { ...defaultPace, ...pace };
    const { failuresPerAddress, failuresPerEntry, waitMs, waiting } = this.#pace;
    this.#addresses = new RateLimiterMemory({ points: failuresPerAddress, duration: minuteSeconds });
    this.#entries = new RateLimiterMemory({ points: failuresPerEntry, duration: 10 * minuteSeconds });
    this.#turns = new Turns(waitMs, waiting);
  }

  publish(request: PublishRequest): Promise<Publication | Refusal> {
    const entry = request.streamName.replace(/_(?:\d+|%i)$/, '');
    return this.#judge(request.remoteAddress, entry, () => this.#gate.publish(request));
  }

  authenticate(login: PublisherLogin): Promise<Refusal | undefined> {
    return this.#judge(login.remoteAddress, login.credentials.username, () => this.#gate.authenticate(login));
  }

  async #judge<Answer extends object | undefined>(
    address: string,
    entry: string,
    judge: () => Promise<Answer | Refusal>,
  ): Promise<Answer | Refusal> {
    const block = addressBlock(address);
    const pair = `${block} ${entry}`;
    if (await this.#mustWait(block, entry, pair)) {
      const isMyTurn = await this.#turns.wait(block);
      if (!isMyTurn) return refuse('tooManyRequests', 'Too many wrong attempts from this address; wait a minute.');
    }
    const answer = await judge();
    if (answer === undefined || !isRefusal(answer)) await this.#familiar.set(pair, 1, daySeconds);
    else if (answer.refused === 'invalidStreamToken') {
      await this.#addresses.penalty(block);
      await this.#entries.penalty(entry);
    } else if (answer.refused === 'entryNotFound') await this.#addresses.penalty(block);
    return answer;
  }

  async #mustWait(block: string, entry: string, pair: string): Promise<boolean> {
    const { failuresPerAddress, failuresPerEntry } = this.#pace;
    const fromAddress = (await this.#addresses.get(block))?.consumedPoints ?? 0;
    if (fromAddress >= failuresPerAddress) return true;
    const onEntry = (await this.#entries.get(entry))?.consumedPoints ?? 0;
    return onEntry >= failuresPerEntry && (await this.#familiar.get(pair)) === null;
  }
}
