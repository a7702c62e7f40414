import { isRefusal, refuse, type Refusal } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { ntpToUnixMs } from '../../media/rtp/senderReport.ts';
import type { VideoCodec } from '../../media/track.ts';
import { tapMedia } from '../../sfu/mediaTap.ts';
import type { Peer } from '../../sfu/peer.ts';
import { type Offer, readOffer } from '../../sfu/sdp/offer.ts';
import { planReceiving, type PlannedMedia } from '../../sfu/sdp/receivePlan.ts';
import type { Sfu } from '../../sfu/sfu.ts';
import type { Publication, PublishGate, PublishRefusal } from '../publishGate.ts';
import { WhipSession } from './session.ts';
import { WhipSource } from './whipSource.ts';

export interface SessionRequest {
  readonly entryId: string;
  readonly token: string | undefined;
  readonly backup: boolean;
  readonly remoteAddress: string;
  readonly offer: string;
}

export interface SessionParts {
  readonly sfu: Sfu;
  readonly gate: PublishGate;
  readonly log: Logger;
  readonly now: () => number;
}

/** Takes an offer to a session whose answer can be sent. Whatever fails on the way leaves nothing behind. */
export async function openSession(parts: SessionParts, request: SessionRequest): Promise<WhipSession | PublishRefusal> {
  const { entryId, token, backup, remoteAddress } = request;
  const log = parts.log.child({ entryId, remoteAddress });
  let expelled: string | undefined;
  let peer: Peer | undefined;
  const publication = await parts.gate.publish({
    protocol: 'whip',
    remoteAddress,
    streamName: entryId,
    token,
    backup,
    disconnect(reason) {
      expelled ??= reason;
      peer?.close(reason);
    },
  });
  if (isRefusal(publication)) return publication;

  const readable = readPlan(request.offer);
  if (isRefusal(readable)) {
    publication.end(readable.message, 'refused');
    return readable;
  }
  const { offer, planned } = readable;

  try {
    peer = await parts.sfu.connect(log);
    if (expelled !== undefined) peer.close(expelled);
    await peer.accept(offer);
    const source = await receiveMedia({ peer, planned, publication, log, now: parts.now, remoteAddress });
    return new WhipSession({ entryId, token, offer, planned, peer, source, publication, log, now: parts.now });
  } catch (error) {
    const unavailable = peer === undefined || peer.isClosed;
    peer?.close('the session could not be opened');
    publication.end('the session could not be opened');
    log.warn({ err: error }, 'a WHIP session could not be opened');
    if (unavailable) return refuse('overloaded', expelled);
    return refuse('unprocessableOffer', 'The offer’s media parameters cannot be used together.');
  }
}

function readPlan(text: string): { readonly offer: Offer; readonly planned: readonly PlannedMedia[] } | Refusal {
  const offer = readOffer(text);
  if (isRefusal(offer)) return offer;
  const planned = planReceiving(offer);
  return isRefusal(planned) ? planned : { offer, planned };
}

async function receiveMedia({
  peer,
  planned,
  publication,
  log,
  now,
  remoteAddress,
}: {
  peer: Peer;
  planned: readonly PlannedMedia[];
  publication: Publication;
  log: Logger;
  now: () => number;
  remoteAddress: string;
}): Promise<WhipSource> {
  const received = planned.flatMap((media) => media.received ?? []);
  const producers = [];
  for (const { kind, rtpParameters } of received) producers.push(await peer.produce(kind, rtpParameters));
  const video = received.find(({ kind }) => kind === 'video');
  const source = new WhipSource({
    remoteAddress,
    offered: {
      video: video?.codec.mimeType.slice('video/'.length).toLowerCase() as VideoCodec | undefined,
      audio: received.some(({ kind }) => kind === 'audio'),
    },
    log,
    monotonicNow: () => performance.now(),
    now,
    requestKeyFrame: () => tap.requestKeyFrame(),
    onReady: (ready) => {
      log.info({ tracks: ready.tracks }, 'WHIP publisher sends');
      publication.start(ready);
    },
    async disconnect(reason) {
      peer.close(reason);
      await peer.closed;
    },
  });
  const tap = await tapMedia({
    router: peer.router,
    producers,
    onRtp: (kind, packet) => source.receive(kind, packet),
    onSenderReport: (kind, { rtpTimestamp, ntpSeconds, ntpFraction }) =>
      source.receiveReport(kind, rtpTimestamp, ntpToUnixMs(ntpSeconds, ntpFraction)),
  });
  await tap.start();
  return source;
}
