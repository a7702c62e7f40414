import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorTable, isRefusal } from '../../errors.ts';
import { writeAnswer } from './answer.ts';
import { attributeOf, attributesOf, parseDescription } from './description.ts';
import { readOffer } from './offer.ts';
import { planReceiving } from './receivePlan.ts';
import { localTransport, mutatedOffers, offerNames, testOffer } from './testOffers.fixture.ts';

/** The status of a refusal, or the answer. */
function answerTo(text: string): string | number {
  const offer = readOffer(text);
  if (isRefusal(offer)) return errorTable[offer.refused].status;
  const planned = planReceiving(offer);
  if (isRefusal(planned)) return errorTable[planned.refused].status;
  return writeAnswer(offer, planned, localTransport, '42');
}

function sectionsOf(answer: string | number) {
  const description = parseDescription(String(answer));
  if (!description) throw new Error(`not an answer: ${answer}`);
  return description;
}

describe('the answer to an offer', () => {
  it.each(offerNames)('has the sections, bundle and transport of %s', (name) => {
    const answer = answerTo(testOffer(name));
    const { attributes, media } = sectionsOf(answer);
    expect(media.map(({ kind, port }) => [kind, port])).toEqual([
      ['audio', 9],
      ['video', 9],
    ]);
    expect(attributeOf(attributes, 'group')).toBe('BUNDLE 0 1');
    expect(attributeOf(attributes, 'ice-lite')).toBe('');
    for (const section of media) {
      expect(attributeOf(section.attributes, 'recvonly')).toBe('');
      expect(attributeOf(section.attributes, 'rtcp-mux')).toBe('');
      expect(attributeOf(section.attributes, 'rtcp-rsize')).toBe('');
      expect(attributeOf(section.attributes, 'ice-ufrag')).toBe('serverufrag');
      expect(attributeOf(section.attributes, 'fingerprint')).toMatch(/^sha-256 AB:/);
    }
    expect(attributesOf(media[0]?.attributes ?? [], 'candidate')).toHaveLength(2);
    expect(String(answer)).toMatch(/\r\n$/);
    expect(String(answer)).not.toMatch(/undefined|null|NaN/);
  });

  it.each([
    ['chromium', 'passive'],
    ['firefox', 'passive'],
    ['obs', 'passive'],
    ['ffmpeg', 'active'],
  ] as const)('gives %s the DTLS role it leaves over', (name, setup) => {
    const { media } = sectionsOf(answerTo(testOffer(name)));
    expect(media.map((section) => attributeOf(section.attributes, 'setup'))).toEqual([setup, setup]);
  });

  it('is passive towards an active offerer', () => {
    const answer = answerTo(testOffer('obs').replace('a=setup:actpass', 'a=setup:active'));
    expect(String(answer).match(/a=setup:\w+/g)).toEqual(['a=setup:passive', 'a=setup:passive']);
  });

  it.each([
    ['chromium', '102 103', '102 H264/90000'],
    ['firefox', '126 127', '126 H264/90000'],
    ['obs', '96', '96 H264/90000'],
    ['ffmpeg', '106 105', '106 H264/90000'],
  ] as const)('takes H.264 in packetization mode 1 from %s, with rtx where it is offered', (name, formats, map) => {
    const video = sectionsOf(answerTo(testOffer(name))).media[1];
    expect(video?.formats.join(' ')).toBe(formats);
    expect(attributeOf(video?.attributes ?? [], 'rtpmap')).toBe(map);
    expect(attributeOf(video?.attributes ?? [], 'fmtp')).toContain('packetization-mode=1');
  });

  it('keeps the offered profile, and tells browsers the bitrate to begin with', () => {
    const [, video] = sectionsOf(answerTo(testOffer('firefox'))).media;
    const parameters = attributeOf(video?.attributes ?? [], 'fmtp');
    expect(parameters).toContain('profile-level-id=42e01f');
    expect(parameters).toMatch(/x-google-start-bitrate=\d{4}/);
  });

  it('takes VP8 when there is no H.264', () => {
    const offer = testOffer('chromium').replaceAll('H264/90000', 'H265/90000');
    const [, video] = sectionsOf(answerTo(offer)).media;
    expect(video?.formats).toEqual(['96', '97']);
    expect(attributesOf(video?.attributes ?? [], 'rtpmap')).toEqual(['96 VP8/90000', '97 rtx/90000']);
  });

  it('lets bandwidth be estimated by one method only', () => {
    const feedback = (name: (typeof offerNames)[number]) =>
      attributesOf(sectionsOf(answerTo(testOffer(name))).media[1]?.attributes ?? [], 'rtcp-fb');
    expect(feedback('chromium')).toEqual(['102 transport-cc', '102 ccm fir', '102 nack', '102 nack pli']);
    expect(feedback('obs')).toEqual(['96 nack', '96 nack pli', '96 goog-remb']);
    expect(feedback('ffmpeg')).toEqual(['106 nack']);
  });

  it('leaves the turning of the picture to the sender', () => {
    expect(testOffer('chromium')).toContain('urn:3gpp:video-orientation');
    expect(answerTo(testOffer('chromium'))).not.toContain('video-orientation');
  });

  it('accepts every simulcast layer, in the order of the offer', () => {
    const [, video] = sectionsOf(answerTo(testOffer('obsSimulcast'))).media;
    expect(attributesOf(video?.attributes ?? [], 'rid')).toEqual(['0 recv', '1 recv', '2 recv']);
    expect(attributeOf(video?.attributes ?? [], 'simulcast')).toBe('recv 0;1;2');
  });

  it('keeps a section that the offerer has switched off switched off', () => {
    const { attributes, media } = sectionsOf(answerTo(testOffer('obs').replace('m=audio 9', 'm=audio 0')));
    expect(media.map(({ port }) => port)).toEqual([0, 9]);
    expect(attributeOf(attributes, 'group')).toBe('BUNDLE 1');
    expect(attributesOf(media[1]?.attributes ?? [], 'candidate')).toHaveLength(2);
  });
});

