import { describe, expect, it } from 'vitest';
import { parseStreamUrl } from './streamUrl.ts';
import { chooseTransport } from './transportHeader.ts';

describe('the URL of a stream', () => {
  it.each([
    ['rtsp://h/live/0_abcdefgh_1', { streamName: '0_abcdefgh_1', backup: false }],
    ['rtsp://h:8554/live/0_abcdefgh_%i/', { streamName: '0_abcdefgh_%i', backup: false }],
    ['rtsp://[::1]:8554/live/n?token=a%20b+c', { streamName: 'n', backup: false, token: 'a b+c' }],
    ['rtsp://h/live/n?i=1&token=t', { streamName: 'n', backup: true, token: 't' }],
    ['rtsp://h/live/n?i=0&token=', { streamName: 'n', backup: false, token: '' }],
    ['rtsp://h/live/n/?token=t/', { streamName: 'n', backup: false, token: 't' }],
  ])('%s is read', (url, expected) => {
    expect(parseStreamUrl(url)).toEqual(expected);
  });

  it.each([
    '*',
    'rtsp://h',
    'rtsp://h/live',
    'rtsp://h/live/',
    'rtsp://h/other/n',
    'rtsp://h/live/a/b',
    'http://h/live/n',
  ])('%s is none', (url) => {
    expect(parseStreamUrl(url)).toBeUndefined();
  });
});

describe('a transport', () => {
  it.each([
    ['RTP/AVP/TCP;unicast;interleaved=2-3;mode=record', { kind: 'tcp', channels: [2, 3] }],
    ['RTP/AVP/TCP', { kind: 'tcp' }],
    ['RTP/AVP;unicast;client_port=5000-5001;mode="RECORD"', { kind: 'udp', clientPorts: [5000, 5001] }],
    ['RTP/AVP/UDP;client_port=5000', { kind: 'udp', clientPorts: [5000, 5001] }],
    ['RTP/AVP;multicast;client_port=1-2, rtp/avp/tcp;interleaved=0-1', { kind: 'tcp', channels: [0, 1] }],
    ['RTP/SAVP;unicast;client_port=1-2,RTP/AVP;client_port=6-7', { kind: 'udp', clientPorts: [6, 7] }],
  ])('%s is taken', (header, expected) => {
    expect(chooseTransport(header)).toEqual(expected);
  });

  it.each([
    '',
    'RTP/AVP',
    'RTP/AVP;client_port=0-1',
    'RTP/AVP;client_port=70000-70001',
    'RTP/AVP/TCP;interleaved=4-4',
    'RTP/AVP/TCP;interleaved=255',
    'RTP/AVP/TCP;interleaved=0-1;mode=play',
    'RTP/AVP;multicast;client_port=5000-5001',
  ])('%j is not', (header) => {
    expect(chooseTransport(header)).toBeUndefined();
  });
});
