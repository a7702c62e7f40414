import { randomBytes as secureBytes } from 'node:crypto';
import { Amf3Reader } from '../amf/amf3Reader.ts';
import { AmfCursor } from '../amf/amfCursor.ts';
import { readAmf0 } from '../amf/amf0Reader.ts';
import { writeAmf0 } from '../amf/amf0Writer.ts';
import { ConnectAuthenticator } from '../authentication/connectAuthenticator.ts';
import { ChunkReader } from '../chunkReader.ts';
import { encodeChunks } from '../encoder.fixture.ts';
import { handshakeBytes, ServerHandshake } from '../handshake.ts';
import { defaultRtmpLimits } from '../limits.ts';
import { messageTypes } from '../message.ts';
import { ProtocolError } from '../protocolError.ts';
import { parseApplication, parseStreamAddress } from '../streamAddress.ts';
import { randomAmfValue } from './amfValues.fixture.ts';
import type { FuzzTarget } from '../../fuzz/fuzz.fixture.ts';
import { inPieces, mutate, pick, randomBytes, type Random } from '../../fuzz/random.fixture.ts';

/** Refusing is an answer; anything else thrown is a crash. */
function refusing(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
}

function randomChunks(random: Random): Buffer {
  const types: number[] = [...Object.values(messageTypes), 255];
  return Buffer.concat(
    Array.from({ length: 1 + random(6) }, () => {
      const payload = randomBytes(random, random(pick(random, 8, 200, 2000)));
      return encodeChunks({
        type: pick(random, 0, ...types),
        payload,
        chunkStreamId: pick(random, 2, 3, 4, 6, 63, 64, 319, 320, 65_599),
        streamId: random(3),
        field: pick(random, 0, 40, 0xfffffe, 0xffffff, 0x1000000, 0xffffffff),
        headerType: pick(random, 0, 0, 0, 1, 2, 3),
        chunkBytes: pick(random, 128, 128, 128, 1, 4096),
        repeatsExtended: random(5) > 0,
      });
    }),
  );
}

function readChunks(random: Random): void {
  const chunks = random(5) === 0 ? randomBytes(random, 1 + random(600)) : randomChunks(random);
  const reader = new ChunkReader(defaultRtmpLimits);
  reader.allowMedia(random(2) === 0);
  refusing(() => {
    for (const piece of inPieces(random, random(3) === 0 ? chunks : mutate(random, chunks))) {
      reader.push(piece);
      while (reader.next());
    }
  });
}

function readValuesOfAmf0(random: Random): void {
  const written = writeAmf0(...Array.from({ length: 1 + random(4) }, () => randomAmfValue(random)));
  refusing(() => void readAmf0(random(8) === 0 ? randomBytes(random, random(300)) : mutate(random, written)));
}

/** Inside AMF0, as it comes, and alone. */
function readValuesOfAmf3(random: Random): void {
  const markers = Array.from({ length: 1 + random(40) }, () =>
    pick(random, random(13), random(256), 0x01, 0x03, 0x0b, 0xff, 0x80 | random(128)),
  );
  const bytes = Buffer.from(markers);
  refusing(() => void new Amf3Reader(new AmfCursor(bytes)).value(0));
  refusing(() => void readAmf0(Buffer.concat([Buffer.of(17), bytes])));
}

function shakeHands(random: Random): void {
  const handshake = new ServerHandshake(
    (bytes) => Buffer.alloc(bytes, random(256)),
    () => random(2 ** 31),
  );
  const hello = Buffer.alloc(1 + 2 * handshakeBytes + random(50), random(256));
  hello[0] = random(8) === 0 ? random(256) : 3;
  refusing(() => {
    for (const piece of inPieces(random, mutate(random, hello, random(4) === 0 ? 0 : 1)))
      if (handshake.receive(piece).rest) return;
  });
}

const authenticator = new ConnectAuthenticator(secureBytes, () => Date.now());
const words = [
  'live', '/', '?', '&', '=', 'token', 'auth', 'adobe', '?authmod=', 'authmod', 'user', 'response', 'challenge', 'opaque',
  'nonce', 'llnw', '%', '%41', '+', ' ', 'ü', '0_abcdefgh', 'i=1',
] as const; // prettier-ignore

function readAddress(random: Random): void {
  const text = () => Array.from({ length: random(14) }, () => pick(random, ...words)).join('');
  const application = parseApplication(`${random(4) === 0 ? '' : 'live'}${text()}`);
  if (!application) return;
  const answer = authenticator.answer(application, `192.0.2.${random(256)}`);
  if (answer.kind === 'check' && answer.credentials.matches('s3cret')) throw new Error('let in without the password');
  if (answer.kind === 'reject' && answer.description.length > 500) throw new Error('a description without bounds');
  if (answer.kind === 'accept')
    authenticator.published(`192.0.2.${random(256)}`, {
      publishName: text(),
      key: pick(random, 'none', 'none', 'wrong', 'right'),
    });
  parseStreamAddress(text(), application.query);
}

/** One piece of the protocol each, fed for itself; `share` of all inputs. */
export const rtmpPieceTargets: readonly FuzzTarget[] = [
  { name: 'RTMP: chunk reader', share: 40, run: readChunks },
  { name: 'RTMP: AMF0', share: 22, run: readValuesOfAmf0 },
  { name: 'RTMP: AMF3', share: 15, run: readValuesOfAmf3 },
  { name: 'RTMP: handshake', share: 4, run: shakeHands },
  { name: 'RTMP: addresses', share: 6, run: readAddress },
];
