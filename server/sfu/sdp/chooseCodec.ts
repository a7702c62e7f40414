import { routerProfileLevelId } from './h264Profile.ts';
import type { OfferedCodec } from './codecLines.ts';

/** A codec of the offer that is accepted. */
export interface ChosenCodec {
  readonly offered: OfferedCodec;
  readonly rtx?: OfferedCodec;
  /** As the router knows it. */
  readonly mimeType: string;
  readonly routerParameters: Readonly<Record<string, string | number>>;
  /** The answer's `fmtp`. */
  readonly answerParameters: Readonly<Record<string, string | number>>;
}

/**
 * What a browser reads from the answer's `fmtp`: it begins at this bitrate instead of creeping up from 300 kbit/s, so
 * that the picture has its full size from the first second on. Others ignore them. Kbit/s.
 */
const bitrateHints = { 'x-google-start-bitrate': 2500, 'x-google-min-bitrate': 500, 'x-google-max-bitrate': 8000 };

/** Stereo, and enough of it: browsers default to mono speech rates. Bits per second. */
const opusParameters = { minptime: 10, useinbandfec: 1, stereo: 1, maxaveragebitrate: 128_000 };

/** Picks H.264 (in the offerer's order of profiles), then VP8; Opus for audio. */
export function chooseCodec(kind: 'audio' | 'video', codecs: readonly OfferedCodec[]): ChosenCodec | undefined {
  const chosen = kind === 'audio' ? firstOf(codecs, asOpus) : (firstOf(codecs, asH264) ?? firstOf(codecs, asVp8));
  if (!chosen) return undefined;
  const rtx = codecs.find(
    ({ name, clockRate, parameters }) =>
      name === 'rtx' && clockRate === chosen.offered.clockRate && parameters.apt === String(chosen.offered.payloadType),
  );
  return rtx ? { ...chosen, rtx } : chosen;
}

function firstOf(
  codecs: readonly OfferedCodec[],
  accept: (codec: OfferedCodec) => ChosenCodec | undefined,
): ChosenCodec | undefined {
  for (const codec of codecs) {
    const chosen = accept(codec);
    if (chosen) return chosen;
  }
  return undefined;
}

function asOpus(offered: OfferedCodec): ChosenCodec | undefined {
  if (offered.name !== 'opus' || offered.clockRate !== 48_000 || offered.channels !== 2) return undefined;
  return { offered, mimeType: 'audio/opus', routerParameters: {}, answerParameters: opusParameters };
}

function asVp8(offered: OfferedCodec): ChosenCodec | undefined {
  if (offered.name !== 'vp8' || offered.clockRate !== 90_000) return undefined;
  return { offered, mimeType: 'video/VP8', routerParameters: {}, answerParameters: bitrateHints };
}

/** Mode 1 only: mode 0 cannot carry a picture larger than a packet. A missing profile means baseline (RFC 6184 8.1). */
function asH264(offered: OfferedCodec): ChosenCodec | undefined {
  if (offered.name !== 'h264' || offered.clockRate !== 90_000) return undefined;
  const { parameters } = offered;
  const offeredProfile = parameters['profile-level-id'] ?? '42000a';
  const profileLevelId = routerProfileLevelId(offeredProfile);
  if (parameters['packetization-mode'] !== '1' || profileLevelId === undefined) return undefined;
  return {
    offered,
    mimeType: 'video/H264',
    routerParameters: {
      'packetization-mode': 1,
      'level-asymmetry-allowed': 1,
      'profile-level-id': profileLevelId,
    },
    answerParameters: {
      ...(parameters['level-asymmetry-allowed'] === '1' ? { 'level-asymmetry-allowed': 1 } : {}),
      'packetization-mode': 1,
      'profile-level-id': offeredProfile.toLowerCase(),
      ...bitrateHints,
    },
  };
}
