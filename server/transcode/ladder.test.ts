import { describe, expect, it } from 'vitest';
import type { Flavor, Profile } from '../../shared/model/profile.ts';
import type { SourceTracks } from '../media/track.ts';
import { planLadder } from './ladder.ts';
import { passthrough, sourceAndThree } from './transcode.fixture.ts';

const aac = { codec: 'aac', sampleRate: 44_100, channels: 2 } as const;

function source(width: number, height: number, codec: 'h264' | 'vp8' = 'h264'): SourceTracks {
  return { video: { codec, width, height, frameRate: 30 }, audio: aac };
}

function flavor(width: number, height: number, videoBitrateKbps = 500): Flavor {
  return { name: 'f', width, height, videoBitrateKbps, h264Profile: 'main' };
}

function sizes(tracks: SourceTracks, profile: Profile): string[] {
  return planLadder(tracks, profile).map((track) =>
    track.kind === 'video' ? `${track.id} ${track.width}x${track.height}` : track.id,
  );
}

function sizeOf(tracks: SourceTracks, ...flavors: Flavor[]): string[] {
  return sizes(tracks, { ...passthrough, flavors }).slice(1, -1);
}

describe('planLadder', () => {
  it('copies H.264 and AAC and nothing else for Passthrough', () => {
    expect(planLadder(source(1280, 720), passthrough)).toEqual([
      { id: 'v0', kind: 'video', encoder: 'copy', width: 1280, height: 720 },
      { id: 'a0', kind: 'audio', encoder: 'copy' },
    ]);
  });

  it.each(['heAac', 'otherAac', 'mp3', 'opus'] as const)('encodes %s to AAC-LC, also for Passthrough', (codec) => {
    const tracks = { ...source(1280, 720), audio: { ...aac, codec } };
    expect(planLadder(tracks, passthrough).at(-1)).toMatchObject({ id: 'a0', encoder: 'aac', bitrateKbps: 64 });
  });

  it('leaves the source out where it is not to be kept, unless nothing else is made', () => {
    const lean = { ...sourceAndThree, keepsSource: false };
    expect(sizes(source(1280, 720), lean)).toEqual(['v1 480x270', 'v2 640x360', 'v3 640x360', 'a0']);
    expect(sizes(source(1280, 720), { ...lean, flavors: [] })).toEqual(['v0 1280x720', 'a0']);
  });

  it('makes source and three for Cloud Transcode', () => {
    expect(sizes(source(1280, 720), sourceAndThree)).toEqual([
      'v0 1280x720',
      'v1 480x270',
      'v2 640x360',
      'v3 640x360',
      'a0',
    ]);
    expect(planLadder(source(1280, 720), sourceAndThree)[3]).toEqual({
      id: 'v3',
      kind: 'video',
      encoder: 'h264',
      width: 640,
      height: 360,
      bitrateKbps: 900,
      h264Profile: 'main',
    });
  });

  it.each([
    ['4:3', 640, 480, ['v1 480x360']],
    ['portrait, whose long side is bound', 720, 1280, ['v1 270x480']],
    ['a square', 1000, 1000, ['v1 480x480']],
    ['smaller than the flavor', 320, 240, ['v1 320x240']],
    ['odd', 853, 479, ['v1 480x270']],
    ['odd and smaller than the flavor', 321, 241, ['v1 320x240']],
    ['huge', 7680, 4320, ['v1 480x270']],
    ['very wide', 3840, 40, ['v1 480x6']],
    ['tiny', 2, 2, ['v1 2x2']],
    ['one pixel', 1, 1, ['v1 2x2']],
  ])('keeps the shape of a source that is %s', (_, width, height, expected) => {
    expect(sizeOf(source(width, height), flavor(480, 0))).toEqual(expected);
  });

  it('keeps within both bounds, or the source where there is none', () => {
    expect(sizeOf(source(1280, 720), flavor(640, 240), flavor(0, 540, 1), flavor(0, 0, 2))).toEqual([
      'v1 426x240',
      'v2 960x540',
      'v3 1280x720',
    ]);
  });

  it('drops a flavor that has become the same as another, and numbers on without a hole', () => {
    const tracks = sizeOf(source(320, 180), flavor(480, 0, 400), flavor(640, 0, 400), flavor(640, 0, 600));
    expect(tracks).toEqual(['v1 320x180', 'v2 320x180']);
  });

  it('encodes a source that is not H.264, at a bitrate that fits its size', () => {
    const [small] = planLadder(source(641, 361, 'vp8'), passthrough);
    expect(small).toMatchObject({ id: 'v0', encoder: 'h264', width: 640, height: 360 });
    const bitrate = (width: number, height: number) => {
      const [track] = planLadder(source(width, height, 'vp8'), passthrough);
      return track && 'bitrateKbps' in track ? track.bitrateKbps : undefined;
    };
    expect(bitrate(1280, 720)).toBe(2212);
    expect(bitrate(160, 90)).toBe(200);
    expect(bitrate(3840, 2160)).toBe(8000);
  });

  it('makes AAC of Opus, mono where the source is', () => {
    const opus = (channels: number) => ({ audio: { codec: 'opus', sampleRate: 48_000, channels } }) as const;
    expect(planLadder(opus(1), passthrough)).toEqual([
      { id: 'a0', kind: 'audio', encoder: 'aac', bitrateKbps: 64, channels: 1 },
    ]);
    expect(planLadder(opus(6), passthrough)[0]).toMatchObject({ channels: 2 });
  });

  it('makes nothing of what is not there', () => {
    expect(planLadder({ audio: aac }, sourceAndThree).map(({ id }) => id)).toEqual(['a0']);
    expect(planLadder({ video: source(640, 360).video }, passthrough).map(({ id }) => id)).toEqual(['v0']);
  });
});
