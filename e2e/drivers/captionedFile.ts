import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { addCaptions } from '../../server/media/captions/captionedFlv.fixture.ts';
import { popOn } from '../../server/media/captions/captions.fixture.ts';
import { digitalPopOn, DtvccEncoder } from '../../server/media/captions/dtvcc/dtvcc.fixture.ts';

/** How long each caption stays. */
const captionSeconds = 2;

/** A test picture that counts its captions: `CAPTION 1`, `CAPTION 2` … inside the picture, as CEA-608 or CEA-708 alone. */
export async function makeCaptionedFile(
  path: string,
  seconds: number,
  kind: '608' | '708' | 'none' = '608',
): Promise<void> {
  const plain = `${path}.plain.flv`;
  await promisify(execFile)('ffmpeg', [
    ...'-v error -y -f lavfi -i testsrc2=size=640x360:rate=25 -f lavfi -i sine=frequency=440:sample_rate=44100'.split(
      ' ',
    ),
    ...`-t ${seconds} -c:v libx264 -preset ultrafast -bf 2 -pix_fmt yuv420p -b:v 500k -g 50 -keyint_min 50`.split(' '),
    ...`-sc_threshold 0 -c:a aac -b:a 64k -ac 2 ${plain}`.split(' '),
  ]);
  const digital = new DtvccEncoder();
  const captions = Array.from({ length: Math.floor(seconds / captionSeconds) }, (_, index) => {
    const [atMs, text] = [index * captionSeconds * 1000, `CAPTION ${index + 1}`];
    if (kind === '608') return { atMs, pairs: popOn({ row: 15, column: 8, text }) };
    // Two windows take turns.
    return { atMs, packets: digital.packets(digitalPopOn(index % 2, [(index + 1) % 2], text)) };
  });
  await writeFile(path, addCaptions(await readFile(plain), kind === 'none' ? [] : captions, kind === '608'));
  await rm(plain);
}
