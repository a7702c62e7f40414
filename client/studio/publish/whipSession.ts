import { ApiError, readApiError, unreachable } from '../../api/apiError.ts';
import { preferredVideoCodecs } from './codecPreferences.ts';
import { withStartBitrate } from './startBitrate.ts';

const requestTimeoutMs = 10_000;
const closePatienceMs = 1000;

export interface WhipOptions {
  readonly url: string;
  readonly token: string;
  readonly video: MediaStreamTrack;
  readonly audio: MediaStreamTrack | null;
  readonly maxBitrateBps: number;
  /** Stops the opening; an open session is closed with `close`. */
  readonly signal: AbortSignal;
  onConnectionState(state: RTCPeerConnectionState): void;
}

/** One WHIP publication (RFC 9725): an offer posted, an answer applied, a session to delete. */
export class WhipSession {
  readonly #connection: RTCPeerConnection;
  readonly #options: WhipOptions;
  readonly #video: RTCRtpSender;
  readonly #audio: RTCRtpSender | null;
  #sessionUrl: string | null = null;
  #closed = false;

  /** Resolves when the server has answered; media flows once `onConnectionState` says `connected`. Throws ApiError. */
  static async open(options: WhipOptions): Promise<WhipSession> {
    const session = new WhipSession(options);
    try {
      await session.#negotiate();
      return session;
    } catch (error) {
      void session.close();
      throw error;
    }
  }

  private constructor(options: WhipOptions) {
    this.#options = options;
    this.#connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.#connection.addEventListener('connectionstatechange', () => {
      if (!this.#closed) options.onConnectionState(this.#connection.connectionState);
    });
    // Without a microphone no sound is announced: the server would wait for it.
    this.#audio = options.audio && this.#connection.addTransceiver(options.audio, { direction: 'sendonly' }).sender;
    const transceiver = this.#connection.addTransceiver(options.video, {
      direction: 'sendonly',
      sendEncodings: [{ maxBitrate: options.maxBitrateBps, maxFramerate: 30 }],
    });
    this.#video = transceiver.sender;
    preferCodecs(transceiver);
  }

  /** Another camera, microphone or the screen, without a new session. Sound cannot begin in the middle of one. */
  async replace(track: MediaStreamTrack): Promise<void> {
    const sender = track.kind === 'video' ? this.#video : this.#audio;
    await sender?.replaceTrack(track);
  }

  stats(): Promise<RTCStatsReport> {
    return this.#connection.getStats();
  }

  /** Ends the session on the server, then here. Idempotent, never rejects; also works while the page goes away. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#sessionUrl === null) return this.#connection.close();
    // In this order, since the end of the connection ends the session, too; but a server that hangs keeps nobody on air.
    const patience = setTimeout(() => this.#connection.close(), closePatienceMs);
    try {
      await fetch(this.#sessionUrl, {
        method: 'DELETE',
        headers: this.#authorization(),
        keepalive: true,
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
    } catch {
      // The server notices by itself that media has stopped.
    }
    clearTimeout(patience);
    this.#connection.close();
  }

  async #negotiate(): Promise<void> {
    const { signal, maxBitrateBps } = this.#options;
    await this.#connection.setLocalDescription(await this.#connection.createOffer());
    // Posted without waiting for candidates: the server is ICE-lite and learns ours from the checks.
    const answer = await this.#post(this.#connection.localDescription?.sdp ?? '');
    signal.throwIfAborted();
    await this.#connection.setRemoteDescription({
      type: 'answer',
      sdp: withStartBitrate(answer, (maxBitrateBps * 0.6) / 1000),
    });
    await this.#holdTheSize();
  }

  async #post(offer: string): Promise<string> {
    const { url, signal } = this.#options;
    let response: Response;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/sdp', ...this.#authorization() },
        body: offer,
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
      });
    } catch (error) {
      if (signal.aborted) throw error;
      throw unreachable();
    }
    if (response.status !== 201) throw await readApiError(response);
    const location = response.headers.get('Location');
    if (!location) throw new ApiError('unexpectedAnswer', 'The server’s answer names no session.', response.status);
    this.#sessionUrl = new URL(location, response.url).href;
    return await response.text();
  }

  /** Under congestion rather fewer frames than another size: viewers are interrupted by each change of size. */
  async #holdTheSize(): Promise<void> {
    const parameters = this.#video.getParameters();
    parameters.degradationPreference = 'maintain-resolution';
    // A browser that does not know the preference sends all the same.
    await this.#video.setParameters(parameters).catch(() => undefined);
  }

  #authorization(): Record<string, string> {
    return { Authorization: `Bearer ${this.#options.token}` };
  }
}

function preferCodecs(transceiver: RTCRtpTransceiver): void {
  const codecs = preferredVideoCodecs(RTCRtpSender.getCapabilities('video')?.codecs ?? []);
  if (codecs.length === 0) return;
  try {
    transceiver.setCodecPreferences(codecs);
  } catch {
    // Its own order also names codecs that the server picks from.
  }
}
