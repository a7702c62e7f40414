import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveScene } from './liveScene.fixture.ts';

describe('an encoder that hangs with its connection open', () => {
  let scene: LiveScene;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    scene = await LiveScene.open();
  });

  afterEach(async () => {
    await scene.close();
    vi.useRealTimers();
  });

  it('interrupts the broadcast after five seconds, and continues it with its first media', async () => {
    const { source } = await scene.goLive();
    const broadcast = await scene.server.broadcasts.last(scene.entry.id);
    await scene.pass(5000);
    expect(scene.states).toEqual(['starting', 'live']);
    await scene.pass(500);
    expect(scene.states).toEqual(['starting', 'live', 'interrupted']);
    expect((await scene.server.broadcasts.last(scene.entry.id))?.interruptedAtMs).toBe(scene.nowMs - 250);
    expect(scene.server.live.broadcasts()).toEqual([{ entryId: scene.entry.id, broadcastId: broadcast?.id }]);
    await scene.pass(1000, source);
    await scene.server.transcoder.storeSegment(scene.nowMs);
    await scene.pass(250, source);
    expect(scene.states).toEqual(['starting', 'live', 'interrupted', 'live']);
    expect(await scene.server.broadcasts.last(scene.entry.id)).toEqual(broadcast);
    expect(scene.server.transcoder.starts).toBe(1);
    expect(scene.server.live.ingestEvents(scene.entry.id).map(({ kind }) => kind)).toContain('interrupted');
  });

  it('stays interrupted while nothing but old media come to be stored', async () => {
    await scene.goLive();
    await scene.pass(6000);
    await scene.server.transcoder.storeSegment(scene.nowMs);
    await scene.pass(250);
    expect(scene.states).toEqual(['starting', 'live', 'interrupted']);
  });

  it('does not interrupt it while a backup sends', async () => {
    await scene.goLive();
    const backup = await scene.publish({ backup: true });
    await scene.pass(10_000, backup.source);
    expect(scene.states).toEqual(['starting', 'live']);
    expect(scene.sourcesOnAir).toEqual([backup.source]);
  });

  it('gives its place to one that comes again, as soon as it has stalled', async () => {
    const hung = await scene.goLive();
    await scene.pass(2000);
    expect(await scene.server.live.publish(scene.request())).toMatchObject({ refused: 'alreadyBroadcasting' });
    await scene.pass(250);
    const { source } = await scene.publish();
    await scene.pass(500, source);
    expect(hung.reasons.join()).toContain('another one has taken its place');
    expect(scene.sourcesOnAir).toEqual([source]);
    expect(scene.states).toEqual(['starting', 'live']);
  });

  it('is thrown out at the end of the reconnect window, and the broadcast has ended', async () => {
    await scene.restart({ reconnectWindowSeconds: 0 });
    const { reasons } = await scene.goLive();
    const ended = once(scene.server.states, 'ended');
    await scene.pass(5500);
    await ended;
    expect(reasons).toEqual(['Nothing came for too long; the broadcast has ended.']);
    expect(scene.states).toEqual(['starting', 'live', 'interrupted', 'ended']);
    expect(scene.server.store.latest(scene.entry.id)?.ended).toBe(true);
    expect(scene.server.live.sources(scene.entry.id)).toEqual([]);
    await scene.goLive();
    expect(scene.states.slice(-2)).toEqual(['starting', 'live']);
  });

  it('is waited for beyond the window once it sends again', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
    await scene.restart({ reconnectWindowSeconds: 10 });
    const { source } = await scene.goLive();
    await scene.pass(15_000);
    await scene.pass(1500, source);
    expect(scene.states).toEqual(['starting', 'live', 'interrupted']);
    await scene.server.transcoder.storeSegment(scene.nowMs);
    await scene.pass(5000, source);
    expect(scene.states).toEqual(['starting', 'live', 'interrupted', 'live']);
  });
});
