import { Readable } from 'node:stream';
import type { AudioTrack, Track } from '../../media/track.ts';
import type { FfmpegTask, TaskInput, TaskOutput } from '../../transcode/ffmpegTask.ts';
import type { PieceTrack } from './pieceTrack.ts';
import { droppedFrames, layOutSound, type PieceEdges } from './soundFrames.ts';

/** Longer pieces, which come of sources with rare key frames, get one this often. */
const keyFrameSeconds = 2;
const leastAudioBps = 96_000;
const mostAudioBps = 320_000;
/** Of one track of a piece. */
const maxBytes = 256e6;
const deadlineMs = 120_000;

/** One ffmpeg for all tracks of a piece: each is made of itself, at its size, with frames in a fragment of their own. */
export function pieceTask(tracks: readonly PieceTrack[], edges: PieceEdges, signal?: AbortSignal): FfmpegTask {
  return {
    inputs: tracks.map(({ initBytes, files }, index): TaskInput => ({
      args: [...(index === 0 ? ['-copyts'] : []), '-f', 'mp4'],
      from: () => Readable.from([initBytes, ...files], { objectMode: false }),
    })),
    outputs: tracks.map((piece, index): TaskOutput => ({
      args: [
        '-map',
        `${index}:0`,
        ...(piece.track.kind === 'audio' ? audioArgs(piece, piece.track, edges) : videoArgs(piece, piece.track)),
        ...muxerArgs(piece.track),
      ],
      to: { maxBytes },
    })),
    deadlineMs,
    kind: 'cut',
    signal,
  };
}

function videoArgs({ fromTicks, toTicks }: PieceTrack, track: Track): string[] {
  const most = Math.round(Math.max(track.bitrateBps, 200_000) * 1.5);
  const { profile, level } = profileOf(track.codec);
  return [
    '-vf',
    `trim=start_pts=${fromTicks}:end_pts=${toTicks}`,
    // Without the last two, times are rounded to the nominal frame rate.
    ...options('-c:v libx264 -preset veryfast -bf 0 -crf 19 -enc_time_base -1 -fps_mode passthrough'),
    ...options(`-maxrate ${most} -bufsize ${most * 2} ${profile} ${level}`),
    // Key frames nowhere but where all renditions have them.
    ...options('-sc_threshold 0 -g 9999 -force_key_frames'),
    `expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+${keyFrameSeconds}))`,
  ];
}

/** That of its neighbours, as far as it has one that encoders are told by name. */
function profileOf(codec: string): { profile: string; level: string } {
  const [, profileHex = '', levelHex = ''] = /^avc[13]\.([0-9a-f]{2})[0-9a-f]{2}([0-9a-f]{2})$/i.exec(codec) ?? [];
  const name = { 66: 'baseline', 77: 'main', 100: 'high' }[Number.parseInt(profileHex, 16)];
  const level = Number.parseInt(levelHex, 16);
  return {
    profile: name ? `-profile:v ${name}` : '',
    level: level >= 10 && level <= 62 ? `-level:v ${(level / 10).toFixed(1)}` : '',
  };
}

function audioArgs(piece: PieceTrack, track: AudioTrack, edges: PieceEdges): string[] {
  const { soundFrom, leadSamples, soundSamples, encodedSamples } = layOutSound(piece, edges);
  const filters = [
    `atrim=start_pts=${soundFrom}`,
    // Silence where frames are missing; times that are a little off, as whole milliseconds are, stay without effect.
    `aresample=async=1:min_hard_comp=0.01:first_pts=${soundFrom}`,
    'asetpts=N',
    ...(leadSamples > 0 ? [`adelay=delays=${leadSamples}S:all=1`] : []),
    `atrim=end_sample=${soundSamples}`,
    `apad=whole_len=${encodedSamples}`,
  ];
  const bitrate = Math.round(Math.min(mostAudioBps, Math.max(leastAudioBps, track.bitrateBps)));
  const drop = Array.from({ length: droppedFrames }, (_, frame) => `not(n-${frame})`).join('+');
  return ['-af', filters.join(','), ...options(`-c:a aac -b:a ${bitrate} -bsf:a noise=drop=${drop}`)];
}

/** As in live transcodes: fragments say the time, and nothing else does. */
function muxerArgs(track: Track): string[] {
  return options(
    `-map_metadata -1 -video_track_timescale ${track.timescale} -use_editlist 0 -avoid_negative_ts disabled`,
    '-movflags +frag_every_frame+empty_moov+default_base_moof+skip_trailer+frag_discont -brand cmfc -f mp4',
  );
}

/** No option here has a space of its own. */
function options(...parts: readonly string[]): string[] {
  return parts.flatMap((part) => part.split(' ').filter(Boolean));
}
