import { randomBytes, randomInt } from 'node:crypto';
import { errorTable, isRefusal, refuse, type Refusal } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Place } from '../connectionCount.ts';
import { heldRefusal } from '../heldRefusal.ts';
import type { Publication, PublishGate, PublishRefusal } from '../publishGate.ts';
import { type Announcement, parseAnnouncement } from './announcement.ts';
import { challenges, readAuthorization } from './authentication.ts';
import { RtspConnection, type RtspSocket } from './connection.ts';
import type { RtspLimits } from './limits.ts';
import type { InterleavedPacket, RtspAnswer, RtspRequest } from './message.ts';
import { RtspSource } from './rtspSource.ts';
import { parseStreamUrl, type StreamUrl } from './streamUrl.ts';
import { TrackSet } from './trackSet.ts';

export interface RtspSessionOptions {
  readonly remoteAddress: string;
  readonly gate: PublishGate;
  readonly limits: RtspLimits;
  readonly log: Logger;
  readonly now: () => number;
  readonly monotonicNow: () => number;
  /** While the encoder is refused and only has to hear it, its connection may be dropped for another one. */
  readonly place: Pick<Place, 'yields' | 'stays'>;
}

/** From ANNOUNCE to the end. */
interface Publishing {
  readonly publication: Publication;
  readonly source: RtspSource;
  readonly tracks: TrackSet;
  readonly url: string;
  recording: boolean;
}

const methods = 'OPTIONS, ANNOUNCE, SETUP, RECORD, TEARDOWN, GET_PARAMETER, SET_PARAMETER';
const ok: RtspAnswer = { status: 200, reason: 'OK' };

/** One encoder on one connection: announces what it sends, sets up its tracks, records, leaves (RFC 2326). */
export class RtspSession {
  readonly #options: RtspSessionOptions;
  readonly #connection: RtspConnection;
  readonly #id = randomBytes(8).toString('hex');
  readonly #ssrc = randomInt(2 ** 32);
  #nonce: { readonly text: string; readonly sinceMs: number } | undefined;
  #challenges = 0;
  #publishing: Publishing | undefined;
  #reports: NodeJS.Timeout | undefined;
  #endReason: string | undefined;
  readonly #gone = new AbortController();
  #cleanup: Promise<unknown> | undefined;

