import type { CaptionContent } from '../../media/captions/captionMessage.ts';
import { readCcData } from '../../media/captions/captionTriplets.ts';
import { type AmfObject, type AmfValue, isAmfObject } from './amf/amfValue.ts';

/** A few lines, however wordy. */
const longestText = 1000;
/** More than 31 triplets with all that may stand around them, as base64. */
const longestBase64 = 400;
/** `GA94` and the type of what follows (ATSC A/53 Part 4, 6.2.3), with or without country and provider before. */
const captionsFollow = Buffer.of(0x47, 0x41, 0x39, 0x34, 0x03);
const fieldOneFlags = 0xfc;

/**
 * Captions in a data message: `onTextData` has plain text, `onCaptionInfo` those of line 21 or `cc_data` as base64.
 * Undefined for anything else.
 */
export function readCaptionValues(values: readonly AmfValue[]): CaptionContent | undefined {
  const [name, properties] = values[0] === '@setDataFrame' ? values.slice(1) : values;
  if (!isAmfObject(properties)) return undefined;
  if (name === 'onTextData') return readText(properties);
  return name === 'onCaptionInfo' ? readCaptionInfo(properties) : undefined;
}

function readText({ text, language }: AmfObject): CaptionContent | undefined {
  if (typeof text !== 'string') return undefined;
  return { type: 'text', language: readLanguage(language), text: text.slice(0, longestText).toWellFormed() };
}

/** `eng`, `en`, `en-US` … as BCP 47 has them. */
function readLanguage(language: AmfValue): string | undefined {
  if (typeof language !== 'string' || !/^[a-z]{2,3}(?:-[a-z\d]{2,8}){0,3}$/i.test(language)) return undefined;
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    return undefined;
  }
}

function readCaptionInfo({ type, data }: AmfObject): CaptionContent | undefined {
  if (typeof data !== 'string' || data.length > longestBase64) return undefined;
  const bytes = Buffer.from(data, 'base64');
  const triplets = type === '608' || type === 608 ? fromPairs(bytes) : fromUserData(bytes);
  return triplets.length > 0 ? { type: 'ccData', triplets } : undefined;
}

/** Bytes of the first field, two for each picture. */
function fromPairs(bytes: Buffer): Uint8Array {
  const triplets: number[] = [];
  for (let offset = 0; offset + 2 <= bytes.length; offset += 2) {
    triplets.push(fieldOneFlags, bytes[offset]!, bytes[offset + 1]!);
  }
  return Uint8Array.from(triplets);
}

function fromUserData(bytes: Buffer): Uint8Array {
  const at = bytes.indexOf(captionsFollow);
  return readCcData(at < 0 ? bytes : bytes.subarray(at + captionsFollow.length));
}
