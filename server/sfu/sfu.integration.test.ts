import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { pino } from 'pino';
import { PortError } from '../http.ts';
import { findFreePort } from './freePort.ts';
import { readOffer, type Offer } from './sdp/offer.ts';
import { testOffer } from './sdp/testOffers.fixture.ts';
import { createSfu, type Sfu } from './sfu.ts';

const log = pino({ level: 'silent' });
let sfu: Sfu | undefined;

afterEach(async () => {
  await sfu?.close();
  sfu = undefined;
});

async function start(port = 0): Promise<Sfu> {
  sfu = await createSfu({ port, announcedAddress: '127.0.0.1', log });
  return sfu;
}

/** Media workers of this process. */
function workers(): number[] {
  try {
    const text = execFileSync('pgrep', ['-P', String(process.pid), '-f', 'mediasoup-worker'], { encoding: 'utf8' });
    return text.trim().split('\n').map(Number);
  } catch {
    return [];
  }
}

describe('the SFU', () => {
  it('listens on one port for UDP and TCP, and says so in its candidates', async () => {
    const sfu = await start();
    const { port } = sfu;
    expect(port).toBeGreaterThan(0);
    const peer = await sfu.connect(log);
    expect(peer.local.candidates.map((candidate) => [candidate.protocol, candidate.address, candidate.port])).toEqual([
      ['udp', '127.0.0.1', port],
      ['tcp', '127.0.0.1', port],
    ]);
    expect(peer.local.ice.iceLite).toBe(true);
  });

  it.each(['udp', 'tcp'])('names the port and the setting when %s is taken', async (protocol) => {
    const port = await findFreePort();
    const socket = createSocket('udp4');
    const server = createServer();
    if (protocol === 'udp') socket.bind(port);
    else server.listen(port, '0.0.0.0');
    await once(protocol === 'udp' ? socket : server, 'listening');
    await expect(start(port)).rejects.toThrow(PortError);
    await expect(start(port)).rejects.toThrow(new RegExp(`${port}.*WEBRTC_PORT`));
    expect(workers()).toEqual([]);
    socket.close();
    server.close();
  });

  it('ends the connections of a worker that dies, and has another soon', async () => {
    const sfu = await start();
    const peer = await sfu.connect(log);
    const [pid] = workers();
    process.kill(pid ?? 0, 'SIGKILL');
    expect(await peer.closed).toBe('the media worker ended');
    await expect(sfu.connect(log)).rejects.toThrow('No media worker');
    await vi.waitFor(async () => (await sfu.connect(log)).close('test'), { timeout: 10_000, interval: 100 });
    expect(workers()).not.toContain(pid);
  });

  it('leaves neither a process nor a port behind', async () => {
    const { port } = await start();
    expect(workers()).toHaveLength(1);
    await sfu?.close();
    expect(workers()).toEqual([]);
    await start(port);
  });

  it('gives a connection new ICE credentials on request', async () => {
    const sfu = await start();
    const peer = await sfu.connect(log);
    await peer.accept(readOffer(testOffer('obs')) as Offer);
    const before = peer.local.ice;
    await peer.restartIce();
    expect(peer.local.ice.usernameFragment).not.toBe(before.usernameFragment);
    expect(peer.local.ice.password).not.toBe(before.password);
  });
});
