import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { listen } from '../http.ts';
import { createLog } from '../log.ts';
import { packagers } from '../packaging/packagers.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import { createDelivery, type Delivery, type DeliveryParts } from './delivery.ts';

const require = createRequire(import.meta.url);
const scripts: Readonly<Record<string, string>> = {
  '/hls.js': require.resolve('hls.js/dist/hls.min.js'),
  '/dash.js': require.resolve('dashjs'),
  '/shaka.js': require.resolve('shaka-player/dist/shaka-player.compiled.js'),
};

/** Delivery on a real port, with the players' bundles and an empty page beside it. */
export interface DeliveryServer {
  readonly baseUrl: string;
  readonly server: Server;
  readonly delivery: Delivery;
  /** `/play/<entry>/` and the path. */
  url(path: string, entryId?: string): string;
  close(): Promise<void>;
}

export async function startDelivery(
  timelines: readonly TimelineReader[],
  parts: Partial<DeliveryParts> = {},
): Promise<DeliveryServer> {
  const delivery = createDelivery({
    timelines: { playing: (entryId) => timelines.findLast((timeline) => timeline.entryId === entryId) },
    packagers,
    log: createLog('silent', false),
    ...parts,
  });
  const server = createServer((request, response) => {
    if (delivery.handler(request, response)) return;
    const script = scripts[request.url ?? ''];
    response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html');
    if (!script) response.end('<!doctype html><video muted playsinline></video>');
    else
      readFile(script).then(
        (code) => response.end(code),
        () => response.destroy(),
      );
  });
  const baseUrl = `http://127.0.0.1:${await listen(server, 0, 'HTTP_PORT')}`;
  return {
    baseUrl,
    server,
    delivery,
    url: (path, entryId = '0_abcd1234') => `${baseUrl}/play/${entryId}/${path}`,
    close: async () => {
      await delivery.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
