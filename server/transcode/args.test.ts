import { describe, expect, it } from 'vitest';
import { buildCommand } from './args.ts';
import { planLadder } from './ladder.ts';
import { buildArguments } from './process.ts';
import { passthrough, sourceAndThree } from './transcode.fixture.ts';

const inputArgs = ['-probesize', '32768', '-f', 'flv', '-i', 'pipe:0'];
const aac = { codec: 'aac', sampleRate: 48_000, channels: 2 } as const;
const opus = { codec: 'opus', sampleRate: 48_000, channels: 2 } as const;
const h264 = { codec: 'h264', width: 1280, height: 720 } as const;
const vp8 = { codec: 'vp8', width: 1280, height: 720 } as const;

function build(tracks: Parameters<typeof planLadder>[0], profile = passthrough): string {
  const command = buildCommand({
    inputs: [inputArgs],
    tracks: planLadder(tracks, profile),
    offsetMs: 12_345,
    segmentSeconds: 2,
  });
  return buildArguments(command).join(' ');
}

describe('buildCommand', () => {
  it('decodes nothing to pass H.264 and AAC through', () => {
    expect(build({ video: h264, audio: aac })).toBe(
      '-hide_banner -nostdin -nostats -loglevel warning -copyts -progress pipe:3 -probesize 32768 -f flv -i pipe:0' +
        [' -map 0:V:0 -c:v copy MUXER pipe:4', ' -map 0:a:0 -c:a copy MUXER pipe:5']
          .join('')
          .replaceAll(
            'MUXER',
            '-map_metadata -1 -video_track_timescale 90000 -use_editlist 0 -avoid_negative_ts disabled -brand cmfc' +
              ' -movflags +frag_every_frame+empty_moov+default_base_moof+skip_trailer+frag_discont' +
              ' -output_ts_offset 12.345 -f mp4',
          ),
    );
  });

  it('decodes once for all flavors and follows the key frames of the copied source', () => {
    const args = build({ video: h264, audio: aac }, sourceAndThree);
    expect(args.match(/-i /g)).toHaveLength(1);
    expect(args).toContain('[0:V:0]split=3[v1in][v2in][v3in];[v1in]scale=480:270');
    expect(args.match(/-force_key_frames source -enc_time_base -1 -fps_mode passthrough/g)).toHaveLength(3);
    expect(args.match(/ pipe:\d+/g)).toEqual([
      ' pipe:3',
      ' pipe:0',
      ' pipe:4',
      ' pipe:5',
      ' pipe:6',
      ' pipe:7',
      ' pipe:8',
    ]);
  });

  it('gives all renditions the same key frames where the source is encoded too', () => {
    const args = build({ video: vp8, audio: opus }, sourceAndThree);
    expect(args).not.toContain('-c:v copy');
    expect(args).not.toContain('-force_key_frames source');
    expect(args.match(/-force_key_frames expr:if\(isnan\(prev_forced_t\),1,gte\(t,prev_forced_t\+2\)\)/g)).toHaveLength(
      4,
    );
  });

  it('fills gaps in audio it encodes and drops the encoder’s priming', () => {
    const args = build({ audio: opus });
    expect(args).toContain(
      '-af aresample=async=1000:min_hard_comp=0.05:first_pts=0,aformat=sample_rates=48000:channel_layouts=stereo',
    );
    expect(args).toContain('-c:a aac -b:a 64k -bsf:a noise=drop=not(n)');
    expect(args).not.toContain('filter_complex');
  });
});

describe('buildArguments', () => {
  it('leaves every argument whole, spaces and all', () => {
    const args = buildArguments({
      inputs: [['-x', 'one two', '-flag', '-i', '/a b/c.sdp']],
      complexFilter: [],
      outputs: [{ target: 'pipe:4', args: ['-y', 'three four'] }],
    });
    expect(args).toEqual(['-x', 'one two', '-flag', '-i', '/a b/c.sdp', '-y', 'three four', 'pipe:4']);
  });
});
