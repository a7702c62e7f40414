import { open, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFile, makeUploads, type MadeUploads } from './uploads.fixture.ts';

const unfinishedVideo = {
  origin: 'upload',
  status: 'processing',
  progress: null,
  failure: null,
  durationMs: 0,
  sourceEntryId: null,
  rootEntryId: null,
  trimmed: false,
} as const;

describe('uploads', () => {
  let made: MadeUploads;

  beforeAll(async () => {
    made = await makeUploads();
  });
  afterAll(() => made.close());

  it.each([
    ['a.mp4', '-c:v libx264 -bf 2 -g 30 -c:a aac', ['v0:320x240', 'v1:160x120', 'a0:2']],
    ['a.mkv', '-c:v libx264 -g 30 -c:a libmp3lame', ['v0:320x240', 'v1:160x120', 'a0:2']],
    ['a.ts', '-c:v libx264 -g 30 -c:a aac', ['v0:320x240', 'v1:160x120', 'a0:2']],
    ['a.flv', '-c:v libx264 -g 30 -c:a aac', ['v0:320x240', 'v1:160x120', 'a0:2']],
    ['a.webm', '-c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus', ['v0:320x240', 'v1:160x120', 'a0:2']],
    ['odd.mp4', '-vf scale=321:241 -pix_fmt yuv444p -an', ['v0:320x240', 'v1:160x120']],
    ['a.m4a', '-vn -c:a aac', ['a0:2']],
  ])('%s becomes a video', async (name, args, tracks) => {
    const file = await makeFile(made.directory, name, args);
    const sent = await made.upload(file, { filename: name });
    expect(sent).toMatchObject({ status: 204 });
    const video = await made.finished(sent.entryId);
    expect(video).toMatchObject({ status: 'ready', origin: 'upload', progress: null });
    expect(video.durationMs).toBeGreaterThan(3800);
    expect(video.durationMs).toBeLessThan(4300);
    const timeline = await made.store.composed(sent.entryId);
    expect(timeline?.ended).toBe(true);
    expect(timeline?.periods).toHaveLength(1);
    const described = timeline!.periods[0]!.tracks.map((track) =>
      track.kind === 'video'
        ? `${track.id}:${track.width}x${track.height}`
        : `${track.id}:${'channels' in track && track.channels}`,
    );
    expect(described).toEqual(tracks);
    const segments = timeline!.segments.flatMap((segment) => Object.values(segment.tracks));
    expect(segments.every(({ independent }) => independent)).toBe(true);
    expect(await readdir(made.files)).toEqual([]);
  });

  it('turns what a phone has filmed upright', async () => {
    const flat = await makeFile(made.directory, 'flat.mp4', '-c:v libx264 -an');
    const turned = await makeFile(made.directory, 'turned.mov', '-c copy -metadata:s:v rotate=90', flat);
    const { entryId } = await made.upload(turned);
    await made.finished(entryId);
    const timeline = await made.store.composed(entryId);
    expect(timeline?.periods[0]?.tracks).toMatchObject([
      { width: 240, height: 320 },
      { width: 120, height: 160 },
    ]);
  });

  it('keeps an H.264 picture as it is', async () => {
    const file = await makeFile(made.directory, 'kept.mp4', '-c:v libx264 -profile:v high -level 3.1 -an');
    const { entryId } = await made.upload(file);
    await made.finished(entryId);
    expect((await made.store.composed(entryId))?.periods[0]?.tracks[0]).toMatchObject({ codec: 'avc1.64001f' });
  });

  it('is named after its file where no name is given, whatever that says', async () => {
    const file = await makeFile(made.directory, 'named.mp4', '-c:v libx264 -an');
    const { entryId } = await made.upload(file, { filename: '../../etc/Our\u0000 holiday.mp4' });
    expect((await made.entries.get(entryId))?.name).toBe('../../etc/Our holiday');
    await made.finished(entryId);
  });

  it('goes on where a connection was cut', async () => {
    const file = await makeFile(made.directory, 'cut.mp4', '-c:v libx264 -an');
    const { size } = await stat(file);
    const url = await made.begin(size);
    await made.cutOff(url, file, Math.floor(size / 3));
    const offset = await made.offset(url);
    expect(offset).toBeGreaterThan(0);
    expect(offset).toBeLessThan(size);
    const sent = await made.send(url, file, offset);
    expect(sent.status).toBe(204);
    expect((await made.finished(sent.entryId)).status).toBe('ready');
    // Who never got the answer asks, and hears that all is there and what it has become.
    const asked = await made.ask('HEAD', url);
    expect(asked.headers.get('upload-offset')).toBe(String(size));
    expect(asked.headers.get('upload-entry')).toBe(sent.entryId);
  });

  it('says what is wrong with a file that is none, to the uploader and in the entry', async () => {
    const file = await made.randomFile('junk.mp4', 50_000);
    const sent = await made.upload(file);
    expect(sent.status).toBe(422);
    expect(sent.body).toMatchObject({ error: { code: 'uploadUnreadable', details: { entryId: sent.entryId } } });
    expect((await made.entries.get(sent.entryId))?.video).toMatchObject({
      status: 'failed',
      failure: expect.stringContaining('cannot be read') as string,
    });
    expect(await readdir(made.files)).toEqual([]);
  });

  it('never reads what a file names', async () => {
    const file = join(made.directory, 'list.mp4');
    const list = await open(file, 'w');
    await list.writeFile(`#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n`);
    await list.close();
    expect(await made.upload(file)).toMatchObject({ status: 422 });
  });

  it('does not take half a video for a whole one', async () => {
    const file = await makeFile(made.directory, 'half.mp4', '-c:v libx264 -an -movflags +faststart', undefined, 12);
    await truncate(file, Math.floor((await stat(file)).size / 2));
    const { entryId } = await made.upload(file);
    const video = await made.finished(entryId);
    expect(video).toMatchObject({ status: 'failed', failure: expect.stringContaining('of its 12 seconds') as string });
    expect(await made.store.composed(entryId)).toBeUndefined();
    expect(await made.media()).toEqual(await made.mediaOfVideos());
  });

  it('refuses what is too large before a byte of it has come', async () => {
    const answer = await made.ask('POST', made.url, { 'Upload-Length': String(made.maxBytes + 1) });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({
      error: { code: 'uploadTooLarge', details: { maxBytes: made.maxBytes } },
    });
  });

  it('refuses more than was announced', async () => {
    const url = await made.begin(1000);
    const answer = await fetch(url, {
      method: 'PATCH',
      headers: { 'Tus-Resumable': '1.0.0', 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0' },
      body: Buffer.alloc(2000),
    });
    expect(answer.status).toBe(413);
    expect((await made.ask('DELETE', url)).status).toBe(204);
    expect((await made.ask('HEAD', url)).status).toBe(404);
    expect(await readdir(made.files)).toEqual([]);
  });

  it('refuses when the disk has no room, and while it is low', async () => {
    made.disk.freeBytes = 5000;
    expect((await made.ask('POST', made.url, { 'Upload-Length': '4000' })).status).toBe(507);
    made.disk.freeBytes = 1e9;
    const url = await made.begin(4000);
    made.disk.set(true);
    expect((await made.ask('PATCH', url)).status).toBe(507);
    made.disk.set(false);
    await made.ask('DELETE', url);
  });

  it('refuses another person’s upload, too many of one, and unknown profiles', async () => {
    const url = await made.begin(4000);
    expect((await made.ask('HEAD', url, { 'X-User': 'somebody' })).status).toBe(404);
    const others = await Promise.all(Array.from({ length: 19 }, () => made.begin(4000)));
    expect((await made.ask('POST', made.url, { 'Upload-Length': '4000' })).status).toBe(429);
    expect((await made.ask('POST', made.url, { 'Upload-Length': '4000', 'X-User': 'somebody' })).status).toBe(201);
    for (const one of [url, ...others]) await made.ask('DELETE', one);
    const metadata = `profileId ${Buffer.from('nonsense').toString('base64')}`;
    const answer = await made.ask('POST', made.url, { 'Upload-Length': '4000', 'Upload-Metadata': metadata });
    expect(await answer.json()).toMatchObject({ error: { code: 'profileNotFound' } });
  });

  it('gives up what nobody goes on with for a day', async () => {
    const url = await made.begin(4000);
    await made.uploads.sweep();
    expect((await made.ask('HEAD', url)).status).toBe(200);
    made.clock.offsetMs += 25 * 3600 * 1000;
    await made.uploads.sweep();
    expect((await made.ask('HEAD', url)).status).toBe(404);
    expect(await readdir(made.files)).toEqual([]);
  });

  it('tells how far it is, is interrupted by a stop of the server, and begins anew after it', async () => {
    const file = await makeFile(made.directory, 'long.mp4', '-c:v mpeg4 -q:v 8 -c:a aac', undefined, 90);
    const { entryId } = await made.upload(file);
    const under = await made.until(entryId, (video) => (video.progress ?? 0) > 0);
    expect(under.status).toBe('processing');
    await made.restart();
    expect((await made.entries.get(entryId))?.video?.status).toBe('processing');
    const video = await made.finished(entryId);
    expect(video).toMatchObject({ status: 'ready', failure: null });
    expect(Math.round(video.durationMs / 1000)).toBe(90);
    expect(await made.media()).toEqual(await made.mediaOfVideos());
  });

  it('takes back an entry that a crash has left without its file', async () => {
    const { id } = await made.entries.createVideo({ name: 'Without a file', profileId: null, ...unfinishedVideo });
    await made.restart();
    expect(await made.entries.get(id)).toBeUndefined();
  });

  it('leaves nothing behind of an entry that is deleted meanwhile', async () => {
    const file = await makeFile(made.directory, 'gone.mp4', '-c:v mpeg4 -q:v 8 -an', undefined, 90);
    const { entryId } = await made.upload(file);
    await made.until(entryId, (video) => (video.progress ?? 0) > 0);
    await made.uploads.forget(entryId);
    await made.entries.delete(entryId);
    expect(await readdir(made.files)).toEqual([]);
    expect(await made.media()).toEqual(await made.mediaOfVideos());
  });

  it('keeps the file of an import that a nearly full disk stops, and goes on when there is room', async () => {
    const file = await makeFile(made.directory, 'low.mp4', '-c:v mpeg4 -q:v 8 -an', undefined, 20);
    const { entryId } = await made.upload(file);
    await made.until(entryId, (video) => (video.progress ?? 0) > 0);
    made.disk.set(true);
    const stopped = await made.until(entryId, ({ failure }) => failure !== null);
    expect(stopped).toMatchObject({ status: 'processing', progress: null });
    expect(stopped.failure).toContain('goes on by itself');
    expect(await made.media()).toEqual(await made.mediaOfVideos());
    expect(await readdir(made.files)).toHaveLength(1);
    made.disk.set(false);
    expect(await made.finished(entryId)).toMatchObject({ status: 'ready', failure: null });
    await rm(file);
  });

  it('gives up an import that finds the disk nearly full again and again, and says so', async () => {
    const file = await makeFile(made.directory, 'low.mp4', '-c:v mpeg4 -q:v 8 -an', undefined, 90);
    const { entryId } = await made.upload(file);
    for (let attempt = 1; attempt <= 3; attempt++) {
      await made.until(entryId, (video) => (video.progress ?? 0) > 0 && video.failure === null);
      made.disk.set(true);
      await made.until(entryId, ({ failure }) => failure !== null);
      made.disk.set(false);
    }
    const video = await made.finished(entryId);
    expect(video).toMatchObject({ status: 'failed', failure: expect.stringContaining('no room') as string });
    expect(await readdir(made.files)).toEqual([]);
    await rm(file);
  });
});
