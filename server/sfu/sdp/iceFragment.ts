import type { LocalTransport } from './answer.ts';
import { candidateLines, iceLines } from './answer.ts';
import { parseAttribute, attributeOf } from './description.ts';
import { iceCredentials, type IceCredentials } from './offer.ts';

/** RFC 8840 9: what trickles. Candidates are counted only: an ICE-lite agent learns addresses from the checks. */
export interface IceFragment {
  /** Absent when the fragment only adds candidates without naming their credentials. */
  readonly credentials?: IceCredentials;
  readonly candidates: number;
}

const attributeNames = new Set([
  'ice-ufrag',
  'ice-pwd',
  'ice-options',
  'candidate',
  'end-of-candidates',
  'mid',
  'ice-lite',
  'ice-pacing',
  'group',
  'rtcp-mux',
  'rtcp-rsize',
  'remote-candidates',
]);

/** Undefined when the text is not an `application/trickle-ice-sdpfrag`. */
export function parseIceFragment(text: string): IceFragment | undefined {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line !== '');
  if (lines.length === 0 || !lines.every((line) => /^m=\S+ \d+ \S+ .+$|^a=.|^[vostc]=/.test(line))) return undefined;
  const attributes = lines.filter((line) => line.startsWith('a=')).map((line) => parseAttribute(line.slice(2)));
  if (!attributes.some(({ name }) => attributeNames.has(name))) return undefined;
  const candidates = attributes.filter(({ name }) => name === 'candidate').length;
  const usernameFragment = attributeOf(attributes, 'ice-ufrag');
  const password = attributeOf(attributes, 'ice-pwd');
  if (usernameFragment === undefined && password === undefined) return { candidates };
  const credentials = iceCredentials(usernameFragment ?? '', password ?? '');
  return credentials && { credentials, candidates };
}

/** The answer to an ICE restart (RFC 9725 4.3.3). */
export function writeIceFragment(local: LocalTransport, kind: string, mid: string): string {
  const lines = [
    'a=ice-lite',
    `m=${kind} 9 UDP/TLS/RTP/SAVPF 0`,
    `a=mid:${mid}`,
    ...iceLines(local.ice),
    ...candidateLines(local.candidates),
  ];
  return `${lines.join('\r\n')}\r\n`;
}
