import { describe, expect, it } from 'vitest';
import { parseAnnouncement } from './announcement.ts';
import { description, gstreamerDescription } from './rtspBytes.fixture.ts';

const withSection = (...lines: string[]) => ['v=0', 's=x', ...lines, ''].join('\r\n');

describe('an announcement', () => {
  it('of ffmpeg is H.264 and mpeg4-generic AAC', () => {
    const announcement = parseAnnouncement(description);
    expect(announcement).toMatchObject({
      video: { payloadType: 96, clockRate: 90_000, control: 'streamid=0' },
      audio: {
        payloadType: 97,
        clockRate: 44_100,
        control: 'streamid=1',
        format: { kind: 'generic', sizeBits: 13, indexBits: 3, indexDeltaBits: 3 },
        unitTicks: 1024,
      },
    });
    const { video } = announcement as Extract<typeof announcement, { video?: unknown }>;
    expect(video?.parameterSets.map((set) => (set[0] ?? 0) & 0x1f)).toEqual([7, 8]);
  });

  it('of GStreamer is H.264 and LATM', () => {
    expect(parseAnnouncement(gstreamerDescription)).toMatchObject({
      video: { payloadType: 99, control: 'stream=0' },
      audio: { config: Buffer.from('1208', 'hex'), format: { kind: 'latm', units: 1 }, unitTicks: 1024 },
    });
  });

  it('may be of one track, and of H.264 without parameter sets', () => {
    const announcement = parseAnnouncement(withSection('m=video 0 RTP/AVP 96', 'a=rtpmap:96 h264/90000'));
    expect(announcement).toEqual({
      video: { kind: 'video', payloadType: 96, clockRate: 90_000, control: undefined, parameterSets: [] },
    });
  });

  it('counts the samples of spectral band replication', () => {
    // AAC-LC at 24 kHz whose output has 48 kHz, by a clock of 48 kHz.
    const fmtp = 'a=fmtp:97 mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=2B098800';
    expect(
      parseAnnouncement(withSection('m=audio 0 RTP/AVP 97', 'a=rtpmap:97 mpeg4-generic/48000/2', fmtp)),
    ).toMatchObject({ audio: { unitTicks: 2048 } });
  });

  const aac = (fmtp: string) => ['m=audio 0 RTP/AVP 97', 'a=rtpmap:97 mpeg4-generic/44100/2', `a=fmtp:97 ${fmtp}`];
  it.each([
    ['H.265', ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H265/90000'], 'H.265 video is not supported; send H.264 and AAC.'],
    ['VP8', ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 VP8/90000'], 'VP8 video is not supported; send H.264 and AAC.'],
    ['MP3', ['m=audio 0 RTP/AVP 14'], 'MP3 audio is not supported; send H.264 and AAC.'],
    ['a codec without a name', ['m=audio 0 RTP/AVP 98'], 'This audio is not supported; send H.264 and AAC.'],
    ['metadata', ['m=application 0 RTP/AVP 98'], 'A track of type application is not supported; send H.264 and AAC.'],
    ['no track', [], 'No track is announced; send H.264 and AAC.'],
    [
      'two pictures',
      ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'm=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000'],
      'Send one video track only.',
    ],
    [
      'interleaved H.264',
      ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 packetization-mode=2'],
      'Interleaved H.264 packets',
    ],
    ['AAC without its configuration', aac('sizelength=13'), 'AAC without its configuration'],
    ['AAC of which nothing can be made', aac('sizelength=13;config=FFFF'), 'The AAC configuration cannot be read'],
    ['AAC without headers', aac('config=1210'), 'send mode=AAC-hbr'],
    ['AAC with other headers', aac('sizelength=13;ctsdeltalength=4;config=1210'), 'send mode=AAC-hbr'],
    [
      'LATM in the stream',
      ['m=audio 0 RTP/AVP 97', 'a=rtpmap:97 MP4A-LATM/44100', 'a=fmtp:97 config=40002410'],
      'cpresent=0',
    ],
  ])('of %s is refused with a sentence', (_, lines, sentence) => {
    expect(parseAnnouncement(withSection(...lines))).toMatchObject({ message: expect.stringContaining(sentence) });
  });

  it.each([
    '',
    'v=1',
    'm=video 0 RTP/AVP 96',
    `v=0\n${'a=x\n'.repeat(600)}`,
    'v=0\nm=video x RTP/AVP 96',
    'v=0\nm=video 0 RTP/AVP 200',
  ])('is not %j', (text) => {
    expect(parseAnnouncement(text)).toMatchObject({ refused: 'malformedSdp' });
  });
});
