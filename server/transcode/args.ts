import type { EncodedAudio, EncodedVideo, OutputTrack } from './ladder.ts';

/** One ffmpeg call as plain data; `process.ts` turns it into arguments. */
export interface FfmpegCommand {
  /** Of each input, everything up to `-i <url>`; the global options come before the first. */
  readonly inputs: readonly (readonly string[])[];
  readonly complexFilter: readonly string[];
  readonly outputs: readonly { readonly target: string; readonly args: readonly string[] }[];
}

/** Standard streams take 0 to 2. */
export const progressPipe = 3;
export const firstOutputPipe = 4;

/** Where an input comes in: the first through standard input, the others after the outputs. */
export function inputPipe(index: number, outputs: number): number {
  return index === 0 ? 0 : firstOutputPipe + outputs + index - 1;
}

/** A reading's times begin at 0 and are kept: ffmpeg would subtract the first of them it happens to see. */
const globalArgs = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'warning', '-copyts'];

/**
 * Every rendition and the audio as CMAF, each to a pipe of its own: one process, one decode. Pipes rather than HTTP to
 * the server itself: equal in delay and cost, but nothing listens, nothing else can write into a broadcast, and both
 * ends see at once when the other has died, so that no ffmpeg outlives its server.
 */
export function buildCommand(plan: {
  /** Of each input, everything up to `-i <url>`. */
  readonly inputs: readonly (readonly string[])[];
  readonly tracks: readonly OutputTrack[];
  /** Where on the timeline the reading's time 0 is. */
  readonly offsetMs: number;
  readonly segmentSeconds: number;
  /** What the decoded picture goes through before it is scaled. */
  readonly pictureFilter?: string;
}): FfmpegCommand {
  const encoded = plan.tracks.filter((track) => track.kind === 'video' && track.encoder === 'h264');
  const sourceIsCopied = plan.tracks.some((track) => track.kind === 'video' && track.encoder === 'copy');
  const keyFrames = sourceIsCopied ? 'source' : everySeconds(plan.segmentSeconds);
  const muxer = muxerArgs(plan.offsetMs);
  return {
    inputs: plan.inputs.map((args, index) =>
      index === 0
        ? [...globalArgs, '-progress', `pipe:${progressPipe}`, ...args]
        : args.map((arg) => (arg === 'pipe:0' ? `pipe:${inputPipe(index, plan.tracks.length)}` : arg)),
    ),
    complexFilter: scalers(encoded, plan.pictureFilter),
    outputs: plan.tracks.map((track, index) => ({
      target: `pipe:${firstOutputPipe + index}`,
      args: [...trackArgs(track, keyFrames), ...muxer],
    })),
  };
}

function trackArgs(track: OutputTrack, keyFrames: string): string[] {
  if (track.kind === 'audio') {
    return ['-map', '0:a:0', ...(track.encoder === 'copy' ? ['-c:a', 'copy'] : aacArgs(track))];
  }
  return track.encoder === 'copy' ? ['-map', `${track.input ?? 0}:V:0`, '-c:v', 'copy'] : h264Args(track, keyFrames);
}

/** The decoded picture (no cover art: `V`) once for each encoder, brought to a size that stays the same when the source's does not. */
function scalers(tracks: readonly EncodedVideo[], first = ''): string[] {
  if (tracks.length === 0) return [];
  const inputs = tracks.map(({ id }) => `[${id}in]`).join('');
  return [
    `[0:V:0]${first && `${first},`}split=${tracks.length}${inputs}`,
    ...tracks.map(({ id, width, height }) => {
      const size = `${width}:${height}`;
      const scale = `scale=${size}:force_original_aspect_ratio=decrease:force_divisible_by=2`;
      return `[${id}in]${scale},pad=${size}:(ow-iw)/2:(oh-ih)/2,${squarePixels}[${id}]`;
    }),
  ];
}

/** Rounding to even sides makes pixels a hair off square; sources that are really anamorphic stay so. */
const squarePixels = String.raw`setsar=if(between(sar\,0.9\,1.1)+eq(sar\,0)\,1\,sar)`;

/** From the last forced frame rather than from 0, so that a reading that begins late does not get a burst of them. */
function everySeconds(seconds: number): string {
  return `expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+${seconds}))`;
}

function h264Args(track: EncodedVideo, keyFrames: string): string[] {
  const { id, h264Profile, bitrateKbps } = track;
  return options(
    `-map [${id}] -c:v libx264 -preset veryfast -tune zerolatency -profile:v ${h264Profile} -pix_fmt yuv420p`,
    `-b:v ${bitrateKbps}k -maxrate ${bitrateKbps}k -bufsize ${bitrateKbps * 2}k`,
    // Key frames nowhere but where all renditions have them.
    `-sc_threshold 0 -g 9999 -force_key_frames ${keyFrames}`,
    // Without both, encoder time is rounded to the nominal frame rate and no key frame matches the copied rendition.
    '-enc_time_base -1 -fps_mode passthrough',
  );
}

function aacArgs({ bitrateKbps, channels }: EncodedAudio): string[] {
  const format = `aformat=sample_rates=48000:channel_layouts=${channels === 1 ? 'mono' : 'stereo'}`;
  return options(
    // Gaps of lost packets are filled and clocks that drift are followed; the sound begins where the timeline does.
    `-af aresample=async=1000:min_hard_comp=0.05:first_pts=0,${format}`,
    `-c:a aac -b:a ${bitrateKbps}k`,
    // The first packet is the encoder's priming: 1024 samples of nothing, before the timeline's begin.
    '-bsf:a noise=drop=not(n)',
  );
}

/**
 * A fragment for each frame: boundaries and parts are decided here. `frag_discont` makes `tfdt` the absolute time; without it each output silently restarts at 0, separately. So does
 * `avoid_negative_ts`. The `cmaf` flag is left out because of its negative composition offsets: with reordered frames,
 * ffmpeg itself (and players built on it) then shows the picture some frames late. Without an edit list, decoding time
 * plus composition offset is the presentation time for every reader.
 */
function muxerArgs(offsetMs: number): string[] {
  return options(
    '-map_metadata -1 -video_track_timescale 90000 -use_editlist 0 -avoid_negative_ts disabled -brand cmfc',
    '-movflags +frag_every_frame+empty_moov+default_base_moof+skip_trailer+frag_discont',
    `-output_ts_offset ${(offsetMs / 1000).toFixed(3)} -f mp4`,
  );
}

/** No option here has a space of its own. */
function options(...parts: readonly string[]): string[] {
  return parts.flatMap((part) => part.split(' '));
}
