import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { refuse } from '../../errors.ts';
import { listen } from '../../http.ts';
import { rtpPacket, sps, pps, idrSlice, stapA } from '../../media/rtp/rtpPackets.fixture.ts';
import {
  encodeAnnounce,
  encodeBeginning,
  encodeMedia,
  encodeRequest,
  encodeRtp,
  encodeSetup,
} from './rtspBytes.fixture.ts';
import { description, streamUrl } from './rtspBytes.fixture.ts';
import { expiredToken, guessedToken, heldMs, RtspScene, streamName, token } from './rtspScene.fixture.ts';
import type { RtspLimits } from './limits.ts';
import { startRtspServer } from './server.ts';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

async function open(limits: Partial<RtspLimits> = {}): Promise<RtspScene> {
  const scene = await RtspScene.open(limits);
  opened.push(() => scene.close());
  return scene;
}

/** A peer that speaks byte by byte. */
class Peer {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  said = '';
  readonly #more: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      this.said += bytes.toString();
      for (const check of this.#more.splice(0)) check();
    });
    opened.push(() => socket.destroy());
  }

  static async connect({ server }: RtspScene): Promise<Peer> {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    return new Peer(socket);
  }

  /** The answer to a request with this CSeq. */
  async ask(request: Buffer, sequence: number): Promise<string> {
    this.socket.write(request);
    const upTo = (end: string) => `(?:(?!RTSP/1\\.0)[^])*?${end}`;
    const answer = new RegExp(`RTSP/1\\.0 ${upTo(`CSeq: ${sequence}(?=\\r\\n)`)}${upTo('\\r\\n\\r\\n')}`);
    for (;;) {
      const [found] = answer.exec(this.said) ?? [];
      if (found) return found;
      await new Promise<void>((resolve) => this.#more.push(resolve));
    }
  }
}

/** Whether somebody listens on it. */
async function isUdpPortFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  const free = await new Promise<boolean>((resolve) => {
    socket.once('error', () => resolve(false));
    socket.bind(port, '127.0.0.1', () => resolve(true));
  });
  socket.close();
  return free;
}

