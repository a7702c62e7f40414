import type { Router } from 'mediasoup/types';
import type { Logger } from '../log.ts';
import type { Closable } from '../lifecycle.ts';
import { findFreePort } from './freePort.ts';
import { openPeer, type Peer } from './peer.ts';
import { routerCodecs } from './routerCodecs.ts';
import { startWorker, type SfuWorker } from './worker.ts';

export interface SfuOptions {
  /** UDP and TCP; 0 asks for a free one. */
  readonly port: number;
  /** What ICE candidates say. */
  readonly announcedAddress: string;
  readonly log: Logger;
}

/** mediasoup behind one port. */
export interface Sfu extends Closable {
  readonly port: number;
  /** A connection to one remote peer, with a router of its own; closing the peer closes both. */
  connect(log: Logger): Promise<Peer>;
}

/** After a worker has died, and again after each failure to start it. */
const restartDelayMs = 500;

/** Throws PortError when the port cannot be had. */
export async function createSfu({ port: wantedPort, announcedAddress, log }: SfuOptions): Promise<Sfu> {
  const port = wantedPort === 0 ? await findFreePort() : wantedPort;
  let closing: Promise<void> | undefined;
  let restart: NodeJS.Timeout | undefined;
  let starting: Promise<void> | undefined;
  // One for now: a port has one owner. More workers need a port each.
  const workers: SfuWorker[] = [await startWorker({ port, announcedAddress, log, onDied })];
  log.info({ port, announcedAddress }, 'WebRTC is listening (UDP and TCP)');

  function onDied(died: SfuWorker): void {
    workers.splice(workers.indexOf(died), 1);
    if (closing) return;
    log.error({ pid: died.pid }, 'a media worker died; its sessions have ended; starting another');
    scheduleRestart();
  }

  function scheduleRestart(): void {
    restart = setTimeout(() => {
      starting = startAgain();
    }, restartDelayMs);
  }

  async function startAgain(): Promise<void> {
    try {
      const worker = await startWorker({ port, announcedAddress, log, onDied });
      if (closing) await worker.close();
      else workers.push(worker);
    } catch (error) {
      log.error({ err: error }, 'a media worker could not be started');
      if (!closing) scheduleRestart();
    }
  }

  async function close(): Promise<void> {
    clearTimeout(restart);
    await starting;
    await Promise.all(workers.map((worker) => worker.close()));
  }

  return {
    port,
    async connect(log) {
      const worker = workers[0];
      if (!worker || closing) throw new Error('No media worker is running at the moment.');
      const router: Router = await worker.createRouter(routerCodecs);
      return await openPeer(router, worker.webRtcServer, log);
    },
    close: () => (closing ??= close()),
  };
}
