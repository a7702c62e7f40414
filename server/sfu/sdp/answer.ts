import type { DtlsFingerprint, IceCandidate, IceParameters } from 'mediasoup/types';
import type { Offer } from './offer.ts';
import type { PlannedMedia, ReceivedMedia } from './receivePlan.ts';

/** Our side of the connection, as the answer announces it. */
export interface LocalTransport {
  readonly ice: IceParameters;
  readonly candidates: readonly IceCandidate[];
  readonly fingerprints: readonly DtlsFingerprint[];
}

/** The answer to an offer whose media is received. `sessionId`: digits. */
export function writeAnswer(
  offer: Offer,
  planned: readonly PlannedMedia[],
  local: LocalTransport,
  sessionId: string,
): string {
  const inUse = planned.filter(({ received }) => received).map(({ offered }) => offered.mid);
  const lines = [
    'v=0',
    `o=- ${sessionId} 1 IN IP4 0.0.0.0`,
    's=-',
    't=0 0',
    'a=ice-lite',
    `a=group:BUNDLE ${inUse.join(' ')}`,
    ...(offer.extmapAllowMixed ? ['a=extmap-allow-mixed'] : []),
    'a=msid-semantic: WMS *',
    ...planned.flatMap(({ offered, received }) => {
      if (!received)
        return [`m=${offered.kind} 0 ${offered.protocol} ${offered.formats[0]}`, `a=mid:${offered.mid}`, 'a=inactive'];
      return mediaLines(offer, offered, received, local, offered.mid === inUse[0]);
    }),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function mediaLines(
  offer: Offer,
  offered: PlannedMedia['offered'],
  received: ReceivedMedia,
  local: LocalTransport,
  first: boolean,
): string[] {
  const { codec, kind } = received;
  const payloadTypes = [codec.offered, ...(codec.rtx ? [codec.rtx] : [])].map(({ payloadType }) => payloadType);
  const { payloadType } = codec.offered;
  return [
    `m=${kind} 9 ${offered.protocol} ${payloadTypes.join(' ')}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${offered.mid}`,
    'a=recvonly',
    ...iceLines(local.ice),
    // Candidates belong to the bundle's first section (RFC 9143 7.1.3); they are all there are.
    ...(first ? candidateLines(local.candidates) : []),
    ...local.fingerprints.map(({ algorithm, value }) => `a=fingerprint:${algorithm} ${value}`),
    // RFC 8842 5.3: an active or undecided offerer starts the handshake.
    `a=setup:${offer.setup === 'passive' ? 'active' : 'passive'}`,
    'a=rtcp-mux',
    'a=rtcp-rsize',
    `a=rtpmap:${payloadType} ${rtpMap(received)}`,
    ...parameterLine(payloadType, codec.answerParameters),
    ...received.rtcpFeedback.map(({ type, parameter }) => `a=rtcp-fb:${payloadType} ${type} ${parameter}`.trimEnd()),
    ...(codec.rtx
      ? [
          `a=rtpmap:${codec.rtx.payloadType} rtx/${codec.rtx.clockRate}`,
          ...parameterLine(codec.rtx.payloadType, { apt: payloadType }),
        ]
      : []),
    ...received.headerExtensions.map(({ id, uri }) => `a=extmap:${id} ${uri}`),
    ...offered.rids.map((rid) => `a=rid:${rid} recv`),
    ...(offered.rids.length > 0 ? [`a=simulcast:recv ${offered.rids.join(';')}`] : []),
  ];
}

function rtpMap({ codec: { mimeType, offered }, kind }: ReceivedMedia): string {
  const name = mimeType.slice(mimeType.indexOf('/') + 1);
  return kind === 'audio' ? `${name}/${offered.clockRate}/${offered.channels}` : `${name}/${offered.clockRate}`;
}

function parameterLine(payloadType: number, parameters: Readonly<Record<string, string | number>>): string[] {
  const text = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return text.length > 0 ? [`a=fmtp:${payloadType} ${text.join(';')}`] : [];
}

export function iceLines({ usernameFragment, password }: IceParameters): string[] {
  return [`a=ice-ufrag:${usernameFragment}`, `a=ice-pwd:${password}`, 'a=ice-options:ice2'];
}

export function candidateLines(candidates: readonly IceCandidate[]): string[] {
  const lines = candidates.map(
    ({ foundation, protocol, priority, address, port, type, tcpType }) =>
      `a=candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ ${type}${tcpType ? ` tcptype ${tcpType}` : ''}`,
  );
  return [...lines, 'a=end-of-candidates'];
}
