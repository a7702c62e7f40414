import { describe, expect, it } from 'vitest';
import type { Manifest } from './packager.ts';
import { QueriedManifests } from './queriedManifests.ts';

function manifest(text: string, tag = text): Manifest {
  return { body: Buffer.from(text), contentType: 'text/plain', tag, maxAgeSeconds: 1 };
}

describe('QueriedManifests', () => {
  it('appends the query to every link and nothing else', () => {
    const plain = manifest('#EXT-X-MAP:URI="t/v0/1/init.mp4"\nt/v0/3.m4s\nv0.m3u8\n#EXTINF:2.m4s,\n');
    expect(new QueriedManifests().with(plain, { query: 'token=a%20b' }).body.toString()).toBe(
      '#EXT-X-MAP:URI="t/v0/1/init.mp4?token=a%20b"\nt/v0/3.m4s?token=a%20b\nv0.m3u8?token=a%20b\n#EXTINF:2.m4s,\n',
    );
  });

  it('takes no label for a link, whatever it ends in', () => {
    const hls = '#EXT-X-MEDIA:TYPE=SUBTITLES,NAME="notes.m3u8",LANGUAGE="a.vtt",URI="t1.m3u8"\n# notes.m4s\nv0.m3u8\n';
    expect(new QueriedManifests().with(manifest(hls), { query: 'token=a' }).body.toString()).toBe(
      hls.replace('t1.m3u8', 't1.m3u8?token=a').replace('v0.m3u8', 'v0.m3u8?token=a'),
    );
    const dash = '<Set label="x.mp4"><Template initialization="t/$id$/0/init.mp4" media="t/$id$/0/$Time$.m4s"/></Set>';
    expect(new QueriedManifests().with(manifest(dash), { query: 'token=a' }).body.toString()).toBe(
      dash.replace('init.mp4', 'init.mp4?token=a').replace('.m4s', '.m4s?token=a'),
    );
  });

  it('returns the manifest itself without a query, and the same bytes for the same query', () => {
    const queried = new QueriedManifests();
    const plain = manifest('v0.m3u8\n');
    expect(queried.with(plain, { query: '' })).toBe(plain);
    expect(queried.with(plain, { query: 'token=1' })).toBe(queried.with(plain, { query: 'token=1' }));
    expect(queried.with(plain, { query: 'token=1' }).tag).not.toBe(queried.with(plain, { query: 'token=2' }).tag);
  });

  it('appends a range to links to manifests alone, and leaves a manifest without such links as it is', () => {
    const queried = new QueriedManifests();
    const master = manifest('v0.m3u8\n#EXT-X-RENDITION-REPORT:URI="v1.m3u8"\nt/v0/3.m4s\n');
    expect(queried.with(master, { query: 'token=1', rangeQuery: 'start=1&end=2' }).body.toString()).toBe(
      'v0.m3u8?token=1&start=1&end=2\n#EXT-X-RENDITION-REPORT:URI="v1.m3u8?token=1&start=1&end=2"\nt/v0/3.m4s?token=1\n',
    );
    const media = manifest('t/v0/3.m4s\n');
    expect(queried.with(media, { query: '', rangeQuery: 'start=1' })).toBe(media);
    expect(queried.with(media, { query: '', rangeQuery: 'start=2' })).toBe(media);
    expect(queried.with(media, { query: 'token=1', rangeQuery: 'start=1' }).body.toString()).toBe(
      't/v0/3.m4s?token=1\n',
    );
  });

  it('lets no query end a line, an attribute or a template', () => {
    const text = new QueriedManifests().with(manifest('v0.m3u8\n'), { query: 'token="\n$<\'\ud800é' }).body.toString();
    expect(text).toBe('v0.m3u8?token=%22%0A%24%3C%27%EF%BF%BD%C3%A9\n');
  });

  it('holds no more bytes than allowed, however many queries come', () => {
    const queried = new QueriedManifests(10_000);
    const plain = manifest('v0.m3u8\n'.repeat(100));
    for (let index = 0; index < 1000; index++) queried.with(plain, { query: `token=${index}` });
    expect(queried.keptBytes).toBeLessThanOrEqual(10_000);
  });
});
