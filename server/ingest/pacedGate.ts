import { addressBlock } from '../addressBlock.ts';
import { isRefusal, type ErrorCode } from '../errors.ts';
import { FailureCount } from './failureCount.ts';
import type {
  CredentialGate,
  Publication,
  PublisherLogin,
  PublishGate,
  PublishRefusal,
  PublishRequest,
} from './publishGate.ts';
import { Turns } from './turns.ts';

export interface Pace {
  /** Wrong answers in a minute before an address has to wait for the next. */
  readonly failuresPerAddress: number;
  /** Wrong answers in ten minutes, from anywhere, before all have to wait who are wrong about an entry. */
  readonly failuresPerEntry: number;
  /** Between two answers. */
  readonly pauseMs: number;
  /** However many wait. */
  readonly longestMs: number;
}

const defaultPace: Pace = { failuresPerAddress: 10, failuresPerEntry: 50, pauseMs: 1000, longestMs: 8000 };
const minuteMs = 60_000;
/** Longer than any entry's id: what a stranger calls itself takes no more than this to remember. */
const longestName = 64;
const guesses: readonly ErrorCode[] = ['invalidStreamToken', 'entryNotFound'];

/**
 * Slows guessing of stream keys down without keeping anybody out. Everybody is judged at once, so that the right key
 * gets in whatever else comes from its address; it is the answer to a wrong one that is held, past a few, until its turn:
 * one after the other for each address, and for each entry that is guessed at from everywhere.
 */
export class PacedGate implements PublishGate, CredentialGate {
  readonly #gate: PublishGate & CredentialGate;
  readonly #now: () => number;
  readonly #pace: Pace;
  readonly #addressFailures = new FailureCount(minuteMs);
  readonly #entryFailures = new FailureCount(10 * minuteMs);
  readonly #addressTurns: Turns;
  readonly #entryTurns: Turns;

  /** `now` is monotonic, in milliseconds. */
  constructor(gate: PublishGate & CredentialGate, now: () => number, pace: Partial<Pace> = {}) {
    this.#gate = gate;
    this.#now = now;
    this.#pace = { ...defaultPace, ...pace };
    const { pauseMs, longestMs } = this.#pace;
    this.#addressTurns = new Turns(pauseMs, longestMs);
    this.#entryTurns = new Turns(pauseMs, longestMs);
  }

  async publish(request: PublishRequest): Promise<Publication | PublishRefusal> {
    const answer = await this.#gate.publish(request);
    if (!isRefusal(answer)) return answer;
    return this.#hold(answer, request.remoteAddress, request.streamName.replace(/_(?:\d+|%i)$/, ''));
  }

  async authenticate(login: PublisherLogin): Promise<PublishRefusal | undefined> {
    const refusal = await this.#gate.authenticate(login);
    return refusal && this.#hold(refusal, login.remoteAddress, login.credentials.username);
  }

  #hold(refusal: PublishRefusal, address: string, entry: string): PublishRefusal {
    if (!guesses.includes(refusal.refused)) return refusal;
    const nowMs = this.#now();
    const block = addressBlock(address);
    const isPastPace = this.#addressFailures.add(block, nowMs) > this.#pace.failuresPerAddress;
    const addressMs = isPastPace ? this.#addressTurns.next(block, nowMs) : 0;
    const heldMs = Math.max(addressMs, this.#entryWaitMs(refusal, entry.slice(0, longestName), nowMs));
    return heldMs > 0 ? { ...refusal, heldMs } : refusal;
  }

  #entryWaitMs({ refused }: PublishRefusal, entry: string, nowMs: number): number {
    if (refused !== 'invalidStreamToken') return 0;
    const isPastPace = this.#entryFailures.add(entry, nowMs) > this.#pace.failuresPerEntry;
    return isPastPace ? this.#entryTurns.next(entry, nowMs) : 0;
  }
}
