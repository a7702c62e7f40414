import { randomBytes } from 'node:crypto';
import type { Logger } from '../../log.ts';
import { isSameSecret } from '../../sameSecret.ts';
import type { Peer } from '../../sfu/peer.ts';
import { writeAnswer } from '../../sfu/sdp/answer.ts';
import { writeIceFragment } from '../../sfu/sdp/iceFragment.ts';
import type { IceCredentials, Offer } from '../../sfu/sdp/offer.ts';
import type { PlannedMedia } from '../../sfu/sdp/receivePlan.ts';
import type { Publication } from '../publishGate.ts';
import type { WhipSource } from './whipSource.ts';

/** A publisher that is connected but sends nothing for this long is thrown out. */
const mediaTimeoutMs = 30_000;
const checkIntervalMs = 2_000;

export interface WhipSessionOptions {
  readonly entryId: string;
  /** The secret it was opened with; later requests that bring one must bring the same. */
  readonly token: string | undefined;
  readonly offer: Offer;
  readonly planned: readonly PlannedMedia[];
  readonly peer: Peer;
  readonly source: WhipSource;
  readonly publication: Publication;
  readonly log: Logger;
  readonly now: () => number;
}

/** One publisher, from its POST to its end, which comes exactly once. */
export class WhipSession {
  readonly id = randomBytes(16).toString('hex');
  readonly answer: string;
  readonly #options: WhipSessionOptions;
  readonly #check: NodeJS.Timeout;
  #etag = newEtag();
  #remoteIce: IceCredentials;

  constructor(options: WhipSessionOptions) {
    this.#options = options;
    this.#remoteIce = options.offer.ice;
    const { offer, planned, peer } = options;
    this.answer = writeAnswer(offer, planned, peer.local, String(randomBytes(6).readUIntBE(0, 6)));
    this.#check = setInterval(() => this.#checkMedia(), checkIntervalMs);
    void this.#follow();
  }

  get entryId(): string {
    return this.#options.entryId;
  }

  get path(): string {
    return `/whip/${this.entryId}/${this.id}`;
  }

  /** Strong and quoted; changes with every ICE restart. */
  get etag(): string {
    return this.#etag;
  }

  /** Resolves, once, with the reason. */
  get ended(): Promise<string> {
    return this.#options.peer.closed;
  }

  /** The URL cannot be guessed, so a request without a token is accepted; one with a wrong token is not. */
  accepts(token: string | undefined): boolean {
    const { token: expected } = this.#options;
    return token === undefined || expected === undefined || isSameSecret(token, expected);
  }

  isRestart(credentials: IceCredentials | undefined): credentials is IceCredentials {
    return credentials !== undefined && credentials.usernameFragment !== this.#remoteIce.usernameFragment;
  }

  /** Returns our new credentials and candidates as a fragment; `etag` is new as well. */
  async restartIce(credentials: IceCredentials): Promise<string> {
    const { peer, planned } = this.#options;
    await peer.restartIce();
    this.#remoteIce = credentials;
    this.#etag = newEtag();
    const first = planned.find(({ received }) => received)?.offered;
    return writeIceFragment(peer.local, first?.kind ?? 'audio', first?.mid ?? '0');
  }

  /** Idempotent; never rejects. */
  close(reason: string): Promise<void> {
    this.#options.peer.close(reason);
    return this.#options.peer.closed.then(() => undefined);
  }

  async #follow(): Promise<void> {
    const { peer, source, publication, log } = this.#options;
    void peer.connected.then(() => log.info('WebRTC connected'));
    const reason = await peer.closed;
    clearInterval(this.#check);
    source.end();
    log.info({ reason }, 'WHIP session ended');
    publication.end(reason);
  }

  #checkMedia(): void {
    const { source, now } = this.#options;
    if (now() - source.stats().lastMediaAtMs > mediaTimeoutMs) void this.close('no media arrived for 30 seconds');
  }
}

function newEtag(): string {
  return `"${randomBytes(12).toString('base64url')}"`;
}
