import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { timelineTag } from '../packaging/cmaf/mediaPath.ts';
import { MemoryTimeline } from '../packaging/memoryTimeline.fixture.ts';
import { addSegments, v0 } from '../packaging/tracks.fixture.ts';
import type { StoredBytes } from '../segments/timelineReader.ts';
import { ask, codeOf } from './ask.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';

/** A timeline whose media behave as a test says. */
class OddTimeline extends MemoryTimeline {
  readonly #stream: () => Readable;
  readonly #length: number;

  constructor(length: number, stream: () => Readable) {
    super({});
    this.#length = length;
    this.#stream = stream;
    this.startPeriod(0, [v0]);
    addSegments(this, 1, 0, [v0]);
  }

  override media(): StoredBytes {
    return { length: this.#length, stream: this.#stream, buffer: () => Promise.reject(new Error('not asked for')) };
  }
}

async function withOddTimeline(
  timeline: OddTimeline,
  use: (server: DeliveryServer, path: string) => Promise<void>,
): Promise<void> {
  const server = await startDelivery([timeline], { stallTimeoutMs: 200 });
  try {
    await use(server, `hls/${timelineTag(timeline)}/v0/0.m4s`);
  } finally {
    await server.close();
  }
}

/** Bytes without end, and the moment somebody lets go of them. */
function endless(): { stream: Readable; closed: Promise<void> } {
  const stream = new Readable({
    read() {
      this.push(Buffer.alloc(65_536));
    },
  });
  const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
  return { stream, closed };
}

describe('delivery of media that cannot be delivered', () => {
  it('is a 404 when the file has just been evicted', async () => {
    const gone = () =>
      new Readable({
        read() {
          this.destroy(Object.assign(new Error('no such file'), { code: 'ENOENT' }));
        },
      });
    await withOddTimeline(new OddTimeline(10, gone), async (server, path) => {
      const { status, headers, body } = await ask(server.url(path));
      expect([status, codeOf(body), headers['cache-control']]).toEqual([404, 'segmentNotFound', 'no-store']);
    });
  });

  it('is a 500 when the disk fails', async () => {
    const broken = () =>
      new Readable({
        read() {
          this.destroy(new Error('I/O error'));
        },
      });
    await withOddTimeline(new OddTimeline(10, broken), async (server, path) => {
      expect((await ask(server.url(path))).status).toBe(500);
    });
  });

  it('breaks the connection when the file ends early, so that nothing short is cached', async () => {
    const torn = () => {
      let reads = 0;
      return new Readable({
        read() {
          if (reads++ === 0) this.push(Buffer.alloc(10));
          else this.destroy(new Error('torn'));
        },
      });
    };
    await withOddTimeline(new OddTimeline(100, torn), async (server, path) => {
      await expect(ask(server.url(path))).rejects.toThrow(/aborted|hang up/);
    });
  });

  it('closes the file when the viewer goes away', async () => {
    const { stream, closed } = endless();
    await withOddTimeline(new OddTimeline(1e12, () => stream), async (server, path) => {
      const request = httpRequest(server.url(path));
      request.end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      await once(response, 'data');
      request.on('error', () => undefined);
      response.on('error', () => undefined);
      request.destroy();
      await expect(closed).resolves.toBeUndefined();
    });
  });

  it('closes the file when the viewer goes away before the first byte', async () => {
    const silent = new Readable({ read: () => undefined });
    const closed = new Promise<void>((resolve) => silent.once('close', () => resolve()));
    const asked = Promise.withResolvers<void>();
    const stream = () => {
      asked.resolve();
      return silent;
    };
    await withOddTimeline(new OddTimeline(10, stream), async (server, path) => {
      const request = httpRequest(server.url(path)).on('error', () => undefined);
      request.end();
      await asked.promise;
      request.destroy();
      await expect(closed).resolves.toBeUndefined();
    });
  });

  it('cuts off a reader that takes nothing', async () => {
    const { stream, closed } = endless();
    await withOddTimeline(new OddTimeline(1e12, () => stream), async (server, path) => {
      const socket = connect(Number(new URL(server.baseUrl).port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.pause();
      socket.write(`GET ${new URL(server.url(path)).pathname} HTTP/1.1\r\nHost: x\r\n\r\n`);
      await expect(closed).resolves.toBeUndefined();
      socket.destroy();
    });
  });
});
