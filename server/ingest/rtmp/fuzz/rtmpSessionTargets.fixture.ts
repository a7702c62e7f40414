import { randomBytes as secureBytes } from 'node:crypto';
import { duplexPair } from 'node:stream';
import { pino } from 'pino';
import { refuse } from '../../../errors.ts';
import type { Source } from '../../source.ts';
import { writeAmf0 } from '../amf/amf0Writer.ts';
import { ConnectAuthenticator } from '../authentication/connectAuthenticator.ts';
import {
  audioBody, audioHeaderBody, encodeChunks, encodeHandshake, encodeMedia, encodeMetadata, encodePublish, encodeSecond,
  videoBody, videoHeaderBody,
} from '../encoder.fixture.ts'; // prettier-ignore
import { defaultRtmpLimits } from '../limits.ts';
import { messageTypes } from '../message.ts';
import { RtmpSession } from '../session.ts';
import { RtmpSource } from '../rtmpSource.ts';
import { randomAmfValue } from './amfValues.fixture.ts';
import { bytesAtHand, type FuzzTarget } from '../../fuzz/fuzz.fixture.ts';
import { inPieces, mutate, pick, randomBytes, type Random } from '../../fuzz/random.fixture.ts';

const handshakeEnd = 3073;
const broadcast = Buffer.concat([
  encodePublish('live?token=t0k', '0_abcdefgh_1'),
  encodeMetadata({ videocodecid: 7, audiocodecid: 10, width: 320, nested: { list: [1, 'a', null] } }),
  encodeMedia('video', 0, videoHeaderBody),
  encodeMedia('audio', 0, audioHeaderBody),
  encodeSecond(0),
  encodeSecond(1000),
]);
const authenticator = new ConnectAuthenticator(secureBytes, () => Date.now());
/** What sessions did, over all inputs: not so damaged that nothing would get through. */
export const rtmpCounts = { allowed: 0, started: 0, ended: 0 };

/** One connection from its first byte to its end, on a clock of its own; whatever it logs as an error is a crash. */
async function visit(random: Random, bytes: Buffer): Promise<void> {
  const [client, server] = duplexPair();
  client.resume();
  let fault: string | undefined;
  let ends = 0;
  let allowed = 0;
  const session = new RtmpSession(server, {
    protocol: 'rtmp',
    remoteAddress: '192.0.2.1',
    gate: {
      publish: async () => {
        if (random(10) === 0) return refuse('invalidStreamToken');
        allowed += 1;
        return {
          entryId: '0_abcdefgh',
          start: (source: Source) => {
            rtmpCounts.started += 1;
            void source.open().then(
              (reading) => reading.start(),
              () => undefined, // gone already
            );
          },
          end: () => (ends += 1),
        };
      },
      authenticate: async () => (random(2) === 0 ? undefined : refuse('invalidStreamToken')),
    },
    authenticator,
    limits: defaultRtmpLimits,
    log: pino({ level: 'error' }, { write: (line) => (fault ??= line) }),
    now: () => Date.now(),
    place: { yields: () => undefined, stays: () => undefined },
  });
  for (const piece of inPieces(random, bytes)) client.write(piece);
  client.end();
  await session.ended;
  // A permission that came too late is given back.
  if (ends !== allowed) await new Promise((resolve) => setImmediate(resolve));
  rtmpCounts.allowed += allowed;
  rtmpCounts.ended += ends;
  if (fault !== undefined) throw new Error(fault);
  if (ends !== allowed) throw new Error(`${allowed} publications, ${ends} ends`);
}

async function damagedBroadcast(random: Random): Promise<void> {
  await visit(random, mutate(random, broadcast, random(20) === 0 ? 0 : handshakeEnd));
}

const commandNames = [
  'connect', 'createStream', 'publish', 'releaseStream', 'FCPublish', 'FCUnpublish', '_checkbw', 'deleteStream', 'closeStream',
  'play', 'play2', 'getStreamLength', '_result', '_error', 'onStatus', '', 'constructor', '__proto__',
] as const; // prettier-ignore
const applications = [
  'live', 'live?token=t', 'live/?i=1', 'live?auth=adobe', 'live?authmod=adobe&user=pub', 'live?authmod=llnw&user=pub',
  'live?authmod=adobe&user=pub&response=a&opaque=b', 'vod', '',
] as const; // prettier-ignore

function randomMessage(random: Random): Buffer {
  const streamId = random(3);
  const chunk = (type: number, payload: Buffer): Buffer =>
    encodeChunks({ type, payload, streamId, chunkStreamId: 3 + random(4) });
  const choice = random(8);
  if (choice === 0) {
    const types: number[] = [...Object.values(messageTypes), random(256)];
    return chunk(pick(random, 0, ...types), randomBytes(random, random(60)));
  }
  if (choice === 1)
    return encodeMedia(pick(random, 'audio', 'video'), random(2 ** 31), randomBytes(random, random(60)));
  if (choice === 2) return encodeMetadata({ any: randomAmfValue(random) });
  if (choice === 3) return encodeMedia('video', random(100), random(2) === 0 ? videoHeaderBody : videoBody(true));
  const name = pick(random, ...commandNames);
  const object =
    name === 'connect' ? { app: pick(random, ...applications), objectEncoding: random(4) } : randomAmfValue(random);
  const rest =
    random(2) === 0 ? ['0_abcdefgh_1', 'live'] : Array.from({ length: random(3) }, () => randomAmfValue(random));
  const payload = writeAmf0(name, random(9), object, ...rest);
  const isAmf3 = random(6) === 0;
  return chunk(
    isAmf3 ? messageTypes.amf3Command : messageTypes.amf0Command,
    isAmf3 ? Buffer.concat([Buffer.of(0), payload]) : payload,
  );
}

