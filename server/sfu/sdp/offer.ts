import { refuse, type Refusal } from '../../errors.ts';
import { readCodecs, type OfferedCodec } from './codecLines.ts';
import { attributeOf, attributesOf, parseDescription, type SdpMedia, type SessionDescription } from './description.ts';
import { readEncodings, type OfferedEncoding } from './encodingLines.ts';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface IceCredentials {
  readonly usernameFragment: string;
  readonly password: string;
}

export interface Fingerprint {
  readonly algorithm: 'sha-1' | 'sha-224' | 'sha-256' | 'sha-384' | 'sha-512';
  readonly value: string;
}

/** One `m=` section, read. */
export interface OfferedMedia {
  readonly kind: string;
  readonly protocol: string;
  readonly mid: string;
  readonly formats: readonly string[];
  /** Already off: port 0 outside of the bundle. */
  readonly disabled: boolean;
  readonly direction: Direction;
  readonly rtcpMux: boolean;
  readonly codecs: readonly OfferedCodec[];
  readonly headerExtensions: readonly { readonly id: number; readonly uri: string }[];
  readonly encodings: readonly OfferedEncoding[];
  /** Ids of the offered simulcast layers, in the order of the offer. Empty without simulcast. */
  readonly rids: readonly string[];
  readonly cname?: string;
}

/** What the other side of a WebRTC connection offers, whichever way media shall flow. */
export interface Offer {
  readonly ice: IceCredentials;
  readonly setup: 'actpass' | 'active' | 'passive';
  readonly fingerprints: readonly Fingerprint[];
  readonly extmapAllowMixed: boolean;
  readonly media: readonly OfferedMedia[];
}

const directions: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
const fingerprintLine = /^(sha-1|sha-224|sha-256|sha-384|sha-512) ((?:[0-9a-f]{2}:){19,63}[0-9a-f]{2})$/i;
const hashBytes = { 'sha-1': 20, 'sha-224': 28, 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 };
const iceText = /^[A-Za-z0-9+/=_-]+$/;
const midText = /^[\x21-\x7e]{1,64}$/;

/** Reads an SDP offer; a refusal says what is missing. */
export function readOffer(text: string): Offer | Refusal {
  const description = parseDescription(text);
  if (!description) return refuse('malformedSdp');
  if (description.media.length === 0) return refuse('malformedSdp', 'The offer has no media.');

  const bundled = bundledMedia(description);
  const ice = readIce(description, bundled);
  if (!ice) return refuse('malformedSdp', 'The offer has no usable a=ice-ufrag and a=ice-pwd.');
  const fingerprints = readFingerprints(description, bundled);
  if (fingerprints.length === 0) return refuse('malformedSdp', 'The offer has no usable a=fingerprint.');
  const setup = attributeOf(bundled.attributes, 'setup') ?? attributeOf(description.attributes, 'setup');
  if (setup !== 'actpass' && setup !== 'active' && setup !== 'passive')
    return refuse('malformedSdp', 'The offer has no usable a=setup.');

  const media = description.media.map((section, index) => readMedia(description, section, index));
  if (new Set(media.map(({ mid }) => mid)).size !== media.length || !media.every(({ mid }) => midText.test(mid)))
    return refuse('malformedSdp', 'The offer’s a=mid lines are not valid or not different.');
  const extmapAllowMixed = attributeOf(description.attributes, 'extmap-allow-mixed') !== undefined;
  return { ice, setup, fingerprints, extmapAllowMixed, media };
}

/** The section that speaks for the shared transport (RFC 9143): the first that is in use. */
function bundledMedia(description: SessionDescription): SdpMedia {
  const inUse = description.media.find((section) => section.port !== 0);
  return inUse ?? (description.media[0] as SdpMedia);
}

function readIce(description: SessionDescription, media: SdpMedia): IceCredentials | undefined {
  const read = (name: string) => attributeOf(media.attributes, name) ?? attributeOf(description.attributes, name) ?? '';
  return iceCredentials(read('ice-ufrag'), read('ice-pwd'));
}

/** RFC 8839 5.4: 4 to 256 and 22 to 256 ice-chars; some clients use URL-safe base64, which harms nobody. */
export function iceCredentials(usernameFragment: string, password: string): IceCredentials | undefined {
  const valid = [usernameFragment, password].every((text) => text.length <= 256 && iceText.test(text));
  return valid && usernameFragment.length >= 4 && password.length >= 22 ? { usernameFragment, password } : undefined;
}

function readFingerprints(description: SessionDescription, media: SdpMedia): Fingerprint[] {
  const own = attributesOf(media.attributes, 'fingerprint');
  const lines = own.length > 0 ? own : attributesOf(description.attributes, 'fingerprint');
  return lines.slice(0, 8).flatMap((line) => {
    const [, name, value] = fingerprintLine.exec(line) ?? [];
    const algorithm = name?.toLowerCase() as Fingerprint['algorithm'] | undefined;
    if (!algorithm || !value || value.length !== hashBytes[algorithm] * 3 - 1) return [];
    return [{ algorithm, value: value.toUpperCase() }];
  });
}

function readMedia(description: SessionDescription, section: SdpMedia, index: number): OfferedMedia {
  const { attributes } = section;
  const direction = [...attributes, ...description.attributes]
    .map(({ name }) => name)
    .find((name): name is Direction => (directions as readonly string[]).includes(name));
  const { encodings, rids, cname } = readEncodings(attributes);
  return {
    kind: section.kind,
    protocol: section.protocol,
    mid: attributeOf(attributes, 'mid') ?? String(index),
    formats: section.formats,
    disabled: section.port === 0 && attributeOf(attributes, 'bundle-only') === undefined,
    direction: direction ?? 'sendrecv',
    rtcpMux: attributeOf(attributes, 'rtcp-mux') !== undefined,
    codecs: readCodecs(section),
    headerExtensions: attributesOf(attributes, 'extmap').flatMap(readHeaderExtension),
    encodings,
    rids,
    cname,
  };
}

/** RFC 8285 8. Encrypted ones (RFC 6904) are left out by their URI when they are chosen. */
function readHeaderExtension(line: string): { id: number; uri: string }[] {
  const [, id, uri] = /^(\d{1,3})(?:\/\w+)? (\S{1,200})(?: .*)?$/.exec(line) ?? [];
  return uri !== undefined && Number(id) >= 1 && Number(id) <= 255 ? [{ id: Number(id), uri }] : [];
}
