import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openRtspFeed, type RtspFeed } from './rtspFeed.ts';

let feed: RtspFeed;
let playing = 0;

async function open(): Promise<string> {
  playing = 0;
  feed = await openRtspFeed({
    description: 'v=0\r\n',
    secret: 'secret',
    log: pino({ level: 'silent' }),
    onPlaying: () => (playing += 1),
  });
  return feed.url;
}

afterEach(() => feed.close());

async function dial(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, method: string, url: string, header = ''): Promise<string> {
  socket.write(`${method} ${url} RTSP/1.0\r\nCSeq: 7\r\n${header}\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString();
}

describe('the loopback feed', () => {
  it('describes itself, sets up both tracks and plays', async () => {
    const url = await open();
    const socket = await dial(url);
    expect(await ask(socket, 'OPTIONS', url)).toMatch(/^RTSP\/1.0 200 OK\r\nCSeq: 7\r\nPublic: /);
    expect(await ask(socket, 'DESCRIBE', url)).toMatch(/Content-Length: 5\r\n\r\nv=0\r\n$/);
    const transport = 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n';
    expect(await ask(socket, 'SETUP', `${url}/audio`, transport)).toContain('interleaved=2-3');
    expect(await ask(socket, 'SETUP', `${url}/video`, 'Transport: RTP/AVP;unicast\r\n')).toContain('461');
    expect(await ask(socket, 'PLAY', `${url}/`)).toContain('200 OK');
    expect([playing, feed.isPlaying]).toEqual([1, true]);
    feed.write(Buffer.from('$media'));
    expect(String((await once(socket, 'data'))[0])).toBe('$media');
    feed.finish();
    await once(socket, 'end');
  });

  it('is for one who knows its secret', async () => {
    const url = await open();
    const socket = await dial(url);
    expect(await ask(socket, 'DESCRIBE', url.replace('secret', 'guess'))).toContain('404');
    await once(socket, 'close');
  });

  it('is for one reader only, and stops listening when it has come', async () => {
    const url = await open();
    const second = await dial(url);
    await ask(await dial(url), 'DESCRIBE', url);
    expect(await ask(second, 'PLAY', url)).toContain('404');
    await expect(dial(url)).rejects.toThrow('ECONNREFUSED');
  });

  it('hangs up on what is not RTSP', async () => {
    const socket = await dial(await open());
    socket.write('GET / HTTP/1.1\r\n\r\n');
    expect(await once(socket, 'close')).toEqual([false]);
  });

  it('notices that the reader has gone', async () => {
    const url = await open();
    const socket = await dial(url);
    await ask(socket, 'DESCRIBE', url);
    await ask(socket, 'PLAY', url);
    socket.destroy();
    await vi.waitFor(() => expect(feed.isPlaying).toBe(false));
    feed.write(Buffer.from('nobody hears it'));
  });

  it('may be finished or closed before anyone came, more than once', async () => {
    const url = await open();
    feed.finish();
    await feed.close();
    await feed.close();
    await expect(dial(url)).rejects.toThrow('ECONNREFUSED');
  });
});
