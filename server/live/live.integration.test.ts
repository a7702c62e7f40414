import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../errors.ts';
import type { PublishRequest } from '../ingest/publishGate.ts';
import { admitted, LiveScene, ScriptedSource } from './liveScene.fixture.ts';

describe('a live entry', () => {
  let scene: LiveScene;

  beforeEach(async () => {
    scene = await LiveScene.open();
  });

  afterEach(async () => {
    await scene.close();
  });

  it('is starting when a publisher is let in and live when its first segment can be played', async () => {
    await scene.goLive();
    expect(scene.states).toEqual(['starting', 'live']);
    expect((await scene.server.entries.get(scene.entry.id))?.state).toBe('live');
    expect((await scene.server.broadcasts.last(scene.entry.id))?.endedAtMs).toBeNull();
  });

  it.each<[string, () => Partial<PublishRequest>, ErrorCode]>([
    ['an unknown stream name', () => ({ streamName: 'whatever' }), 'entryNotFound'],
    ['an unknown entry', () => ({ streamName: '0_zzzzzzzz_1' }), 'entryNotFound'],
    ['a wrong token', () => ({ token: 'wrong' }), 'invalidStreamToken'],
    ['no token', () => ({ token: undefined }), 'invalidStreamToken'],
    ['a browser’s token over RTMP', () => ({ token: scene.entry.ingest.whipToken }), 'invalidStreamToken'],
    ['too many streams', () => ({ streamName: `${scene.entry.id}_8` }), 'badRequest'],
  ])('refuses %s with a reason', async (_what, changes, code) => {
    expect(await scene.server.live.publish(scene.request(changes()))).toMatchObject({ refused: code });
    expect(scene.states).toEqual([]);
  });

  it('refuses a second publisher, but lets one take the place of a publisher that has gone silent', async () => {
    const { source } = await scene.goLive();
    const first = scene.server.transcoder.running;
    expect(await scene.server.live.publish(scene.request())).toMatchObject({ refused: 'alreadyBroadcasting' });
    scene.nowMs += 6000;
    expect(source.lastMediaAtMs).toBeLessThan(scene.nowMs - 5000);
    admitted(await scene.server.live.publish(scene.request()));
    expect(first).toBe(1);
  });

  it('keeps in its log why what an encoder announced was not taken', async () => {
    const publication = admitted(await scene.server.live.publish(scene.request({ protocol: 'rtsp' })));
    const idle = once(scene.server.states, 'idle');
    publication.end('H.265 video is not supported; send H.264 and AAC.', 'refused');
    await idle;
    const last = scene.server.live.ingestEvents(scene.entry.id).at(-1);
    expect(last?.kind).toBe('refused');
    expect(last?.message).toBe('Primary encoder (RTSP) was refused: H.265 video is not supported; send H.264 and AAC.');
  });

  it('goes back to idle when the publisher leaves without having sent anything', async () => {
    const publication = admitted(await scene.server.live.publish(scene.request()));
    const idle = once(scene.server.states, 'idle');
    publication.end('closed');
    await idle;
    expect(scene.states).toEqual(['starting', 'idle']);
  });

  it('continues the same broadcast when a publisher returns within the reconnect window', async () => {
    const { publication } = await scene.goLive();
    const broadcast = await scene.server.broadcasts.last(scene.entry.id);
    const interrupted = once(scene.server.states, 'interrupted');
    publication.end('connection lost');
    await interrupted;
    expect(scene.server.transcoder.running).toBe(0);
    scene.nowMs += 60_000;
    await scene.goLive();
    expect((await scene.server.broadcasts.last(scene.entry.id))?.id).toBe(broadcast?.id);
    const timeline = scene.server.store.latest(scene.entry.id);
    if (!timeline) throw new Error('nothing is stored');
    expect(timeline.segments.map(({ sequence }) => sequence)).toEqual(
      [0, 1].map((n) => n + (timeline.segments[0]?.sequence ?? 0)),
    );
    expect(timeline.periods).toHaveLength(2);
    expect(timeline.segments[1]?.startMs).toBeGreaterThanOrEqual(60_000);
  });

  it('has ended when the reconnect window is over, and its media stays playable as such', async () => {
    await scene.server.entries.update(scene.entry.id, { dvr: { enabled: false, windowMinutes: 120 } });
    await scene.restart({ reconnectWindowSeconds: 0 });
    const { publication } = await scene.goLive();
    const ended = once(scene.server.states, 'ended');
    scene.nowMs += 300_000;
    publication.end('encoder stopped');
    await ended;
    expect(scene.states).toEqual(['starting', 'live', 'interrupted', 'ended']);
    const { ended: isOver, windowSeconds, segments } = scene.server.store.latest(scene.entry.id)!;
    expect([isOver, windowSeconds, segments.map(({ startMs }) => startMs)]).toEqual([true, 30, [0]]);
    expect((await scene.server.broadcasts.last(scene.entry.id))?.endedAtMs).toBe(scene.nowMs);
  });

  it('throws the publisher out when it is ended from the studio', async () => {
    await scene.goLive();
    await scene.server.live.end(scene.entry.id);
    expect((await scene.server.entries.get(scene.entry.id))?.state).toBe('ended');
    expect(scene.server.transcoder.running).toBe(0);
  });

  it('waits for its publisher across a restart of the server', async () => {
    await scene.goLive();
    const broadcast = await scene.server.broadcasts.last(scene.entry.id);
    await scene.restart({ downMs: 5000 });
    expect((await scene.server.entries.get(scene.entry.id))?.state).toBe('interrupted');
    await scene.goLive();
    expect((await scene.server.broadcasts.last(scene.entry.id))?.id).toBe(broadcast?.id);
  });

  it('has ended when the server comes back after the reconnect window', async () => {
    await scene.goLive();
    await scene.restart({ downMs: 301_000 });
    expect((await scene.server.entries.get(scene.entry.id))?.state).toBe('ended');
    expect(scene.server.store.latest(scene.entry.id)?.ended).toBe(true);
  });

  it('has ended when the server died after its media had, but before the broadcast was marked so', async () => {
    await scene.goLive();
    const broadcast = await scene.server.broadcasts.last(scene.entry.id);
    await scene.server.live.close();
    const writer = await scene.server.store.write({
      id: broadcast?.id ?? '',
      entryId: scene.entry.id,
      epochMs: broadcast?.startedAtMs ?? 0,
      windowSeconds: 7200,
    });
    await writer.end();
    await scene.restart();
    expect((await scene.server.entries.get(scene.entry.id))?.state).toBe('ended');
    expect((await scene.server.broadcasts.last(scene.entry.id))?.endedAtMs).toBe(scene.nowMs);
  });

  it('does not stay "starting" when the server ended before any media came', async () => {
    admitted(await scene.server.live.publish(scene.request()));
    await scene.server.entries.setState(scene.entry.id, 'starting');
    await scene.restart();
    expect((await scene.server.entries.get(scene.entry.id))?.state).toBe('idle');
  });

  it('forgets all its media when the entry is deleted', async () => {
    await scene.goLive();
    await scene.server.live.forget(scene.entry.id);
    expect(scene.server.store.latest(scene.entry.id)).toBeUndefined();
    expect(scene.server.transcoder.running).toBe(0);
  });

  it('has its backup on air as soon as the primary leaves, without being interrupted', async () => {
    const { publication, source } = await scene.goLive();
    const backup = new ScriptedSource(scene.nowMs);
    admitted(await scene.server.live.publish(scene.request({ backup: true }))).start(backup);
    expect(scene.sourcesOnAir).toEqual([source]);
    expect(scene.server.live.sources(scene.entry.id).map(({ role, state }) => [role, state])).toEqual([
      ['primary', 'onAir'],
      ['backup', 'standby'],
    ]);
    publication.end('connection lost');
    await scene.eventually(() => scene.sourcesOnAir[0] === backup);
    expect(scene.states).toEqual(['starting', 'live']);
    expect(scene.server.transcoder.running).toBe(1);
  });

  it('has its backup on air when the primary stalls, and the primary again once that is steady', async () => {
    const { source } = await scene.goLive();
    const backup = new ScriptedSource(scene.nowMs);
    admitted(await scene.server.live.publish(scene.request({ backup: true }))).start(backup);
    scene.nowMs += 2100;
    backup.lastMediaAtMs = scene.nowMs;
    await scene.eventually(() => scene.sourcesOnAir[0] === backup);
    source.lastMediaAtMs = scene.nowMs;
    await scene.eventually(() => scene.server.live.sources(scene.entry.id)[0]?.state === 'standby');
    scene.nowMs += 9000;
    source.lastMediaAtMs = backup.lastMediaAtMs = scene.nowMs;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(scene.sourcesOnAir).toEqual([backup]);
    scene.nowMs += 1500;
    source.lastMediaAtMs = backup.lastMediaAtMs = scene.nowMs;
    await scene.eventually(() => scene.sourcesOnAir[0] === source);
    expect(scene.server.live.ingestEvents(scene.entry.id).map(({ kind }) => kind)).toEqual([
      'connected',
      'onAir',
      'connected',
      'switched',
      'switched',
    ]);
  });
});