describe('an offer that cannot be answered', () => {
  const obs = testOffer('obs');
  it.each([
    ['is empty', '', 400],
    ['is not SDP', '{"sdp":"v=0"}', 400],
    ['has no media', obs.slice(0, obs.indexOf('m=audio')), 400],
    ['has no ICE credentials', obs.replace(/a=ice-ufrag.*\r\n/, ''), 400],
    ['has no fingerprint', obs.replace(/a=fingerprint.*\r\n/, ''), 400],
    ['has a fingerprint of the wrong length', obs.replace(/:54\r\n/, '\r\n'), 400],
    ['has no DTLS role', obs.replace(/a=setup.*\r\n/, ''), 400],
    ['uses a mid twice', obs.replace('a=mid:1', 'a=mid:0'), 400],
    ['has no accepted audio codec', obs.replace('opus/48000/2', 'PCMU/8000'), 406],
    ['has no accepted video codec', obs.replace('H264/90000', 'H265/90000'), 406],
    ['has H.264 in packetization mode 0 only', obs.replace('packetization-mode=1', 'packetization-mode=0'), 406],
    ['has an H.264 profile that nobody can play', obs.replace('42e01f', 'f4001f'), 406],
    ['wants to receive', obs.replace('a=sendonly', 'a=recvonly'), 422],
    ['does not multiplex RTCP', obs.replace('a=rtcp-mux\r\n', ''), 422],
    ['is not encrypted', obs.replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP'), 422],
    [
      'has two audio tracks',
      obs.replace(/m=video[^]*/, obs.slice(obs.indexOf('m=audio'), obs.indexOf('m=video')).replace('mid:0', 'mid:1')),
      422,
    ],
    ['has a data channel', `${obs}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n`, 422],
    ['does not say which packets are its own', obs.replace(/a=ssrc:.*\r\n/g, ''), 422],
  ])('%s', (_why, offer, status) => {
    expect(answerTo(offer)).toBe(status);
  });

  it('never brings the server down, whatever is changed in a real one', () => {
    fc.assert(
      fc.property(mutatedOffers, (offer) => {
        const answer = answerTo(offer);
        if (typeof answer === 'number') expect(answer).toBeGreaterThanOrEqual(400);
        if (typeof answer === 'number') expect(answer).toBeLessThan(500);
        else expect(parseDescription(answer)?.media.length).toBeGreaterThan(0);
      }),
      { numRuns: 1500 },
    );
  });
});
