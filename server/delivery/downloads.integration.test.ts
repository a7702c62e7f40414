import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuse } from '../errors.ts';
import { MemoryBytes } from '../segments/memoryBytes.ts';
import { ask, codeOf } from './ask.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';
import type { EntryDownloads } from './entryDownloads.ts';

const file = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
const disposition = 'attachment; filename="A clip.mp4"';

const downloads: EntryDownloads = {
  find: ({ entryId, flavor }) =>
    Promise.resolve(
      entryId === '0_onair000'
        ? refuse('downloadUnfinished')
        : { bytes: new MemoryBytes(file), contentType: 'video/mp4', disposition, tag: `tag-${flavor}` },
    ),
};

describe('a download', () => {
  let server: DeliveryServer;
  beforeAll(async () => {
    const authorize = ({ token }: { token: string }) => (token === 'bad' ? refuse('forbidden') : undefined);
    server = await startDelivery([], { downloads, authorize });
  });
  afterAll(() => server.close());

  it('comes with a name, its length and a tag, and is asked about again by caches', async () => {
    const { status, headers, body } = await ask(server.url('download?flavor=v1'));
    expect([status, body.equals(file)]).toEqual([200, true]);
    expect(headers).toMatchObject({
      'content-disposition': disposition,
      'content-type': 'video/mp4',
      'content-length': '5000',
      'accept-ranges': 'bytes',
      'cache-control': 'public, max-age=0',
      etag: '"tag-v1"',
    });
    expect((await ask(server.url('download?flavor=v1'), { headers: { 'If-None-Match': '"tag-v1"' } })).status).toBe(
      304,
    );
  });

  it('can be continued where it was broken off, unless it is another file now', async () => {
    const rest = (etag: string) => ask(server.url('download'), { headers: { Range: 'bytes=4000-', 'If-Range': etag } });
    const { status, headers, body } = await rest('"tag-undefined"');
    expect([status, headers['content-range'], body.equals(file.subarray(4000))]).toEqual([
      206,
      'bytes 4000-4999/5000',
      true,
    ]);
    expect((await rest('"older"')).status).toBe(200);
    expect((await ask(server.url('download'), { headers: { Range: 'bytes=5000-' } })).status).toBe(416);
  });

  it.each([
    ['download?flavor=a-name-that-no-track-has', 400, 'badRequest'],
    ['download/', 404, 'notFound'],
    ['download/v0', 404, 'notFound'],
    ['download?token=bad', 403, 'forbidden'],
  ])('refuses %s', async (path, status, code) => {
    const answer = await ask(server.url(path));
    expect([answer.status, codeOf(answer.body)]).toEqual([status, code]);
  });

  it('of what is still on air has to wait', async () => {
    const { status, body } = await ask(server.url('download', '0_onair000'));
    expect([status, codeOf(body)]).toEqual([409, 'downloadUnfinished']);
  });
});
