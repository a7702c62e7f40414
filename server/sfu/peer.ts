import type { Producer, Router, RtpParameters, WebRtcServer, WebRtcTransport } from 'mediasoup/types';
import type { Logger } from '../log.ts';
import type { LocalTransport } from './sdp/answer.ts';
import type { Offer } from './sdp/offer.ts';

/** From the answer to a finished DTLS handshake. */
const connectTimeoutMs = 20_000;
/** A peer that is alive sends consent checks, reports or media far more often than this. */
const silenceTimeoutMs = 10_000;
const checkIntervalMs = 2_000;

/**
 * One WebRTC connection, whichever way media flows. It closes itself when the remote side is gone: DTLS closed, nothing
 * received at all for some seconds, or its worker died.
 */
export class Peer {
  readonly router: Router;
  readonly #transport: WebRtcTransport;
  readonly #log: Logger;
  readonly #closed: PromiseWithResolvers<string> = Promise.withResolvers();
  readonly #connected: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #check: NodeJS.Timeout;
  readonly #openedAt = performance.now();
  #isClosed = false;
  #isConnected = false;
  #bytesReceived = 0;
  #heardAt = performance.now();

  constructor(router: Router, transport: WebRtcTransport, log: Logger) {
    this.router = router;
    this.#transport = transport;
    this.#log = log;
    this.#check = setInterval(() => void this.#checkAlive(), checkIntervalMs);
    router.observer.once('close', () => this.close('the media worker ended'));
    transport.on('dtlsstatechange', (state) => {
      if (state === 'connected') {
        this.#isConnected = true;
        this.#connected.resolve();
      }
      if (state === 'failed') this.close('the DTLS handshake failed');
      if (state === 'closed') this.close('the publisher closed the connection');
    });
  }

  get local(): LocalTransport {
    const { iceParameters, iceCandidates, dtlsParameters } = this.#transport;
    const fingerprints = dtlsParameters.fingerprints.filter(({ algorithm }) => algorithm === 'sha-256');
    return { ice: iceParameters, candidates: iceCandidates, fingerprints };
  }

  /** Resolves when DTLS is up; never when it does not come up. */
  get connected(): Promise<void> {
    return this.#connected.promise;
  }

  /** Resolves, once, with the reason. */
  get closed(): Promise<string> {
    return this.#closed.promise;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Accepts the offerer's certificate and role. */
  async accept({ setup, fingerprints }: Offer): Promise<void> {
    await this.#transport.connect({
      dtlsParameters: { role: setup === 'passive' ? 'server' : 'client', fingerprints: [...fingerprints] },
    });
  }

  produce(kind: 'audio' | 'video', rtpParameters: RtpParameters): Promise<Producer> {
    return this.#transport.produce({ kind, rtpParameters });
  }

  /** New credentials; the old path stays until the remote side has moved. */
  async restartIce(): Promise<void> {
    await this.#transport.restartIce();
  }

  /** Idempotent. */
  close(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#check);
    this.router.close();
    this.#closed.resolve(reason);
  }

  async #checkAlive(): Promise<void> {
    try {
      const [stats] = await this.#transport.getStats();
      const now = performance.now();
      if (stats && stats.bytesReceived !== this.#bytesReceived) {
        this.#bytesReceived = stats.bytesReceived;
        this.#heardAt = now;
      }
      if (!this.#isConnected && now - this.#openedAt > connectTimeoutMs) this.close('no WebRTC connection came about');
      else if (this.#isConnected && now - this.#heardAt > silenceTimeoutMs) this.close('the publisher is gone');
    } catch (error) {
      if (!this.#isClosed) this.#log.debug({ err: error }, 'transport statistics');
    }
  }
}

/** A transport on the shared port. The router is closed with it, and when it cannot be made. */
export async function openPeer(router: Router, webRtcServer: WebRtcServer, log: Logger): Promise<Peer> {
  try {
    const transport = await router.createWebRtcTransport({
      webRtcServer,
      preferUdp: true,
      // Consent (RFC 7675) is judged by anything received: some publishers send media but no consent checks.
      iceConsentTimeout: 0,
    });
    return new Peer(router, transport, log);
  } catch (error) {
    router.close();
    throw error;
  }
}
