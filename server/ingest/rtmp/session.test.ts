import { randomBytes } from 'node:crypto';
import { duplexPair, type Duplex } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refuse } from '../../errors.ts';
import type { Publication, PublishRefusal, PublishRequest } from '../publishGate.ts';
import type { Source } from '../source.ts';
import { adobeResponse } from './authentication/adobeResponse.ts';
import { ConnectAuthenticator } from './authentication/connectAuthenticator.ts';
import { type Command, readCommand } from './command.ts';
import { ChunkReader } from './chunkReader.ts';
import { handshakeBytes } from './handshake.ts';
import { defaultRtmpLimits } from './limits.ts';
import { messageTypes, type RtmpMessage } from './message.ts';
import { RtmpSession } from './session.ts';
import {
  audioHeaderBody, encodeChunks, encodeCommand, encodeControl, encodeHandshake, encodeMedia, encodeMetadata, encodePublish,
  encodeSecond, videoBody, videoHeaderBody,
} from './encoder.fixture.ts'; // prettier-ignore

interface Seen {
  readonly requests: PublishRequest[];
  readonly sources: Source[];
  readonly ends: string[];
  /** User names that were checked. */
  readonly logins: string[];
  /** Whether its place may be had. */
  yields: boolean;
}

/** An encoder, a session and the gate between them. */
function connect(
  answer?: (publication: Publication) => Promise<Publication | PublishRefusal> | Publication | PublishRefusal,
  authenticator = new ConnectAuthenticator(randomBytes, () => Date.now()),
) {
  const [client, server] = duplexPair();
  const seen: Seen = { requests: [], sources: [], ends: [], logins: [], yields: false };
  const publication: Publication = {
    entryId: '0_abcdefgh',
    start: (source) => seen.sources.push(source),
    end: (reason, how) => seen.ends.push(how ? `${how}: ${reason}` : reason),
  };
  const session = new RtmpSession(server, {
    protocol: 'rtmp',
    remoteAddress: '192.0.2.1',
    gate: {
      publish: async (request) => {
        seen.requests.push(request);
        return answer ? answer(publication) : publication;
      },
      authenticate: async ({ credentials }) => {
        seen.logins.push(credentials.username);
        return credentials.matches('s3cret') ? undefined : refuse('invalidStreamToken');
      },
    },
    authenticator,
    limits: defaultRtmpLimits,
    log: pino({ enabled: false }),
    now: () => Date.now(),
    place: { yields: () => (seen.yields = true), stays: () => undefined },
  });
  return { client, server, session, seen, answers: collect(client) };
}

/** What the session answers, handshake apart. */
function collect(client: Duplex): RtmpMessage[] {
  const messages: RtmpMessage[] = [];
  const reader = new ChunkReader(defaultRtmpLimits);
  let handshakeLeft = 1 + 2 * handshakeBytes;
  client.on('data', (bytes: Buffer) => {
    const skipped = Math.min(handshakeLeft, bytes.length);
    handshakeLeft -= skipped;
    reader.push(bytes.subarray(skipped));
    for (let message = reader.next(); message; message = reader.next()) messages.push(message);
  });
  return messages;
}

const commands = (messages: RtmpMessage[]): Command[] =>
  messages.filter(({ type }) => type === messageTypes.amf0Command).map(readCommand);

const codes = (messages: RtmpMessage[]) =>
  commands(messages)
    .map(({ parameters: [information] }) => information as { code?: string; description?: string } | undefined)
    .filter((information) => information?.code !== undefined)
    .map((information) => `${information?.code}: ${information?.description}`);

