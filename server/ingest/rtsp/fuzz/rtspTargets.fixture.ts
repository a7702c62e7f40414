import { duplexPair } from 'node:stream';
import { pino } from 'pino';
import { isRefusal } from '../../../errors.ts';
import { rtpPacket } from '../../../media/rtp/rtpPackets.fixture.ts';
import { bytesAtHand, type FuzzTarget } from '../../fuzz/fuzz.fixture.ts';
import { inPieces, mutate, pick, randomBytes, type Random } from '../../fuzz/random.fixture.ts';
import type { Source } from '../../source.ts';
import { parseAnnouncement } from '../announcement.ts';
import { defaultRtspLimits } from '../limits.ts';
import { RtspProtocolError } from '../message.ts';
import { MessageReader } from '../messageReader.ts';
import { description, encodeBeginning, encodeMedia, encodeRequest, gstreamerDescription, streamUrl } from '../rtspBytes.fixture.ts'; // prettier-ignore
import { RtspSource } from '../rtspSource.ts';
import { RtspSession } from '../session.ts';
import { parseStreamUrl } from '../streamUrl.ts';
import { chooseTransport } from '../transportHeader.ts';

const beginning = encodeBeginning();
const ending = Buffer.concat([encodeRequest('GET_PARAMETER', streamUrl, 5), encodeRequest('TEARDOWN', streamUrl, 6)]);
/** Its times wrap. */
const broadcast = Buffer.concat([
  beginning,
  encodeMedia({ pictures: 30, videoStart: 2 ** 32 - 40_000, audioStart: 2 ** 32 - 20_000 }),
  ending,
]);
/** What sessions did, over all inputs: not so damaged that nothing would get through. */
export const rtspCounts = { allowed: 0, started: 0, ended: 0 };

/** One connection from its first byte to its end, on a clock of its own; whatever it logs as an error is a crash. */
async function visit(random: Random, bytes: Buffer): Promise<void> {
  const [client, server] = duplexPair();
  client.resume();
  let fault: string | undefined;
  let allowed = 0;
  let ends = 0;
  let nowMs = 0;
  const session = new RtspSession(server, {
    remoteAddress: '192.0.2.1',
    gate: {
      publish: async () => {
        allowed += 1;
        return {
          entryId: '0_abcdefgh',
          start: (source: Source) => {
            rtspCounts.started += 1;
            void source.open().then(
              (reading) => reading.start(),
              () => undefined, // gone already
            );
          },
          end: () => (ends += 1),
        };
      },
    },
    limits: defaultRtspLimits,
    log: pino({ level: 'error' }, { write: (line) => (fault ??= line) }),
    now: () => nowMs++,
    monotonicNow: () => nowMs,
    place: { yields: () => undefined, stays: () => undefined },
  });
  for (const piece of inPieces(random, bytes)) client.write(piece);
  client.end();
  await session.ended;
  // A permission that came too late is given back.
  if (ends !== allowed) await new Promise((resolve) => setImmediate(resolve));
  rtspCounts.allowed += allowed;
  rtspCounts.ended += ends;
  if (fault !== undefined) throw new Error(fault);
  if (ends !== allowed) throw new Error(`${allowed} publications, ${ends} ends`);
}

async function damagedBroadcast(random: Random): Promise<void> {
  await visit(random, mutate(random, broadcast, random(6) === 0 ? 0 : beginning.length));
}

const methods = ['OPTIONS', 'ANNOUNCE', 'SETUP', 'RECORD', 'PAUSE', 'GET_PARAMETER', 'TEARDOWN', 'DESCRIBE', 'PLAY', 'X'] as const; // prettier-ignore
const urls = [streamUrl, `${streamUrl}?token=t0k`, `${streamUrl}/streamid=0`, `${streamUrl}/streamid=9`, '*', 'rtsp://x'] as const; // prettier-ignore

