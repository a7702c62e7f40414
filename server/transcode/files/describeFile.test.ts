import { describe, expect, it } from 'vitest';
import { describeFile } from './describeFile.ts';
import { probeOutputSchema } from './probeOutput.ts';

const picture = {
  codec_type: 'video',
  codec_name: 'h264',
  profile: 'High',
  level: 31,
  width: 1280,
  height: 720,
  pix_fmt: 'yuv420p',
  field_order: 'progressive',
  avg_frame_rate: '30000/1001',
  r_frame_rate: '30000/1001',
  has_b_frames: 2,
  bit_rate: '2000000',
  duration: '60.02',
};
const sound = { codec_type: 'audio', codec_name: 'aac', profile: 'LC', channels: 2, sample_rate: '48000' };
const mp4 = { format_name: 'mov,mp4,m4a,3gp,3g2,mj2', duration: '61.5', bit_rate: '2128000' };

const look = (streams: readonly object[], format: object = mp4) =>
  describeFile('/f', probeOutputSchema.parse({ streams, format }));

describe('describeFile', () => {
  it('tells length, sizes and rates', () => {
    expect(look([picture, sound])).toMatchObject({
      durationMs: 60_020,
      video: { width: 1280, height: 720, bitrateBps: 2_000_000, playable: true, reorderedFrames: 2 },
      audio: { channels: 2, playable: true },
    });
  });

  it('goes by the container where streams do not say how long they are', () => {
    expect(look([{ ...picture, duration: undefined }])).toMatchObject({ durationMs: 61_500 });
    expect(look([{ ...picture, duration: 'N/A' }], { format_name: 'flv', duration: 'N/A' })).toMatchObject({
      durationMs: undefined,
    });
  });

  it.each([
    ['is turned', { side_data_list: [{ rotation: -90 }] }],
    ['is interlaced', { field_order: 'tt' }],
    ['has more colours than players know', { pix_fmt: 'yuv422p10le' }],
    ['has a profile that players do not know', { profile: 'High 4:4:4 Predictive' }],
    ['has a level that they do not know', { level: 62 }],
    ['is HEVC', { codec_name: 'hevc' }],
  ])('has a picture encoded that %s', (_, change) => {
    expect(look([{ ...picture, ...change }])).toMatchObject({ video: { playable: false } });
  });

  it.each(['HE-AAC', 'HE-AACv2', 'Main'])('has sound encoded that is %s', (profile) => {
    expect(look([picture, { ...sound, profile }])).toMatchObject({ audio: { playable: false } });
  });

  it('shows a turned picture upright', () => {
    expect(look([{ ...picture, tags: { rotate: '270' } }])).toMatchObject({ video: { width: 720, height: 1280 } });
  });

  it('has the picture of a container without times encoded, and the sound of MPEG-TS', () => {
    expect(look([picture, sound], { ...mp4, format_name: 'avi' })).toMatchObject({
      video: { playable: false },
      audio: { playable: false },
    });
    expect(look([picture, sound], { ...mp4, format_name: 'mpegts' })).toMatchObject({
      video: { playable: true },
      audio: { playable: false },
    });
  });

  it('does not take a cover for a picture', () => {
    const cover = { ...picture, codec_name: 'mjpeg', disposition: { attached_pic: 1 } };
    expect(look([cover, sound])).toMatchObject({ video: undefined });
    expect(look([cover])).toMatchObject({ refused: 'uploadWithoutMedia' });
  });

  it.each([
    ['uploadWithoutMedia', [{ codec_type: 'subtitle', codec_name: 'subrip' }], mp4],
    ['uploadUnsupported', [{ ...picture, codec_name: undefined }], mp4],
    ['uploadUnreadable', [{ ...picture, width: 0 }], mp4],
    ['uploadOutsideLimits', [{ ...picture, width: 30_000 }], mp4],
    ['uploadOutsideLimits', [{ ...picture, avg_frame_rate: '1000/1' }], mp4],
    ['uploadOutsideLimits', [{ ...picture, duration: '90000' }], mp4],
    ['uploadOutsideLimits', [{ ...sound, channels: 64 }], mp4],
  ])('refuses with %s', (refused, streams, format) => {
    expect(look(streams, format)).toMatchObject({ refused });
  });
});
