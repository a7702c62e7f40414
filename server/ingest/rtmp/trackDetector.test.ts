import { describe, expect, it } from 'vitest';
import { TrackDetector } from './trackDetector.ts';
import { aacConfiguration, avcConfiguration } from './encoder.fixture.ts';

describe('TrackDetector', () => {
  it('knows both tracks from their headers and the first key frame', () => {
    const detector = new TrackDetector();
    expect(detector.seeKeyFrame()).toBe(false);
    expect(detector.readVideoHeader(avcConfiguration)).toBe(false);
    expect(detector.readAudioHeader(aacConfiguration)).toBe(true);
    expect(detector.isComplete).toBe(false);
    expect([detector.tracks.video, detector.headers.video]).toEqual([undefined, undefined]);
    expect(detector.seeKeyFrame()).toBe(true);
    expect(detector.isComplete).toBe(true);
    expect(detector.seeKeyFrame()).toBe(false);
    expect(detector.tracks).toEqual({
      video: { codec: 'h264', width: 320, height: 180, frameRate: 25 },
      audio: { codec: 'aac', sampleRate: 44_100, channels: 2 },
    });
  });

  const announcements = [
    ['codec numbers', { videocodecid: 7 }, true, false],
    ['codec names', { audiocodecid: 'mp4a' }, false, true],
    ['flags', { hasVideo: true, hasAudio: false }, true, false],
    ['only what is missing', { hasAudio: false }, true, false],
    ['both', { videocodecid: 'avc1', audiocodecid: 10 }, false, false],
    ['nothing', { width: 320 }, false, false],
    ['an empty codec', { videocodecid: 0, audiocodecid: 10 }, false, true],
  ] as const;
  for (const [how, properties, videoAlone, audioAlone] of announcements) {
    it(`believes an announcement with ${how}`, () => {
      const video = new TrackDetector();
      video.readMetadata(['@setDataFrame', 'onMetaData', { ...properties }]);
      video.readVideoHeader(avcConfiguration);
      expect(video.isComplete).toBe(false);
      video.seeKeyFrame();
      expect(video.isComplete).toBe(videoAlone);
      const audio = new TrackDetector();
      audio.readMetadata(['onMetaData', { ...properties }]);
      audio.readAudioHeader(aacConfiguration);
      expect(audio.isComplete).toBe(audioAlone);
    });
  }

  it('waits for pictures where a header announces them, whatever the metadata say', () => {
    const detector = new TrackDetector();
    detector.readMetadata(['onMetaData', { hasVideo: false, hasAudio: true }]);
    detector.readVideoHeader(avcConfiguration);
    detector.readAudioHeader(aacConfiguration);
    expect(detector.isComplete).toBe(false);
  });

  it('prefers the announced frame rate when it is plausible', () => {
    for (const [
      framerate,
      expected,
    ] of [[29.97, 29.97], [0, 25], [Number.NaN, 25], ['30', 25]] as const /* prettier-ignore */) {
      const detector = new TrackDetector();
      detector.readMetadata(['onMetaData', { framerate }]);
      detector.readVideoHeader(avcConfiguration);
      detector.seeKeyFrame();
      expect(detector.tracks.video?.frameRate).toBe(expected);
    }
  });

  it('tells a repeated header from a new one', () => {
    const detector = new TrackDetector();
    detector.readAudioHeader(aacConfiguration);
    expect(detector.readAudioHeader(Buffer.from(aacConfiguration))).toBe(false);
    expect(detector.readAudioHeader(Buffer.of(0x11, 0x88))).toBe(true);
    expect(detector.tracks.audio).toEqual({ codec: 'aac', sampleRate: 48_000, channels: 1 });
  });

  it('keeps what it knows when a header cannot be read', () => {
    const detector = new TrackDetector();
    detector.readVideoHeader(avcConfiguration);
    detector.seeKeyFrame();
    expect(() => detector.readVideoHeader(Buffer.of(1, 2, 3))).toThrow(RangeError);
    expect(detector.tracks.video?.width).toBe(320);
    expect(detector.headers.video).toBe(avcConfiguration);
  });

  it('ignores other data messages', () => {
    const detector = new TrackDetector();
    for (const values of [[], ['onMetaData'], ['onMetaData', null], ['@setDataFrame', 'onTextData', {}], [5, {}]])
      detector.readMetadata(values);
    expect(detector.tracks).toEqual({});
  });
});
