import type { Refusal } from '../errors.ts';
import type { IngestProtocol, Source } from './source.ts';

/** A user name, and what the publisher sent to prove that it knows the password, which only the gate has. */
export interface PublishCredentials {
  readonly username: string;
  /** Whether the proof (Basic, Digest, Adobe's) fits this password. */
  matches(password: string): boolean;
}

export interface PublishRequest {
  readonly protocol: IngestProtocol;
  readonly remoteAddress: string;
  /** RTMP, RTSP: `<entryId>_<n>` (or a literal `%i`), query removed. WHIP: the entry's id. */
  readonly streamName: string;
  /** The secret the publisher brought: `?token=`, or WHIP's bearer token. */
  readonly token?: string;
  /** Instead of a token: RTSP's Basic and Digest, RTMP's Adobe authentication. */
  readonly credentials?: PublishCredentials;
  /** True for the backup URL (`i=1`). */
  readonly backup: boolean;
  /** Called by the gate to throw the publisher out before or after it has handed over a source. */
  disconnect(reason: string): void;
}

/** Permission to publish. It is held until `end`, whether or not a source ever starts. */
export interface Publication {
  readonly entryId: string;
  /** Hands over the source as soon as its tracks are known. Called at most once. */
  start(source: Source): void;
  /** The publisher has gone; `refused`: because what it sends cannot be taken. Idempotent. */
  end(reason: string, how?: 'refused'): void;
}

export interface PublishRefusal extends Refusal {
  /** The publisher is told only after this time; what else it sends until then is of no use. */
  readonly heldMs?: number;
}

/** Declared by ingest, implemented by live: says who may publish. */
export interface PublishGate {
  publish(request: PublishRequest): Promise<Publication | PublishRefusal>;
}

/** Who publishes, for protocols that ask before they say what. */
export interface PublisherLogin {
  readonly protocol: IngestProtocol;
  readonly remoteAddress: string;
  readonly credentials: PublishCredentials;
}

/** Says whether user name and password belong together; `publish` still decides what they are good for. */
export interface CredentialGate {
  authenticate(login: PublisherLogin): Promise<PublishRefusal | undefined>;
}
