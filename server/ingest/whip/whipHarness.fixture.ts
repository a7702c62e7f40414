import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { refuse } from '../../errors.ts';
import { createSfu, type Sfu } from '../../sfu/sfu.ts';
import type { PublishGate, PublishRequest } from '../publishGate.ts';
import type { Source } from '../source.ts';
import { createWhipServer } from './server.ts';

export const entryId = '0_abcd1234';
export const token = 'sesame';
/** A wrong one whose refusal is held for so long. */
export const guessedToken = 'guessed';
export const heldMs = 200;
/** A right one, but not any more. */
export const expiredToken = 'expired';

/** What the gate saw of one publisher. */
export interface AdmittedPublisher {
  readonly request: PublishRequest;
  readonly source: Promise<Source>;
  readonly ended: Promise<string>;
  readonly ends: string[];
  /** Ends for what was offered. */
  readonly refusals: string[];
}

export interface WhipHarness {
  readonly sfu: Sfu;
  readonly url: string;
  readonly publishers: AdmittedPublisher[];
  close(): Promise<void>;
}

/** A WHIP server on localhost with the real SFU, behind a gate that knows one token. */
export async function startWhip(page = '<!doctype html><title>publisher</title>'): Promise<WhipHarness> {
  const log = pino({ level: 'silent' });
  const publishers: AdmittedPublisher[] = [];
  const gate: PublishGate = {
    publish(request) {
      if (request.streamName !== entryId) return Promise.resolve(refuse('entryNotFound'));
      if (request.token === guessedToken) return Promise.resolve({ ...refuse('invalidStreamToken'), heldMs });
      if (request.token === expiredToken) return Promise.resolve(refuse('streamKeyExpired'));
      if (request.token !== token) return Promise.resolve(refuse('invalidStreamToken'));
      const source = Promise.withResolvers<Source>();
      const ended = Promise.withResolvers<string>();
      const seen = { ends: [], refusals: [] };
      const publisher: AdmittedPublisher = { request, source: source.promise, ended: ended.promise, ...seen };
      publishers.push(publisher);
      return Promise.resolve({
        entryId,
        start: (started: Source) => source.resolve(started),
        end(reason: string, how?: 'refused') {
          publisher.ends.push(reason);
          if (how) publisher.refusals.push(reason);
          ended.resolve(reason);
        },
      });
    },
  };
  const sfu = await createSfu({ port: 0, announcedAddress: '127.0.0.1', log });
  const whip = createWhipServer({ sfu, gate, log });
  const server = createServer((request, response) => {
    if (whip.handler(request, response)) return;
    response.setHeader('Content-Type', 'text/html');
    response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    sfu,
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    publishers,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await whip.close();
      await sfu.close();
    },
  };
}