/** Lets everything already written arrive. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const publish = encodePublish('live?token=t0k', '0_abcdefgh_1?i=1');

describe('RtmpSession', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
  afterEach(() => vi.useRealTimers());

  it('asks the gate, then allows publishing, then hands over the source', async () => {
    const { client, seen, answers } = connect();
    client.write(publish);
    await settle();
    expect(seen.requests).toMatchObject([
      { protocol: 'rtmp', remoteAddress: '192.0.2.1', streamName: '0_abcdefgh_1', token: 't0k', backup: true },
    ]);
    expect(codes(answers)).toEqual([
      'NetConnection.Connect.Success: Connection succeeded.',
      'NetStream.Publish.Start: Publishing.',
    ]);
    client.write(encodeMedia('video', 0, videoHeaderBody));
    client.write(encodeMedia('audio', 0, audioHeaderBody));
    client.write(encodeSecond(0));
    await settle();
    expect(seen.sources.map(({ tracks }) => [tracks.video?.width, tracks.audio?.channels])).toEqual([[320, 2]]);
    expect(seen.sources[0]?.stats().videoFrames).toBe(25);
    expect(seen.ends).toEqual([]);
  });

  it('takes media that an impatient encoder sends before it is allowed to', async () => {
    const { client, seen } = connect();
    client.write(
      Buffer.concat([
        publish,
        encodeMedia('video', 0, videoHeaderBody),
        encodeMedia('audio', 0, audioHeaderBody),
        encodeMedia('video', 0, videoBody(true)),
      ]),
    );
    await settle();
    expect(seen.sources).toHaveLength(1);
  });

  it('sends nothing of NetStream.Publish.Start before the gate has answered', async () => {
    const gate = Promise.withResolvers<void>();
    const { client, seen, answers } = connect((publication) => gate.promise.then(() => publication));
    client.write(publish);
    await settle();
    expect(seen.requests).toHaveLength(1);
    expect(codes(answers)).toHaveLength(1);
    gate.resolve();
    await settle();
    expect(codes(answers)).toHaveLength(2);
  });

  it('tells a refused encoder why, and closes', async () => {
    const { client, session, answers, seen } = connect(() => refuse('invalidStreamToken'));
    client.write(publish);
    await settle();
    expect(codes(answers)[1]).toMatch(/^NetStream\.Publish\.BadName: The stream key is not right/);
    client.end();
    await session.ended;
    expect(seen.ends).toEqual([]);
  });

  it('tells a refused encoder in its turn, and gives its place up meanwhile', async () => {
    const held: PublishRefusal = { ...refuse('invalidStreamToken'), heldMs: 8000 };
    const { client, session, answers, seen } = connect(() => held);
    client.write(publish);
    await settle();
    client.write(encodeSecond(0)); // some do not wait for the answer
    await vi.advanceTimersByTimeAsync(7999);
    await settle();
    expect([codes(answers).length, seen.yields]).toEqual([1, true]);
    await vi.advanceTimersByTimeAsync(1);
    await settle();
    expect(codes(answers)[1]).toMatch(/^NetStream\.Publish\.BadName: The stream key is not right/);
    client.end();
    await session.ended;
  });

  it('keeps nothing of an encoder that goes before it is told', async () => {
    const { client, session, answers } = connect(() => ({ ...refuse('invalidStreamToken'), heldMs: 8000 }));
    client.write(publish);
    await settle();
    client.end();
    await session.ended;
    await settle();
    expect([codes(answers).length, vi.getTimerCount()]).toEqual([1, 0]);
  });

  it('checks user name and password at connect, and gives them to the gate with the stream', async () => {
    const authenticator = new ConnectAuthenticator(randomBytes, () => 0);
    const asked = connect(undefined, authenticator);
    asked.client.write(encodePublish('live?authmod=adobe&user=pub', 'x'));
    await settle();
    expect(codes(asked.answers)).toEqual([expect.stringContaining('NetConnection.Connect.Rejected: [ AccessManager')]);
    const [, salt = '', opaque = ''] = /salt=(\w+)&.*opaque=(\w+)/.exec(codes(asked.answers)[0] ?? '') ?? [];
    const response = adobeResponse({ username: 'pub', salt, opaque, challenge: 'c' }, 's3cret');
    const app = `live?authmod=adobe&user=pub&challenge=c&response=${response}&opaque=${opaque}`;
    const answering = connect(undefined, authenticator);
    answering.client.write(encodePublish(app, 'x'));
    await settle();
    expect(answering.seen.logins).toEqual(['pub']);
    expect(answering.seen.requests).toMatchObject([{ streamName: 'x', credentials: { username: 'pub' } }]);
    expect(codes(answering.answers)[1]).toBe('NetStream.Publish.Start: Publishing.');
    expect(asked.seen).toMatchObject({ logins: [], requests: [] });
  });

  it('tells an encoder with a wrong password in the words it knows, and closes', async () => {
    const authenticator = new ConnectAuthenticator(randomBytes, () => 0);
    const asked = connect(undefined, authenticator);
    asked.client.write(encodePublish('live?authmod=adobe&user=pub', 'x'));
    await settle();
    const opaque = /opaque=(\w+)/.exec(codes(asked.answers)[0] ?? '')?.[1];
    const answering = connect(undefined, authenticator);
    answering.client.write(encodePublish(`live?authmod=adobe&user=pub&challenge=c&response=r&opaque=${opaque}`, 'x'));
    await settle();
    expect(codes(answering.answers)).toEqual([
      `NetConnection.Connect.Rejected: [ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=authfailed&opaque=${opaque}`,
    ]);
    answering.client.end();
    await answering.session.ended;
    expect(answering.seen.requests).toEqual([]);
  });

  describe('at the address without ?auth, behind two publishes without a key', () => {
    const judge = (request: PublishRequest, publication: Publication) =>
      request.token === 't0k' ? publication : refuse('invalidStreamToken');
    /** The code of the last answer to each of these publishes, one after the other. */
    async function publishing(...publishes: [name: string, flashVer?: string][]): Promise<(string | undefined)[]> {
      const authenticator = new ConnectAuthenticator(randomBytes, () => Date.now());
      const ends: (string | undefined)[] = [];
      for (const [name, flashVer] of publishes) {
        const { client, seen, answers } = connect((publication) => {
          const [request] = seen.requests;
          return request ? judge(request, publication) : publication;
        }, authenticator);
        client.write(encodePublish('live', name, flashVer));
        await settle();
        ends.push(codes(answers).at(-1)?.split(':', 1)[0]);
      }
      return ends;
    }
    const keyless: [string] = ['0_abcdefgh_1'];
    const refused = 'NetStream.Publish.BadName';

    it('asks the same encoder, which has shown no key', async () => {
      expect(await publishing(keyless, keyless, keyless)).toEqual([refused, refused, 'NetConnection.Connect.Rejected']);
    });

    it('lets another software in that brings its key with the name', async () => {
      const ends = await publishing(keyless, keyless, ['0_abcdefgh_2?token=t0k', 'obs-studio']);
      expect(ends).toEqual([refused, refused, 'NetStream.Publish.Start']);
    });

    it('lets the same software in that has brought the right key with a name before', async () => {
      const ends = await publishing(['0_abcdefgh_2?token=t0k'], keyless, keyless, ['0_abcdefgh_2?token=t0k']);
      expect(ends).toEqual(['NetStream.Publish.Start', refused, refused, 'NetStream.Publish.Start']);
    });

    it('does not count slips with different names', async () => {
      const ends = await publishing(['0_abcdefgh_1'], ['0_bbbbbbbb_1'], ['0_abcdefgh_2?token=t0k']);
      expect(ends).toEqual([refused, refused, 'NetStream.Publish.Start']);
    });
  });

  it('does not let a failing gate take the server down', async () => {
    const { client, answers } = connect(() => Promise.reject(new Error('database')));
    client.write(publish);
    await settle();
    expect(codes(answers)[1]).toMatch(/^NetStream\.Publish\.BadName: Something went wrong/);
  });

  it('gives back a permission that comes when the encoder has gone', async () => {
    const gate = Promise.withResolvers<void>();
    const { client, session, seen } = connect((publication) => gate.promise.then(() => publication));
    client.write(publish);
    await settle();
    const closing = session.close('shut down');
    gate.resolve();
    client.end();
    await closing;
    await settle();
    expect(seen.ends).toEqual(['shut down']);
  });

  it('ends the publication once, whatever comes together', async () => {
    const { client, session, seen, answers } = connect();
    client.write(publish);
    await settle();
    client.write(encodeChunks({ ...encodeCommand('FCUnpublish', 6, null, '0_abcdefgh_1'), chunkBytes: 60_000 }));
    client.write(encodeChunks({ ...encodeCommand('deleteStream', 7, null, 1), chunkBytes: 60_000 }));
    await settle();
    client.end();
    await session.close('late');
    expect(seen.ends).toEqual(['the encoder stopped']);
    expect(codes(answers)).toContain('NetStream.Unpublish.Success: The broadcast was ended.');
  });

  it('ends the publication of an encoder that vanishes', async () => {
    const { client, server, session, seen } = connect();
    client.write(publish);
    await settle();
    server.destroy(new Error('read ECONNRESET'));
    await session.ended;
    expect(seen.ends).toEqual(['the connection broke: read ECONNRESET']);
  });

  it('may publish again on the same connection', async () => {
    const { client, seen } = connect();
    client.write(publish);
    await settle();
    for (const message of [
      encodeCommand('closeStream', 0, null),
      { ...encodeCommand('publish', 8, null, '0_abcdefgh_2'), streamId: 1 },
    ])
      client.write(encodeChunks({ ...message, chunkBytes: 60_000 }));
    await settle();
    expect(seen.requests.map(({ streamName }) => streamName)).toEqual(['0_abcdefgh_1', '0_abcdefgh_2']);
    expect(seen.ends).toHaveLength(1);
  });

  for (const how of ['request.disconnect', 'source.close'] as const) {
    it(`tells the encoder when it is thrown out by ${how}`, async () => {
      const { client, session, seen, answers } = connect();
      client.write(publish);
      client.write(encodeMedia('video', 0, videoHeaderBody));
      client.write(encodeMedia('audio', 0, audioHeaderBody));
      client.write(encodeMedia('video', 0, videoBody(true)));
      await settle();
      if (how === 'source.close') void seen.sources[0]?.close('The broadcast was ended.');
      else seen.requests[0]?.disconnect('The broadcast was ended.');
      client.end();
      await session.ended;
      expect(codes(answers).at(-1)).toBe('NetStream.Publish.Denied: The broadcast was ended.');
      expect(seen.ends).toEqual(['The broadcast was ended.']);
    });
  }

  it('refuses codecs it cannot take, with their name', async () => {
    const { client, answers, seen } = connect();
    client.write(publish);
    client.write(encodeMedia('audio', 0, Buffer.of(0x5f, 1, 2)));
    await settle();
    expect(codes(answers).at(-1)).toBe(
      'NetStream.Publish.Rejected: Nellymoser audio is not supported; send H.264 and AAC or MP3.',
    );
    expect(seen.ends).toEqual(['refused: Nellymoser audio is not supported; send H.264 and AAC or MP3.']);
  });

  it('knows one application, and does not let anybody play', async () => {
    const other = connect();
    other.client.write(encodePublish('vod', 'x'));
    const player = connect();
    player.client.write(
      Buffer.concat([
        encodeHandshake(),
        ...[encodeCommand('connect', 1, { app: 'live' }), encodeCommand('play', 2, null, 'x')].map(encodeChunks),
      ]),
    );
    await settle();
    expect(codes(other.answers)).toEqual([
      'NetConnection.Connect.Rejected: There is no such application; publish to rtmp://<host>/live.',
    ]);
    expect(codes(player.answers)[1]).toMatch(/^NetStream\.Play\.Failed/);
    expect([...other.seen.requests, ...player.seen.requests]).toEqual([]);
  });

  it('answers AMF3 commands, and what encoders ask on the side', async () => {
    const { client, answers } = connect();
    const amf3 = (name: string, id: number) => {
      const { payload } = encodeCommand(name, id, null);
      return { type: messageTypes.amf3Command, payload: Buffer.concat([Buffer.of(0), payload]) };
    };
    client.write(encodeHandshake());
    client.write(encodeChunks(encodeCommand('connect', 1, { app: 'live', objectEncoding: 3 })));
    const sent = [
      amf3('createStream', 2),
      amf3('_checkbw', 3),
      amf3('getStreamLength', 4),
      amf3('whatever', 5),
      amf3('silent', 0),
    ];
    for (const message of sent) client.write(encodeChunks(message));
    await settle();
    expect(commands(answers).map(({ name, transactionId }) => [name, transactionId])).toEqual([
      ['_result', 1], ['_result', 2], ['_result', 3], ['_result', 4], ['_error', 5],
    ]); // prettier-ignore
    expect(commands(answers)[0]?.parameters[0]).toMatchObject({ objectEncoding: 3 });
    expect(commands(answers)[1]?.parameters[0]).toBe(1);
  });

  it('acknowledges by the window the encoder sets, and answers pings', async () => {
    const { client, answers } = connect();
    client.write(publish);
    client.write(encodeControl(messageTypes.windowAcknowledgementSize, 5000));
    client.write(
      encodeChunks({ type: messageTypes.userControl, payload: Buffer.from('000600bc614e', 'hex'), chunkStreamId: 2 }),
    );
    await settle();
    for (let index = 0; index < 5; index += 1) {
      client.write(encodeMedia('video', 0, Buffer.alloc(3000, 0x57)));
      await settle();
    }
    const acknowledged = answers.filter(({ type }) => type === messageTypes.acknowledgement);
    expect(acknowledged.length).toBeGreaterThanOrEqual(2);
    expect(acknowledged.at(-1)?.payload.readUInt32BE(0)).toBeGreaterThan(15_000);
    const pong = answers.find(({ type, payload }) => type === messageTypes.userControl && payload[1] === 7);
    expect(pong?.payload.toString('hex')).toBe('000700bc614e');
  });

  it('splits aggregate messages', async () => {
    const { client, seen } = connect();
    const tag = (type: number, body: Buffer) =>
      Buffer.concat([Buffer.of(type, 0, 0, body.length, 0, 0, 0, 0, 0, 0, 0), body, Buffer.alloc(4)]);
    const payload = Buffer.concat([tag(9, videoHeaderBody), tag(8, audioHeaderBody), tag(9, videoBody(true))]);
    client.write(publish);
    client.write(encodeChunks({ type: messageTypes.aggregate, payload, streamId: 1, chunkBytes: 60_000 }));
    await settle();
    expect(seen.sources).toHaveLength(1);
  });

  it('reads what the encoder announces', async () => {
    const { client, seen } = connect();
    client.write(publish);
    client.write(encodeMetadata({ videocodecid: 7, framerate: 50 }));
    client.write(encodeMedia('video', 0, videoHeaderBody));
    client.write(encodeMedia('video', 0, videoBody(true)));
    await settle();
    expect(seen.sources[0]?.tracks).toEqual({ video: { codec: 'h264', width: 320, height: 180, frameRate: 50 } });
  });

  const silences: [string, Buffer, number][] = [
    ['does not shake hands within 10 s', encodeHandshake().subarray(0, 1000), 10],
    ['does not publish within 15 s', encodeHandshake(), 15],
    ['sends no media for 30 s while publishing', publish, 30],
  ];
  for (const [what, bytes, seconds] of silences) {
    it(`closes an encoder that ${what}`, async () => {
      const { client, session } = connect();
      let ended = false;
      void session.ended.then(() => (ended = true));
      client.write(bytes);
      await settle();
      await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
      await settle();
      expect(ended).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      await settle();
      await vi.advanceTimersByTimeAsync(2000); // the encoder does not close its side
      await settle();
      expect(ended).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
    });
  }

  it('lets an encoder live as long as media come', async () => {
    const { client, seen } = connect();
    client.write(publish);
    await settle();
    for (let turn = 0; turn < 5; turn += 1) {
      await vi.advanceTimersByTimeAsync(29_000);
      client.write(encodeMedia('video', 0, Buffer.alloc(10, 0x57)));
      await settle();
    }
    expect(seen.ends).toEqual([]);
  });

  it('does not take pings and metadata for media', async () => {
    const { client, seen } = connect();
    client.write(publish);
    await settle();
    for (let turn = 0; turn < 4; turn += 1) {
      await vi.advanceTimersByTimeAsync(9000);
      const payload = Buffer.from('000600000000', 'hex');
      client.write(encodeChunks({ type: messageTypes.userControl, payload, chunkStreamId: 2 }));
      client.write(encodeMetadata({ framerate: 25 }));
      await settle();
    }
    expect(seen.ends).toEqual(['the encoder fell silent']);
  });

  it('closes an encoder that never reads our answers', async () => {
    const [client, server] = duplexPair();
    const session = new RtmpSession(server, {
      protocol: 'rtmp',
      remoteAddress: '192.0.2.1',
      gate: { publish: async () => refuse('internal'), authenticate: async () => undefined },
      authenticator: new ConnectAuthenticator(randomBytes, () => 0),
      limits: defaultRtmpLimits,
      log: pino({ enabled: false }),
      now: () => 0,
      place: { yields: () => undefined, stays: () => undefined },
    });
    client.write(encodeHandshake());
    const ping = encodeChunks({
      type: messageTypes.userControl,
      payload: Buffer.from('000600000000', 'hex'),
      chunkStreamId: 2,
    });
    client.write(Buffer.concat(Array(20_000).fill(ping)));
    await session.ended;
    expect(server.writableLength).toBeLessThan(2 * defaultRtmpLimits.unreadAnswerBytes);
  });
});
