import { createSecureContext } from 'node:tls';
import type { Closable } from '../lifecycle.ts';
import { Listeners } from '../listeners.ts';
import type { Logger } from '../log.ts';

/** PEM: a chain, and the private key of its first certificate. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** Where a certificate comes from. */
export interface CertificateOrigin {
  /** As it is now. */
  read(): Promise<KeyPair>;
  /** How often to look again. */
  readonly intervalMs: number;
}

/** What a TLS server shows, and tells it when that has changed. */
export class Certificate implements Closable {
  readonly #origin: CertificateOrigin;
  readonly #log: Logger;
  readonly #changed = new Listeners<void>();
  readonly #timer: NodeJS.Timeout;
  #current: KeyPair;
  #looking: Promise<void> | undefined;
  /** What was wrong with it last time, so that it is said once. */
  #trouble: string | undefined;

  private constructor(origin: CertificateOrigin, current: KeyPair, log: Logger) {
    this.#origin = origin;
    this.#current = current;
    this.#log = log;
    this.#timer = setInterval(() => void this.look(), origin.intervalMs).unref();
  }

  /** Rejects when there is none that could be shown. */
  static async open(origin: CertificateOrigin, log: Logger): Promise<Certificate> {
    const current = await origin.read();
    createSecureContext({ ...current });
    return new Certificate(origin, current, log);
  }

  get current(): KeyPair {
    return this.#current;
  }

  /** Returns the unsubscriber. */
  onChanged(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /** Looks whether it has changed, now rather than in a while. Never rejects. */
  look(): Promise<void> {
    return (this.#looking ??= this.#read().finally(() => (this.#looking = undefined)));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#changed.clear();
    await this.#looking;
  }

  async #read(): Promise<void> {
    try {
      const next = await this.#origin.read();
      if (next.cert === this.#current.cert && next.key === this.#current.key) return;
      // The two files are seldom written at the same moment: what does not fit together is not taken.
      createSecureContext({ ...next });
      this.#current = next;
    } catch (error) {
      const trouble = error instanceof Error ? error.message : String(error);
      if (trouble !== this.#trouble)
        this.#log.warn({ error: trouble }, 'the TLS certificate cannot be read; the last one stays');
      this.#trouble = trouble;
      return;
    }
    this.#trouble = undefined;
    this.#log.info('the TLS certificate has changed');
    this.#changed.tell();
  }
}
