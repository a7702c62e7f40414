import { createWorker } from 'mediasoup';
import type { Router, RouterRtpCodecCapability, WebRtcServer, Worker } from 'mediasoup/types';
import { PortError } from '../http.ts';
import type { Logger } from '../log.ts';

export interface SfuWorkerOptions {
  readonly port: number;
  readonly announcedAddress: string;
  readonly log: Logger;
  readonly onDied: (worker: SfuWorker) => void;
}

/** One mediasoup process and the port it owns. */
export interface SfuWorker {
  readonly pid: number;
  readonly webRtcServer: WebRtcServer;
  readonly createRouter: (codecs: RouterRtpCodecCapability[]) => Promise<Router>;
  readonly close: () => Promise<void>;
}

/** Room for the bursts of key frames; the system may grant less. */
const receiveBufferBytes = 4 * 1024 * 1024;

export async function startWorker({ port, announcedAddress, log, onDied }: SfuWorkerOptions): Promise<SfuWorker> {
  const worker = await createWorker({ logLevel: 'warn', logTags: ['ice', 'dtls'] });
  let webRtcServer: WebRtcServer;
  try {
    webRtcServer = await worker.createWebRtcServer({
      listenInfos: (['udp', 'tcp'] as const).map((protocol) => ({
        protocol,
        ip: '0.0.0.0',
        announcedAddress,
        port,
        recvBufferSize: receiveBufferBytes,
      })),
    });
  } catch (error) {
    await closeWorker(worker);
    throw portErrorOf(error, port);
  }
  const started: SfuWorker = {
    pid: worker.pid,
    webRtcServer,
    createRouter: (mediaCodecs) => worker.createRouter({ mediaCodecs }),
    close: () => closeWorker(worker),
  };
  worker.once('died', (error) => {
    log.warn({ err: error }, 'media worker');
    onDied(started);
  });
  return started;
}

/** Resolves once the process has gone, so that its port is free again. */
async function closeWorker(worker: Worker): Promise<void> {
  if (worker.subprocessClosed) return;
  const gone = new Promise<void>((resolve) => worker.once('subprocessclose', () => resolve()));
  worker.close();
  await gone;
}

/** mediasoup reports a busy port in words only. */
function portErrorOf(error: unknown, port: number): unknown {
  const text = error instanceof Error ? error.message : '';
  if (/address already in use|EADDRINUSE/i.test(text))
    return new PortError(`Port ${port} is in use (UDP or TCP); set WEBRTC_PORT to another one.`);
  if (/permission denied|EACCES/i.test(text))
    return new PortError(`Port ${port} needs more rights; set WEBRTC_PORT to one above 1023.`);
  return error;
}
