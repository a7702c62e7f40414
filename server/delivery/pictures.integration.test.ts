import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuse } from '../errors.ts';
import { ask, codeOf } from './ask.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';
import type { EntryPictures } from './entryPictures.ts';

const jpeg = Buffer.from([0xff, 0xd8, 0xff, 1, 2, 3]);
const text = Buffer.from(`WEBVTT\n${'x'.repeat(3000)}`);

/** Pictures that are as the test says. */
const pictures: EntryPictures = {
  picture: ({ name, query, linkQuery }) => {
    if (query.has('busy')) return Promise.resolve(refuse('overloaded'));
    const made =
      name === 'storyboard.vtt'
        ? { body: Buffer.concat([text, Buffer.from(linkQuery)]), contentType: 'text/vtt; charset=utf-8' }
        : { body: jpeg, contentType: 'image/jpeg' };
    return Promise.resolve({ ...made, tag: `${name}-1`, maxAgeSeconds: 5 });
  },
};

describe('pictures', () => {
  let server: DeliveryServer;
  const url = (path: string) => server.url(path);

  beforeAll(async () => {
    server = await startDelivery([], {
      pictures,
      authorize: ({ token }) => (token === 'wrong' ? refuse('forbidden') : undefined),
    });
  });
  afterAll(() => server.close());

  it('are sent with what caches need, and not again to those who have them', async () => {
    const { status, headers, body } = await ask(url('thumbnail.jpg?t=100'));
    expect([status, body]).toEqual([200, jpeg]);
    expect(headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': '6',
      'cache-control': 'public, max-age=5',
      'access-control-allow-origin': '*',
      etag: '"thumbnail.jpg-1"',
    });
    const again = await ask(url('thumbnail.jpg'), { headers: { 'If-None-Match': headers.etag! } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    const head = await ask(url('storyboard-7.jpg'), { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '6', 0]);
  });

  it('carry the viewer’s token on to the sheets of a storyboard, compressed', async () => {
    const { headers, body } = await ask(url('storyboard.vtt?token=a%2Bb'));
    expect(headers['content-type']).toBe('text/vtt; charset=utf-8');
    expect(body.toString().endsWith('token=a%2Bb')).toBe(true);
    const gzipped = await ask(url('storyboard.vtt'), { headers: { 'Accept-Encoding': 'gzip' } });
    expect(gzipped.headers['content-encoding']).toBe('gzip');
  });

  it('are for those who may play the entry', async () => {
    for (const name of ['thumbnail.jpg', 'storyboard.vtt', 'storyboard-0.jpg'])
      expect((await ask(url(`${name}?token=wrong`))).status).toBe(403);
  });

  it('say when to come again while there is too much to do', async () => {
    const { status, headers, body } = await ask(url('thumbnail.jpg?busy'));
    expect([status, codeOf(body)]).toEqual([503, 'overloaded']);
    expect(headers['retry-after']).toBe('1');
  });

  it('have no other names', async () => {
    for (const name of ['thumbnail.png', 'storyboard-x.jpg', 'storyboard-123456789.jpg', 'storyboard-1.jpg/x'])
      expect((await ask(url(name))).status).toBe(404);
    expect((await ask(url('thumbnail.jpg'), { method: 'POST' })).status).toBe(405);
  });
});