/** Whole requests in any order, with media between them. */
async function anyOrder(random: Random): Promise<void> {
  const parts = Array.from({ length: 1 + random(12) }, (_, index) => {
    if (random(4) === 0)
      return encodeMedia({ pictures: random(4), videoStart: random(2 ** 31), audioStart: random(9) });
    const headers = {
      ...(random(2) === 0 && { Transport: pick(random, 'RTP/AVP/TCP;interleaved=0-1', 'RTP/AVP;client_port=1-2', '') }),
      ...(random(3) === 0 && { Authorization: pick(random, 'Basic eDp5', 'Digest username="a", response="b"', '=') }),
      ...(random(3) === 0 && { Session: randomBytes(random, 4).toString('hex') }),
    };
    const body = random(3) === 0 ? pick(random, description, gstreamerDescription) : '';
    return encodeRequest(pick(random, ...methods), pick(random, ...urls), index, headers, body);
  });
  await visit(random, Buffer.concat(random(2) === 0 ? [beginning, ...parts] : parts));
}

function readMessages(random: Random): void {
  const reader = new MessageReader(defaultRtspLimits);
  const bytes = random(5) === 0 ? randomBytes(random, 1 + random(600)) : mutate(random, random(2) ? beginning : ending);
  try {
    for (const piece of inPieces(random, bytes)) {
      reader.push(piece);
      while (reader.next());
    }
  } catch (error) {
    if (!(error instanceof RtspProtocolError)) throw error;
  }
}

function readTexts(random: Random): void {
  const text = (of: string) => mutate(random, Buffer.from(of)).toString(pick(random, 'utf8', 'latin1'));
  parseAnnouncement(text(pick(random, description, gstreamerDescription)));
  parseStreamUrl(text(pick(random, ...urls)));
  chooseTransport(text('RTP/AVP/TCP;unicast;interleaved=0-1;mode=record, RTP/AVP/UDP;unicast;client_port=4588-4589'));
}

/** Of one byte each, as many as a packet can have (RFC 3640 3.2.1). */
function packetOfUnits(units: number): Buffer {
  const payload = Buffer.alloc(2 + 3 * units, 0x21);
  payload.writeUInt16BE(16 * units, 0);
  for (let index = 0; index < units; index += 1) payload.writeUInt16BE(1 << 3, 2 + 2 * index);
  return payload;
}

const announcement = parseAnnouncement(description);

/** Fewer than usual, so that many runs are beyond them. */
const fewTags = { ...defaultRtspLimits, gopTags: 500, gopBytes: 200_000, readingTags: 500 };

/** More than may be kept of the smallest sounds, while the announced pictures do not come and nobody reads. */
async function minimalSounds(random: Random): Promise<void> {
  if (isRefusal(announcement)) throw new Error(announcement.message);
  const { gopTags } = fewTags;
  const source = new RtspSource({
    protocol: 'rtsp',
    remoteAddress: '192.0.2.1',
    announcement,
    limits: fewTags,
    now: () => 0,
    monotonicNow: () => 0,
    ready: () => undefined,
    disconnect: () => Promise.resolve(),
  });
  const payload = packetOfUnits(1 + random(1000));
  const step = pick(random, 0, 0, 1024);
  for (let index = 0, units = 0; units < 3 * gopTags; index += 1, units += payload.length / 3)
    source.receive('audio', rtpPacket({ payloadType: 97, sequence: index & 0xffff, timestamp: index * step, payload }));
  const reading = await source.open();
  reading.start();
  const begun = bytesAtHand(reading);
  if (begun > gopTags * (11 + 3 + 4) + 500) throw new Error(`${begun} bytes of tiny sounds were kept`);
  source.end();
  await reading.close();
}

/** The RTSP server, whole and in pieces; `share` of all inputs. */
export const rtspTargets: readonly FuzzTarget[] = [
  { name: 'RTSP: damaged broadcasts', share: 5, run: damagedBroadcast },
  { name: 'RTSP: requests in any order', share: 5, run: anyOrder },
  { name: 'RTSP: runs of minimal sounds', share: 1, run: minimalSounds },
  { name: 'RTSP: messages', share: 15, run: readMessages },
  { name: 'RTSP: descriptions and headers', share: 10, run: readTexts },
];
