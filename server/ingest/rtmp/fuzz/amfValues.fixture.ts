import { type AmfValue, newAmfObject } from '../amf/amfValue.ts';
import { pick, randomBytes, type Random } from '../../fuzz/random.fixture.ts';

const numbers = [0, 1, -1, 2 ** 31, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, 1e-300] as const;
const texts = ['', 'live', '__proto__', 'constructor', '@setDataFrame', 'onMetaData', 'ü€😀', '\0'] as const;
const names = [
  ...texts,
  'width',
  'videocodecid',
  'audiocodecid',
  'framerate',
  'hasAudio',
  'app',
  'objectEncoding',
] as const;

/** Any value, of any depth, with the names that mean something here. */
export function randomAmfValue(random: Random, depth = 0): AmfValue {
  const choice = random(depth < 4 ? 9 : 6);
  if (choice === 0) return pick(random, ...numbers);
  if (choice === 1) return pick(random, ...texts);
  if (choice === 2) return randomBytes(random, random(pick(random, 8, 300))).toString('latin1');
  if (choice === 3) return random(2) === 0;
  if (choice === 4) return pick<AmfValue>(random, null, undefined, new Date(random(2 ** 31)));
  if (choice === 5) return random(100_000) / 7;
  if (choice === 6) return Array.from({ length: random(5) }, () => randomAmfValue(random, depth + 1));
  const object = newAmfObject();
  for (let count = random(6); count > 0; count -= 1) object[pick(random, ...names)] = randomAmfValue(random, depth + 1);
  return object;
}