  constructor(socket: RtspSocket, options: RtspSessionOptions) {
    this.#options = options;
    this.#connection = new RtspConnection(socket, options.limits, options.log, {
      request: (request) => this.#obey(request),
      packet: (packet) => this.#takePacket(packet),
      closed: (reason) => this.#end(reason),
    });
  }

  /** Settles when the socket and the ports are gone. */
  get ended(): Promise<void> {
    return this.#connection.ended.then(async () => {
      await this.#cleanup;
    });
  }

  /** RTSP has no way to tell an encoder why. Idempotent; never rejects. */
  close(reason: string): Promise<void> {
    this.#connection.finish(reason);
    return this.ended;
  }

  async #obey(request: RtspRequest): Promise<RtspAnswer> {
    const session = request.headers.get('session')?.split(';')[0]?.trim();
    if (this.#publishing && session !== undefined && session !== this.#id)
      return { status: 454, reason: 'Session Not Found' };
    switch (request.method) {
      case 'OPTIONS':
        return { ...ok, headers: [['Public', methods]] };
      case 'ANNOUNCE':
        return await this.#announce(request);
      case 'SETUP':
        return await this.#setUp(request);
      case 'RECORD':
        return this.#record();
      case 'TEARDOWN':
        return this.#tearDown();
      // RFC 2326 10.8: encoders ask for nothing, to say that they are there.
      case 'GET_PARAMETER':
      case 'SET_PARAMETER':
        return this.#publishing ? { ...ok, headers: [this.#sessionHeader()] } : ok;
      case 'DESCRIBE':
      case 'PLAY':
        return {
          status: 405,
          reason: 'This server takes streams in over RTSP; watch over HLS or DASH.',
          headers: [['Allow', methods]],
        };
      default:
        return { status: 501, reason: 'Not Implemented', headers: [['Public', methods]] };
    }
  }

  async #announce(request: RtspRequest): Promise<RtspAnswer> {
    if (this.#publishing) return wrongState('This connection is publishing already.');
    const url = parseStreamUrl(request.url);
    if (!url) return { status: 404, reason: 'Publish to rtsp://<host>/live/<stream name>.' };
    const { headers, method, body } = request;
    const proof = readAuthorization(headers.get('authorization'), method, (nonce) => this.#isFresh(nonce));
    if (url.token === undefined && proof.kind !== 'credentials') return this.#challenge(proof.kind === 'stale');
    const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (type !== 'application/sdp')
      return { status: 415, reason: 'ANNOUNCE must bring an application/sdp description.' };
    const credentials = proof.kind === 'credentials' ? proof.credentials : undefined;
    const answer = await this.#ask(url, credentials);
    if (this.#endReason !== undefined) {
      if (!isRefusal(answer)) answer.end(this.#endReason);
      return ok;
    }
    if (!isRefusal(answer)) return this.#take(answer, body, request.url, url.streamName);
    this.#options.log.info({ streamName: url.streamName.slice(0, 64), code: answer.refused }, 'publishing was refused');
    await this.#hold(answer);
    if (this.#endReason !== undefined) return ok;
    const isPassword = answer.refused === 'invalidStreamToken' && credentials !== undefined;
    return isPassword
      ? this.#challenge(false, 'The user name or the password is not right; copy them again from the entry’s page.')
      : refused(answer);
  }

  async #ask(
    { streamName, token, backup }: StreamUrl,
    credentials: Parameters<PublishGate['publish']>[0]['credentials'],
  ) {
    const { gate, remoteAddress, log } = this.#options;
    try {
      return await gate.publish({
        protocol: 'rtsp',
        remoteAddress,
        streamName,
        backup,
        ...(token !== undefined && { token }),
        ...(credentials && { credentials }),
        disconnect: (reason) => this.#connection.finish(reason),
      });
    } catch (error) {
      log.error({ err: error }, 'the publisher could not be checked');
      return refuse('internal');
    }
  }

  /** Until the refusal's turn. */
  async #hold(refusal: PublishRefusal): Promise<void> {
    if (!refusal.heldMs) return;
    const { limits, place } = this.#options;
    place.yields();
    this.#connection.expect(refusal.heldMs / 1000 + limits.setupSeconds, 'the encoder did not publish in time');
    this.#connection.watchForEnd();
    await heldRefusal(refusal, this.#gone.signal);
    place.stays();
  }

  #challenge(stale: boolean, reason = 'Publish with the user name and password of the entry’s page.'): RtspAnswer {
    this.#challenges += 1;
    if (this.#challenges > this.#options.limits.challenges) {
      setImmediate(() => this.#connection.finish('the encoder does not know the password'));
      return refused(refuse('tooManyRequests'));
    }
    this.#nonce = { text: randomBytes(16).toString('hex'), sinceMs: this.#options.monotonicNow() };
    return { status: 401, reason, headers: challenges(this.#nonce.text, stale) };
  }

  #isFresh(nonce: string): boolean {
    const ageMs = this.#options.monotonicNow() - (this.#nonce?.sinceMs ?? 0);
    return nonce === this.#nonce?.text && ageMs <= this.#options.limits.nonceSeconds * 1000;
  }

  /** Who may publish hears what is wrong with it, and so does the entry's page. */
  #take(publication: Publication, description: Buffer, url: string, streamName: string): RtspAnswer {
    const announcement = parseAnnouncement(description.toString('utf8'));
    if (!isRefusal(announcement)) return this.#begin(publication, announcement, url, streamName);
    publication.end(announcement.message, 'refused');
    return refused(announcement);
  }

  #begin(publication: Publication, announcement: Announcement, url: string, streamName: string): RtspAnswer {
    const { remoteAddress, limits, log, now, monotonicNow } = this.#options;
    const source = new RtspSource({
      protocol: 'rtsp',
      remoteAddress,
      announcement,
      limits,
      now,
      monotonicNow,
      ready: (ready) => publication.start(ready),
      disconnect: (reason) => this.close(reason),
    });
    const tracks = new TrackSet(announcement, source, monotonicNow, () => this.#connection.refresh());
    this.#publishing = { publication, source, tracks, url, recording: false };
    log.info({ entryId: publication.entryId, streamName }, 'publishing began');
    return ok;
  }

  async #setUp({ url, headers }: RtspRequest): Promise<RtspAnswer> {
    const publishing = this.#publishing;
    if (!publishing || publishing.recording) return wrongState('SETUP comes between ANNOUNCE and RECORD.');
    const { remoteAddress, log } = this.#options;
    const { localAddress } = this.#connection;
    const transport = headers.get('transport') ?? '';
    const answer = await publishing.tracks.setUp(url, publishing.url, transport, { localAddress, remoteAddress });
    // The ports that were opened meanwhile belong to nobody.
    if (this.#endReason !== undefined) await publishing.tracks.close();
    if (answer.kind === 'accepted') return { ...ok, headers: [['Transport', answer.transport], this.#sessionHeader()] };
    if (answer.error) log.error({ err: answer.error }, 'no UDP ports could be opened');
    return { status: answer.status, reason: answer.reason };
  }

  #record(): RtspAnswer {
    const publishing = this.#publishing;
    if (!publishing?.tracks.isSetUp || publishing.recording) return wrongState('RECORD comes behind SETUP.');
    publishing.recording = true;
    const { idleSeconds, receiverReportSeconds } = this.#options.limits;
    this.#connection.expect(idleSeconds, 'the encoder fell silent');
    publishing.tracks.listen();
    this.#reports = setInterval(() => publishing.tracks.sendReceiverReports(this.#ssrc), receiverReportSeconds * 1000);
    return { ...ok, headers: [this.#sessionHeader()] };
  }

  #tearDown(): RtspAnswer {
    // The answer goes out before the end.
    setImmediate(() => this.#connection.finish('the encoder stopped'));
    return ok;
  }

  #takePacket({ channel, payload }: InterleavedPacket): void {
    if (this.#publishing?.recording) this.#publishing.tracks.takeInterleaved(channel, payload);
  }

  #sessionHeader(): [string, string] {
    return ['Session', `${this.#id};timeout=${this.#options.limits.sessionSeconds}`];
  }

  #end(reason: string): void {
    this.#endReason = reason;
    this.#gone.abort();
    clearInterval(this.#reports);
    const publishing = this.#publishing;
    if (!publishing) return;
    this.#publishing = undefined;
    this.#cleanup = publishing.tracks.close();
    publishing.source.end();
    this.#options.log.info({ entryId: publishing.publication.entryId, reason }, 'publishing ended');
    publishing.publication.end(reason);
  }
}

function wrongState(reason: string): RtspAnswer {
  return { status: 455, reason };
}

/** What encoders print is the reason. */
function refused({ refused: code, message }: Refusal): RtspAnswer {
  // 401 would ask for credentials that are not what is wrong.
  const { status } = errorTable[code];
  return { status: status === 401 ? 403 : status, reason: message };
}
