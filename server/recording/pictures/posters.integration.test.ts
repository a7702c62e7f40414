import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countersIn, storeCounted } from '../clips/countedMedia.fixture.ts';
import { openPictures, type PicturesUnderTest } from './pictures.fixture.ts';

const entryId = '0_film0001';
let under: PicturesUnderTest;

beforeAll(async () => {
  under = await openPictures();
  await storeCounted(under.opened.store, { id: 'film', entryId }, { seconds: 4, flavors: [] });
});

afterAll(() => under.close());

/** A picture of one colour, as an encoder makes it. */
function image(codec: string, size = '320x180', source = 'color=red', filter = 'null'): Buffer {
  const args = `-v error -f lavfi -i ${source}:s=${size},${filter} -frames:v 1 -c:v ${codec} -f image2pipe -`;
  return execFileSync('ffmpeg', args.split(' '), { maxBuffer: 1e9 });
}

/** Red, green and blue of a picture's middle. */
function colourOf(picture: Buffer): number[] {
  const args = '-v error -f jpeg_pipe -i - -vf scale=1:1,format=rgb24 -f rawvideo -'.split(' ');
  return [...execFileSync('ffmpeg', args, { input: picture })];
}

const isRed = ([red = 0, green = 0, blue = 0]: readonly number[]) => red > 200 && green < 60 && blue < 60;
const shown = (query = '') => under.get(entryId, 'thumbnail.jpg', query);

describe('a poster', () => {
  it('is a frame, kept when the media have gone and over a restart, until it is chosen automatically again', async () => {
    expect(await under.pictures.choosePosterFrame(entryId, 1500)).toBeUndefined();
    const version = under.pictures.posterVersion(entryId);
    expect(version).toBeDefined();
    expect((await countersIn(await shown()))[0]).toBe(45);
    expect((await countersIn(await shown('t=0')))[0]).toBe(0);
    await under.reopen();
    expect(under.pictures.posterVersion(entryId)).toBe(version);
    expect((await countersIn(await shown('width=240')))[0]).toBe(45);
    await under.pictures.removePoster(entryId);
    expect(under.pictures.posterVersion(entryId)).toBeUndefined();
    expect((await countersIn(await shown()))[0]).toBe(0);
  });

  it.each(['mjpeg', 'png', 'libwebp'])('is a picture encoded by %s, made anew', async (codec) => {
    const sent = image(codec);
    expect(await under.pictures.choosePosterImage(entryId, sent)).toBeUndefined();
    const picture = await shown();
    expect(isRed(colourOf(picture))).toBe(true);
    expect(picture.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect(picture.equals(sent)).toBe(false);
    expect(readdirSync(join(under.directory, 'posters'))).toHaveLength(1);
  });

  it('stays what it was when what is sent is no whole picture', async () => {
    await under.pictures.choosePosterImage(entryId, image('png'));
    const before = under.pictures.posterVersion(entryId);
    const [jpeg, png, webp] = ['mjpeg', 'png', 'libwebp'].map((codec) =>
      image(codec, '640x360', 'nullsrc=d=1', 'geq=random(1)*255:128:128'),
    );
    const hostile = [
      Buffer.alloc(0),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      Buffer.from('#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile:///etc/passwd\n'),
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0]),
      ...[jpeg!, png!, webp!].map((whole) => whole.subarray(0, whole.length / 2)),
      // Small to send, huge to unpack.
      image('png', '9000x9000', 'color=black'),
    ];
    for (const sent of hostile)
      expect(await under.pictures.choosePosterImage(entryId, sent)).toMatchObject({ refused: 'unreadableImage' });
    expect(under.pictures.posterVersion(entryId)).toBe(before);
  });

  it('is refused where there is no frame', async () => {
    expect(await under.pictures.choosePosterFrame('0_none0000', 0)).toMatchObject({ refused: 'noPicture' });
  });

  it('is the newer one where the server ended between a new one’s coming and the old one’s going', async () => {
    const folder = join(under.directory, 'posters');
    await writeFile(join(folder, '0_twice001.5.jpg'), image('mjpeg', '64x36', 'color=blue'));
    await writeFile(join(folder, '0_twice001.7.jpg'), image('mjpeg', '64x36'));
    await writeFile(join(folder, 'half.partial'), 'half');
    await under.reopen();
    expect(under.pictures.posterVersion('0_twice001')).toBe('7');
    expect(isRed(colourOf(await under.get('0_twice001', 'thumbnail.jpg')))).toBe(true);
    expect(readdirSync(folder).filter((name) => !name.startsWith(entryId))).toEqual(['0_twice001.7.jpg']);
  });
});
