import { attributeOf, attributesOf, type SdpAttribute } from './description.ts';

/** One stream of an `m=` section: a simulcast layer, or the only one. */
export interface OfferedEncoding {
  readonly ssrc?: number;
  readonly rtxSsrc?: number;
  readonly rid?: string;
}

/** More layers than any client sends. */
const maximumLayers = 8;

/** Streams as `a=simulcast` and `a=rid` (RFC 8853) or `a=ssrc` and `a=ssrc-group` (RFC 5576) announce them. */
export function readEncodings(attributes: readonly SdpAttribute[]): {
  encodings: OfferedEncoding[];
  rids: string[];
  cname?: string;
} {
  const rids = readRids(attributes);
  const lines = attributesOf(attributes, 'ssrc').map((line) => /^(\d{1,10}) (\w+)(?::(.*))?$/.exec(line));
  const cname = lines.find((line) => line?.[2] === 'cname')?.[3]?.slice(0, 255);
  if (rids.length > 0) return { encodings: rids.map((rid) => ({ rid })), rids, cname };
  const ssrcs = lines.flatMap((line) => (line ? validSsrcs([line[1] ?? '']) : []));
  return { encodings: readSsrcs(attributes, ssrcs), rids, cname };
}

/** Layers that are offered for sending, in order; of alternatives (`a,b`) the first, paused ones (`~a`) included. */
function readRids(attributes: readonly SdpAttribute[]): string[] {
  const [, list] = /(?:^| )send (\S+)/.exec(attributeOf(attributes, 'simulcast') ?? '') ?? [];
  if (list === undefined) return [];
  const announced = new Set(
    attributesOf(attributes, 'rid').flatMap((line) => /^([A-Za-z0-9_-]{1,16}) send(?: |$)/.exec(line)?.[1] ?? []),
  );
  const wanted = list.split(';').map((alternatives) => (alternatives.split(',')[0] ?? '').replace(/^~/, ''));
  return [...new Set(wanted)].filter((rid) => announced.has(rid)).slice(0, maximumLayers);
}

function readSsrcs(attributes: readonly SdpAttribute[], ssrcs: readonly number[]): OfferedEncoding[] {
  const groups = attributesOf(attributes, 'ssrc-group').map((line) => line.split(/\s+/));
  const rtx = new Map<number, number>();
  for (const [semantics, ...members] of groups) {
    const [media, repair] = validSsrcs(members);
    if (semantics === 'FID' && media !== undefined && repair !== undefined && media !== repair) rtx.set(media, repair);
  }
  const repairs = new Set(rtx.values());
  const layers = validSsrcs(groups.find(([semantics]) => semantics === 'SIM')?.slice(1) ?? []);
  const media = [...new Set(layers.length > 0 ? layers : ssrcs.filter((ssrc) => !repairs.has(ssrc)).slice(0, 1))];
  return media.slice(0, maximumLayers).map((ssrc) => ({ ssrc, rtxSsrc: rtx.get(ssrc) }));
}

function validSsrcs(texts: readonly string[]): number[] {
  return texts.map(Number).filter((ssrc) => Number.isInteger(ssrc) && ssrc > 0 && ssrc <= 0xffff_ffff);
}
