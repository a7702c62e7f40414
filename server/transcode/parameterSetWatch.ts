import {
  buildAvcConfiguration,
  nalType,
  nalTypes,
  parseAvcConfiguration,
  parseSps,
  type SpsParameters,
} from '../media/codecs/h264.ts';

/** Parameter sets that no longer fit the init segment, and what they say. */
export interface NewParameters {
  readonly avcC: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Notices when a copied source changes its size or profile on the way. The sets arrive inside key frames; one that
 * differs only in its id or in details that decoders take from the key frame itself is no change.
 */
export class ParameterSetWatch {
  #current: SpsParameters | undefined;
  #lastSps: Uint8Array | undefined;
  readonly #nalLengthSize: number;

  /** Throws `RangeError` when the configuration is not one. */
  constructor(avcC: Uint8Array) {
    const { sps, nalLengthSize } = parseAvcConfiguration(avcC);
    this.#nalLengthSize = nalLengthSize;
    this.#lastSps = sps[0];
    this.#current = sps[0] && readSps(sps[0]);
  }

  /** Given every key frame, in order: the parameters that begin with it, if they are new. */
  changed(sample: Uint8Array): NewParameters | undefined {
    const { sps, pps } = this.#findSets(sample);
    if (!sps || !pps || (this.#lastSps && Buffer.compare(sps, this.#lastSps) === 0)) return undefined;
    const parameters = readSps(sps);
    if (!parameters) return undefined;
    this.#lastSps = new Uint8Array(sps);
    const same = this.#current && isSamePicture(parameters, this.#current);
    this.#current = parameters;
    if (same) return undefined;
    return { avcC: buildAvcConfiguration(sps, pps), width: parameters.width, height: parameters.height };
  }

  /** Parameter sets come before the picture's slices (H.264 7.4.1.2.3). */
  #findSets(sample: Uint8Array): { sps?: Uint8Array; pps?: Uint8Array } {
    let sps: Uint8Array | undefined;
    let pps: Uint8Array | undefined;
    for (let offset = 0; offset + this.#nalLengthSize < sample.length;) {
      let length = 0;
      for (let count = 0; count < this.#nalLengthSize; count++) length = length * 256 + sample[offset++]!;
      const nal = sample.subarray(offset, offset + length);
      const type = nalType(nal[0] ?? 0);
      if (type >= nalTypes.slice && type <= nalTypes.idr) break;
      if (type === nalTypes.sps) sps ??= nal;
      if (type === nalTypes.pps) pps ??= nal;
      offset += length;
    }
    return { sps, pps };
  }
}

/** A damaged set is the decoder's trouble, and no reason to end a broadcast. */
function readSps(sps: Uint8Array): SpsParameters | undefined {
  try {
    return parseSps(sps);
  } catch {
    return undefined;
  }
}

function isSamePicture(a: SpsParameters, b: SpsParameters): boolean {
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.profileIdc === b.profileIdc &&
    a.constraintFlags === b.constraintFlags &&
    a.levelIdc === b.levelIdc
  );
}
