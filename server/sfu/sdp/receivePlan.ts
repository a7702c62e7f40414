import type { RtpEncodingParameters, RtpParameters } from 'mediasoup/types';
import { refuse, type Refusal } from '../../errors.ts';
import { chooseCodec, type ChosenCodec } from './chooseCodec.ts';
import type { OfferedCodec, RtcpFeedback } from './codecLines.ts';
import type { Offer, OfferedMedia } from './offer.ts';

/** A section that media will be received on. */
export interface ReceivedMedia {
  readonly kind: 'audio' | 'video';
  readonly codec: ChosenCodec;
  readonly rtcpFeedback: readonly RtcpFeedback[];
  readonly headerExtensions: OfferedMedia['headerExtensions'];
  readonly rtpParameters: RtpParameters;
}

/** One per section of the offer, in its order; those the offerer switched off itself stay off. */
export interface PlannedMedia {
  readonly offered: OfferedMedia;
  readonly received?: ReceivedMedia;
}

const maximumEncodings = 4;

/**
 * Not among them on purpose: `video-orientation` (the sender then turns the picture itself, which every output needs)
 * and FEC.
 */
const headerExtensionUris = new Set([
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
]);

/** How to receive what is offered: at most one audio and one video, all or nothing (RFC 9725 4.4.2). */
export function planReceiving(offer: Offer): readonly PlannedMedia[] | Refusal {
  const planned: PlannedMedia[] = [];
  for (const offered of offer.media) {
    if (offered.disabled) {
      planned.push({ offered });
      continue;
    }
    const received = planMedia(offered);
    if ('refused' in received) return received;
    if (planned.some((other) => other.received?.kind === received.kind))
      return refuse('unprocessableOffer', `The offer has more than one ${received.kind} track; one is accepted.`);
    planned.push({ offered, received });
  }
  if (!planned.some(({ received }) => received))
    return refuse('unprocessableOffer', 'The offer sends neither audio nor video.');
  return planned;
}

function planMedia(offered: OfferedMedia): ReceivedMedia | Refusal {
  const { kind, mid, direction, encodings } = offered;
  if (kind !== 'audio' && kind !== 'video')
    return refuse('unprocessableOffer', 'The offer has more than audio and video; only these are accepted.');
  if (direction !== 'sendonly' && direction !== 'sendrecv')
    return refuse('unprocessableOffer', `The offer’s ${kind} is ${direction}; it must be sendonly.`);
  if (!/^(UDP|TCP)\/(TLS|DTLS)\/RTP\/SAVPF?$|^RTP\/SAVPF?$/.test(offered.protocol))
    return refuse('unprocessableOffer', 'Media must be offered as UDP/TLS/RTP/SAVPF.');
  if (!offered.rtcpMux) return refuse('unprocessableOffer', 'Media must be offered with a=rtcp-mux.');
  const codec = chooseCodec(kind, offered.codecs);
  if (!codec)
    return refuse(
      'notAcceptable',
      kind === 'video' ? 'Offer H.264 (packetization-mode 1) or VP8 video.' : 'Offer Opus audio.',
    );
  const headerExtensions = distinct(offered.headerExtensions.filter(({ uri }) => headerExtensionUris.has(uri)));
  const withoutSource = encodings.length === 0 && !headerExtensions.some(({ uri }) => uri.endsWith('sdes:mid'));
  if (withoutSource)
    return refuse('unprocessableOffer', `The offer’s ${kind} has neither an a=ssrc line nor the MID header extension.`);
  if (encodings.length > maximumEncodings)
    return refuse('unprocessableOffer', `At most ${maximumEncodings} simulcast layers are accepted.`);
  const rtcpFeedback = acceptedFeedback(kind, codec.offered, headerExtensions);
  const rtpParameters: RtpParameters = {
    mid,
    codecs: [
      {
        mimeType: codec.mimeType,
        payloadType: codec.offered.payloadType,
        clockRate: codec.offered.clockRate,
        ...(kind === 'audio' ? { channels: codec.offered.channels } : {}),
        parameters: codec.routerParameters,
        rtcpFeedback: rtcpFeedback.map(({ type, parameter }) => ({ type, parameter })),
      },
      ...(codec.rtx ? [rtxCodec(kind, codec.rtx, codec.offered.payloadType)] : []),
    ],
    headerExtensions: headerExtensions.map(({ id, uri }) => ({
      id,
      uri: uri as NonNullable<RtpParameters['headerExtensions']>[number]['uri'],
    })),
    encodings:
      encodings.length > 0
        ? encodings.map((encoding) => toEncoding(encoding, Boolean(codec.rtx), encodings.length > 1))
        : [{}],
    rtcp: { cname: offered.cname, reducedSize: true },
  };
  return { kind, codec, rtcpFeedback, headerExtensions, rtpParameters };
}

function rtxCodec(kind: 'audio' | 'video', rtx: OfferedCodec, apt: number): RtpParameters['codecs'][number] {
  return {
    mimeType: `${kind}/rtx`,
    payloadType: rtx.payloadType,
    clockRate: rtx.clockRate,
    parameters: { apt },
    rtcpFeedback: [],
  };
}

/** Browsers send simulcast with up to three temporal layers; those that are not announced would not be passed on. */
function toEncoding(
  { rid, ssrc, rtxSsrc }: OfferedMedia['encodings'][number],
  hasRtx: boolean,
  simulcast: boolean,
): RtpEncodingParameters {
  const layers = simulcast ? { scalabilityMode: 'L1T3' } : {};
  if (rid !== undefined) return { rid, ...layers };
  return rtxSsrc !== undefined && hasRtx ? { ssrc, rtx: { ssrc: rtxSsrc }, ...layers } : { ssrc, ...layers };
}

/** Bandwidth is estimated by transport-wide feedback where both can do it, else by REMB. */
function acceptedFeedback(
  kind: 'audio' | 'video',
  codec: OfferedCodec,
  headerExtensions: OfferedMedia['headerExtensions'],
): RtcpFeedback[] {
  const transportWide =
    codec.rtcpFeedback.some(({ type }) => type === 'transport-cc') &&
    headerExtensions.some(({ uri }) => uri.includes('transport-wide-cc'));
  const accepts = ({ type, parameter }: RtcpFeedback) => {
    if (type === 'transport-cc') return transportWide;
    if (type === 'goog-remb') return kind === 'video' && !transportWide;
    if (type === 'nack') return parameter === '' || (kind === 'video' && parameter === 'pli');
    return kind === 'video' && type === 'ccm' && parameter === 'fir';
  };
  return [...new Map(codec.rtcpFeedback.filter(accepts).map((fb) => [`${fb.type} ${fb.parameter}`, fb])).values()];
}

function distinct(extensions: OfferedMedia['headerExtensions']): OfferedMedia['headerExtensions'] {
  return extensions.filter(
    ({ id, uri }, index) => extensions.findIndex((other) => other.id === id || other.uri === uri) === index,
  );
}
