/** FLV E.4.1 */
export const flvTagTypes = { audio: 8, video: 9, script: 18 } as const;

/** FLV E.4.3.1; 12 is what encoders without Enhanced RTMP use for H.265. */
const videoCodecNames: Record<number, string> = {
  2: 'Sorenson H.263',
  3: 'Screen Video',
  4: 'VP6',
  5: 'VP6 with alpha',
  6: 'Screen Video 2',
  7: 'H.264',
  12: 'H.265',
};

/** FLV E.4.2.1 */
const audioCodecNames: Record<number, string> = {
  0: 'PCM',
  1: 'ADPCM',
  3: 'PCM',
  4: 'Nellymoser',
  5: 'Nellymoser',
  6: 'Nellymoser',
  7: 'G.711 A-law',
  8: 'G.711 mu-law',
  10: 'AAC',
  11: 'Speex',
  15: 'Device-specific',
};

/** Enhanced RTMP's four characters instead of a codec id. */
const fourCcNames: Record<string, string> = {
  hvc1: 'H.265',
  av01: 'AV1',
  vp08: 'VP8',
  vp09: 'VP9',
  avc1: 'Enhanced RTMP H.264',
  mp4a: 'Enhanced RTMP AAC',
  Opus: 'Opus',
  'ac-3': 'AC-3',
  'ec-3': 'E-AC-3',
  fLaC: 'FLAC',
  '.mp3': 'MP3',
};

const avcCodecId = 7;
const aacFormat = 10;
/** At any rate, and at 8 kHz. */
const mp3Formats: readonly number[] = [2, 14];
const enhancedAudioFormat = 9;
const keyFrameType = 1;
/** Commands for a seeking Flash player, not pictures. */
const commandFrameType = 5;

/** What the body of a video or audio tag carries. `configuration` and `frame` are H.264 or AAC, `mp3` needs no configuration. */
export type FlvBody =
  | { readonly kind: 'configuration'; readonly bytes: Buffer }
  | { readonly kind: 'frame'; readonly keyFrame: boolean }
  | { readonly kind: 'mp3'; readonly bytes: Buffer }
  | { readonly kind: 'unsupported'; readonly codec: string }
  | { readonly kind: 'nothing' };

const nothing: FlvBody = { kind: 'nothing' };

export function parseVideoBody(body: Buffer): FlvBody {
  const first = body[0];
  if (first === undefined) return nothing;
  if ((first & 0x80) !== 0) return { kind: 'unsupported', codec: fourCcName(body) };
  const codecId = first & 0x0f;
  const frameType = first >> 4;
  if (frameType === commandFrameType) return nothing;
  if (codecId !== avcCodecId) return { kind: 'unsupported', codec: videoCodecNames[codecId] ?? `FLV codec ${codecId}` };
  // AVCPacketType, CompositionTime (24 bits), data
  if (body.length <= 5) return nothing;
  if (body[1] === 0) return { kind: 'configuration', bytes: body.subarray(5) };
  return body[1] === 1 ? { kind: 'frame', keyFrame: frameType === keyFrameType } : nothing;
}

export function parseAudioBody(body: Buffer): FlvBody {
  const first = body[0];
  if (first === undefined) return nothing;
  const format = first >> 4;
  if (format === enhancedAudioFormat) return { kind: 'unsupported', codec: fourCcName(body) };
  if (mp3Formats.includes(format)) return body.length > 1 ? { kind: 'mp3', bytes: body.subarray(1) } : nothing;
  if (format !== aacFormat) return { kind: 'unsupported', codec: audioCodecNames[format] ?? `FLV sound ${format}` };
  if (body.length <= 2) return nothing;
  if (body[1] === 0) return { kind: 'configuration', bytes: body.subarray(2) };
  return body[1] === 1 ? { kind: 'frame', keyFrame: true } : nothing;
}

function fourCcName(body: Buffer): string {
  const fourCc = body.toString('latin1', 1, 5);
  return fourCcNames[fourCc] ?? 'Enhanced RTMP';
}