/** Whole messages, of any kind and in any order, mostly behind a `connect`. */
async function anyOrder(random: Random): Promise<void> {
  const app = pick(random, ...applications);
  const connect = writeAmf0('connect', 1, { app, tcUrl: 'rtmp://localhost/live' });
  const first = random(5) === 0 ? [] : [encodeChunks({ type: messageTypes.amf0Command, payload: connect })];
  const messages = Array.from({ length: 1 + random(12) }, () => randomMessage(random));
  await visit(random, Buffer.concat([encodeHandshake(), ...first, ...messages]));
}

/** Bodies and timestamps that make no sense, jumps by hours among them. */
function anyMedia(random: Random): void {
  const source = new RtmpSource({
    protocol: 'rtmp',
    remoteAddress: '192.0.2.1',
    limits: defaultRtmpLimits,
    now: () => Date.now(),
    ready: (ready) =>
      void ready.open().then(
        (reading) => reading.start(),
        () => undefined,
      ),
    refused: () => undefined,
    disconnect: () => Promise.resolve(),
  });
  const bodies = [
    videoHeaderBody,
    audioHeaderBody,
    videoBody(true),
    videoBody(false),
    audioBody(),
    Buffer.of(0x2f, 0xff, 0xfb, 0x90, 0x64),
  ];
  let time = pick(random, 0, 2 ** 24 - 50, 2 ** 31 - 50, 2 ** 32 - 50);
  for (let count = 1 + random(30); count > 0; count -= 1) {
    const step = pick(random, 40, 40, 40, 0, -40, 3_600_000, -7_200_000, random(2 ** 32));
    time = (((time + step) % 2 ** 32) + 2 ** 32) % 2 ** 32;
    const body = pick(random, ...(bodies as [Buffer, ...Buffer[]]));
    source.takeMedia(pick(random, 'video', 'audio'), time, random(3) === 0 ? mutate(random, body) : body);
    if (random(20) === 0) {
      const values = [randomAmfValue(random), randomAmfValue(random), randomAmfValue(random)];
      source.takeMetadata([['onTextData', 'onCaptionInfo', values[0]][random(3)], ...values], random(2 ** 32));
    }
  }
  source.end();
}

/** As small as frames can be that are kept. */
const minimalBodies = {
  video: [Buffer.of(0x27, 1, 0, 0, 0, 0), Buffer.of(0x17, 1, 0, 0, 0, 0)],
  audio: [Buffer.of(0xaf, 1), Buffer.of(0xaf, 1, 0)],
} as const;
const longestTag = 11 + 6 + 4;
/** Metadata and sequence headers. */
const preambleBytes = 500;

/** Fewer than usual, so that many runs are beyond them. */
const fewTags = { ...defaultRtmpLimits, gopTags: 500, readingTags: 500 };

/** More than may be kept of the smallest frames, at one time or nearly, while nobody reads. */
async function minimalFrames(random: Random): Promise<void> {
  const { gopTags } = fewTags;
  const source = new RtmpSource({
    protocol: 'rtmp',
    remoteAddress: '192.0.2.1',
    limits: fewTags,
    now: () => 0,
    ready: () => undefined,
    refused: () => undefined,
    disconnect: () => Promise.resolve(),
  });
  if (random(4) > 0) {
    source.takeMedia('video', 0, videoHeaderBody);
    source.takeMedia('video', 0, minimalBodies.video[1]);
  }
  source.takeMedia('audio', 0, audioHeaderBody);
  if (random(2) === 0) (await source.open()).start();
  const keyFrames = pick(random, 0, 1, 1, 100);
  const step = pick(random, 0, 0, 0, 1);
  const count = gopTags + random(2 * gopTags);
  for (let index = 0; index < count; index += 1) {
    const kind = pick(random, 'audio', 'video');
    const isKey = kind === 'video' && keyFrames > 0 && index % keyFrames === 0;
    source.takeMedia(kind, index * step, minimalBodies[kind][isKey ? 1 : 0]);
  }
  const reading = await source.open();
  reading.start();
  const begun = bytesAtHand(reading);
  if (begun > gopTags * longestTag + preambleBytes) throw new Error(`${begun} bytes of tiny frames were kept`);
  source.end();
  await reading.close();
}

/** The whole of it, from the socket up; `share` of all inputs. */
export const rtmpSessionTargets: readonly FuzzTarget[] = [
  { name: 'RTMP: damaged broadcasts', share: 4, run: damagedBroadcast },
  { name: 'RTMP: messages in any order', share: 5, run: anyOrder },
  { name: 'RTMP: media', share: 4, run: anyMedia },
  { name: 'RTMP: runs of minimal frames', share: 1, run: minimalFrames },
];
