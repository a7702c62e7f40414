import { afterEach, expect, it, vi } from 'vitest';
import { AnnouncedCaptions, countCaptions } from './announcedCaptions.ts';

const text = '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",URI="t1.m3u8"\n';
const channel = '#EXT-X-MEDIA:GROUP-ID="c",TYPE=CLOSED-CAPTIONS,INSTREAM-ID="CC1"\n';
const audio = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="SUBTITLES"\n';

afterEach(() => vi.unstubAllGlobals());

it('counts text tracks and caption channels', () => {
  expect(countCaptions(`#EXTM3U\n${text}${channel}${audio}#EXT-X-STREAM-INF:SUBTITLES="s"\nv0.m3u8\n`)).toBe(2);
  expect(countCaptions('#EXTM3U\n')).toBe(0);
});

it('tells of captions that come with a discontinuity, once, and of no other discontinuity', async () => {
  let playlist = '#EXTM3U\n';
  const fetched = vi.fn<(url: string) => Promise<Response>>(() => Promise.resolve(new Response(playlist)));
  vi.stubGlobal('fetch', fetched);
  const onMore = vi.fn<() => void>();
  const captions = new AnnouncedCaptions('https://example.org/master.m3u8', 0, onMore);
  await captions.lookAt(0);
  await captions.lookAt(0);
  expect(fetched).not.toHaveBeenCalled();
  await captions.lookAt(1);
  expect(onMore).not.toHaveBeenCalled();
  playlist += text;
  await captions.lookAt(2);
  await captions.lookAt(3);
  expect([onMore.mock.calls.length, fetched.mock.calls.length]).toEqual([1, 3]);
});

it('gets over a playlist that cannot be had', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  const onMore = vi.fn<() => void>();
  const captions = new AnnouncedCaptions('https://example.org/master.m3u8', 0, onMore);
  await captions.lookAt(0);
  await captions.lookAt(1);
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(text)));
  await captions.lookAt(2);
  expect(onMore).toHaveBeenCalledOnce();
});