async function openUdp(): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  opened.push(() => socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

const serverPorts = (answer: string) => /server_port=(\d+)-(\d+)/.exec(answer)?.slice(1).map(Number) ?? [];

describe('RTSP server', () => {
  it('obeys in order, and says what is out of order', async () => {
    const scene = await open();
    const peer = await Peer.connect(scene);
    expect(await peer.ask(encodeRequest('OPTIONS', '*', 1), 1)).toMatch(
      /^RTSP\/1.0 200 OK\r\nCSeq: 1\r\nPublic: .*RECORD/,
    );
    expect(await peer.ask(encodeSetup(2, 0), 2)).toContain('455 SETUP comes between ANNOUNCE and RECORD.');
    expect(await peer.ask(encodeRequest('RECORD', streamUrl, 3), 3)).toContain('455 RECORD comes behind SETUP.');
    expect(await peer.ask(encodeAnnounce(4, 'rtsp://h/other/x'), 4)).toContain('404 Publish to rtsp://<host>/live/');
    expect(await peer.ask(encodeRequest('ANNOUNCE', `${streamUrl}?token=${token}`, 5), 5)).toContain(' 415 ');
    expect(await peer.ask(encodeAnnounce(6), 6)).toContain('200 OK');
    expect(await peer.ask(encodeAnnounce(7), 7)).toContain('455 This connection is publishing already.');
    expect(await peer.ask(encodeSetup(8, 7), 8)).toContain('404 This track has not been announced.');
    expect(await peer.ask(encodeSetup(9, 0, 'RTP/SAVP;unicast'), 9)).toContain('461 ');
    const setup = await peer.ask(encodeSetup(10, 0), 10);
    expect(setup).toContain('Transport: RTP/AVP/TCP;unicast;interleaved=0-1;mode=record');
    const [, session = ''] = /Session: (\w+);timeout=60/.exec(setup) ?? [];
    expect(await peer.ask(encodeSetup(11, 0), 11)).toContain('455 This track has been set up already.');
    expect(await peer.ask(encodeSetup(12, 1, 'RTP/AVP/TCP;interleaved=1-2'), 12)).toContain('461 Another track');
    expect(await peer.ask(encodeRequest('RECORD', streamUrl, 13, { Session: 'other' }), 13)).toContain('454 ');
    expect(await peer.ask(encodeRequest('RECORD', streamUrl, 14, { Session: session }), 14)).toContain('200 OK');
    expect(await peer.ask(encodeRequest('GET_PARAMETER', streamUrl, 15, { Session: session }), 15)).toContain('200 OK');
    expect(await peer.ask(encodeRequest('PAUSE', streamUrl, 16), 16)).toContain('501 Not Implemented');
    expect(await peer.ask(encodeRequest('PLAY', streamUrl, 17), 17)).toContain('405 This server takes streams in');
    expect(await peer.ask(encodeRequest('TEARDOWN', streamUrl, 18), 18)).toContain('200 OK');
    await peer.closed;
    expect(await scene.visits[0]?.ended.promise).toBe('the encoder stopped');
  });

  it('challenges anew each time, takes no answer to another connection’s challenge, and not without end', async () => {
    const scene = await open();
    const [peer, other] = [await Peer.connect(scene), await Peer.connect(scene)];
    const plain = (sequence: number) => encodeAnnounce(sequence, streamUrl);
    const nonceOf = (answer: string) => /nonce="(\w+)"/.exec(answer)?.[1] ?? '';
    const foreign = nonceOf(await other.ask(plain(1), 1));
    const first = nonceOf(await peer.ask(plain(1), 1));
    expect(first).not.toBe(foreign);
    const headers = {
      'Content-Type': 'application/sdp',
      Authorization: `Digest username="u", realm="Tallylight", nonce="${foreign}", uri="x", response="y"`,
    };
    const stale = await peer.ask(encodeRequest('ANNOUNCE', streamUrl, 2, headers, description), 2);
    expect(stale).toMatch(/ 401 [^]*stale=true/);
    expect(nonceOf(stale)).not.toBe(first);
    for (const sequence of [3, 4]) expect(await peer.ask(plain(sequence), sequence)).toContain(' 401 ');
    expect(await peer.ask(plain(5), 5)).toContain(' 429 ');
    await peer.closed;
    expect(scene.visits).toEqual([]);
  });

  it('takes what is pipelined', async () => {
    const scene = await open();
    const peer = await Peer.connect(scene);
    const visiting = scene.nextVisit();
    peer.socket.write(Buffer.concat([encodeBeginning(), encodeMedia({ pictures: 30, videoStart: 0, audioStart: 0 })]));
    const source = await (await visiting).started.promise;
    expect(Object.keys(source.tracks).toSorted()).toEqual(['audio', 'video']);
    expect(source.stats()).toMatchObject({ droppedFrames: 0 });
  });

  it('closes a peer that is slow to publish, and an encoder that falls silent', async () => {
    const scene = await open({ setupSeconds: 0.2, idleSeconds: 0.3 });
    const slow = await Peer.connect(scene);
    const drip = setInterval(() => slow.socket.write('O'), 20);
    await slow.closed;
    clearInterval(drip);
    const silent = await Peer.connect(scene);
    const visiting = scene.nextVisit();
    silent.socket.write(encodeBeginning());
    expect(await (await visiting).ended.promise).toBe('the encoder fell silent');
    await silent.closed;
  });

  it.each([
    ['HTTP', 'GET / HTTP/1.1\r\n\r\n'],
    ['binary nonsense', '\u0000\u0001'.repeat(5000)],
    ['a line without end', 'A'.repeat(20_000)],
    ['a body that is too long', 'ANNOUNCE rtsp://h/x RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 999999\r\n\r\n'],
  ])('closes a peer that sends %s', async (_, text) => {
    const peer = await Peer.connect(await open());
    peer.socket.write(text);
    await peer.closed;
    expect(peer.said).toContain('400 Bad Request');
  });

  it.each(['connections', 'connectionsPerAddress'])(
    'limits %s, and takes new ones when others leave',
    async (limit) => {
      const scene = await open({ [limit]: 2 });
      const [first] = [await Peer.connect(scene), await Peer.connect(scene)];
      const third = await Peer.connect(scene);
      await third.closed;
      first.socket.end();
      await first.closed;
      const fourth = await Peer.connect(scene);
      expect(await fourth.ask(encodeRequest('OPTIONS', '*', 1), 1)).toContain('200 OK');
    },
  );

  it('tells who guesses in its turn, and answers what was asked meanwhile behind that', async () => {
    const scene = await open();
    const peer = await Peer.connect(scene);
    const startedMs = performance.now();
    const guess = encodeAnnounce(1, `${streamUrl}?token=${guessedToken}`);
    const answers = peer.ask(Buffer.concat([guess, encodeRequest('OPTIONS', '*', 2)]), 2);
    expect(await answers).toContain('200 OK');
    expect(peer.said).toMatch(/^RTSP\/1\.0 403 The stream key is not right/);
    expect(performance.now() - startedMs).toBeGreaterThan(heldMs - 5);
  });

  it('says of a key that it has expired, and does not ask for another', async () => {
    const peer = await Peer.connect(await open());
    const answer = await peer.ask(encodeAnnounce(1, `${streamUrl}?token=${expiredToken}`), 1);
    expect(answer).toMatch(/^RTSP\/1\.0 403 This stream key has expired; make a new one on the entry’s page\./);
  });

  it('forgets who guesses and goes, and drops the oldest that waits for its answer for another', async () => {
    const scene = await open({ connectionsPerAddress: 1 });
    const guess = encodeAnnounce(1, `${streamUrl}?token=${guessedToken}`);
    const [waiting, waited] = [await Peer.connect(scene), scene.nextGuess()];
    waiting.socket.write(guess);
    await waited;
    const [next, nextWaited] = [await Peer.connect(scene), scene.nextGuess()];
    await waiting.closed;
    next.socket.write(guess);
    await nextWaited;
    next.socket.end();
    await next.closed;
    const right = await Peer.connect(scene);
    expect(await right.ask(encodeAnnounce(1, `${streamUrl}?token=${token}`), 1)).toContain('200 OK');
  });

  it('names the setting when its port is taken', async () => {
    const other = createServer();
    const port = await listen(other, 0, 'none');
    opened.push(() => new Promise((resolve) => other.close(resolve)));
    const gate = { publish: async () => refuse('internal') };
    const starting = startRtspServer({ port, gate, log: pino({ enabled: false }) });
    await expect(starting).rejects.toThrow(`Port ${port} is in use; set RTSP_PORT to another one.`);
  });
});

describe('RTP over UDP', () => {
  async function record(scene: RtspScene, [rtp, rtcp]: readonly [UdpSocket, UdpSocket]) {
    const peer = await Peer.connect(scene);
    const visiting = scene.nextVisit();
    const picture = description.slice(0, description.indexOf('m=audio'));
    await peer.ask(encodeAnnounce(1, `${streamUrl}?token=${token}`, picture), 1);
    const visit = await visiting;
    const transport = `RTP/AVP;unicast;client_port=${rtp.address().port}-${rtcp.address().port};mode=record`;
    const ports = serverPorts(await peer.ask(encodeSetup(2, 0, transport), 2));
    await peer.ask(encodeRequest('RECORD', streamUrl, 3), 3);
    return { peer, visit, ports };
  }

  it('comes from the announced address to a pair of ports, is reported on, and leaves no port behind', async () => {
    const scene = await open({ receiverReportSeconds: 0.1 });
    const sockets = [await openUdp(), await openUdp()] as const;
    const { peer, visit, ports } = await record(scene, sockets);
    const [rtpPort = 0, rtcpPort = 0] = ports;
    expect([rtpPort % 2, rtcpPort]).toEqual([0, rtpPort + 1]);
    expect(visit.request).toMatchObject({ streamName });

    // Linux answers for all of 127/8, so that this one comes from another address.
    const stranger = createSocket('udp4');
    opened.push(() => stranger.close());
    stranger.bind(0, '127.0.0.2');
    await once(stranger, 'listening');
    const keyFrame = (sequence: number) =>
      encodeRtp({ sequence, timestamp: sequence * 3600, payload: stapA(sps, pps, idrSlice), marker: true });
    await new Promise((resolve) => stranger.send(keyFrame(50), rtpPort, '127.0.0.1', resolve));
    const reported = once(sockets[1], 'message');
    for (const sequence of [1, 3, 2, 4]) sockets[0].send(keyFrame(sequence), rtpPort, '127.0.0.1');
    const source = await visit.started.promise;
    const [report] = (await reported) as [Buffer];
    expect([report.readUInt8(1), report.readUInt32BE(8)]).toEqual([201, rtpPacket().ssrc]);
    while (source.stats().videoFrames < 4) await once(sockets[1], 'message');
    expect(source.stats()).toMatchObject({ videoFrames: 4, droppedFrames: 0 });

    expect(await isUdpPortFree(rtpPort)).toBe(false);
    peer.socket.destroy();
    await visit.ended.promise;
    await scene.server.close();
    expect(await Promise.all([rtpPort, rtcpPort].map((port) => isUdpPortFree(port)))).toEqual([true, true]);
  });
});
