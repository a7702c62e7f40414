import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2);

// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const memoryKib = 19_456;
const passes = 2;
const parallelism = 1;
const tagBytes = 32;

/** The PHC string of a password: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive('argon2id', {
    message: password,
    nonce,
    memory: memoryKib,
    passes,
    parallelism,
    tagLength: tagBytes,
  });
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(tag)}`;
}

/** False as well for a hash that cannot be read. */
export async function passwordMatches(password: string, hash: string): Promise<boolean> {
  const parsed = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/-]+)\$([\w+/-]+)$/.exec(hash);
  if (!parsed) return false;
  const [, memory, passesUsed, lanes, salt = '', expected = ''] = parsed;
  const tag = Buffer.from(expected, 'base64');
  const actual = await derive('argon2id', {
    message: password,
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passesUsed),
    parallelism: Number(lanes),
    tagLength: tag.length,
  });
  return timingSafeEqual(actual, tag);
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
