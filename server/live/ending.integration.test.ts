import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveScene } from './liveScene.fixture.ts';

/** Makes the next call of a method wait until it is let go; `begun` settles when it has been called. */
function hold<Name extends string>(owner: Record<Name, (...values: never[]) => Promise<unknown>>, name: Name) {
  const begun = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const original = owner[name].bind(owner) as (...values: unknown[]) => Promise<unknown>;
  const methods = owner as unknown as Record<string, typeof original>;
  vi.spyOn(methods, name).mockImplementationOnce(async (...values) => {
    begun.resolve();
    await held.promise;
    return await original(...values);
  });
  return { begun: begun.promise, letGo: held.resolve };
}

describe('a broadcast that ends while an encoder comes', () => {
  let scene: LiveScene;

  beforeEach(async () => {
    scene = await LiveScene.open();
  });

  afterEach(async () => {
    await scene.close();
  });

  it('is followed by another one of that encoder, which is told as such', async () => {
    await scene.goLive();
    const first = await scene.server.broadcasts.last(scene.entry.id);
    const recorder = hold(scene.server.recorder, 'finish');
    const end = scene.server.live.end(scene.entry.id);
    await recorder.begun;
    scene.nowMs += 1000;
    const { source } = await scene.publish();
    recorder.letGo();
    await end;
    await scene.eventually(() => scene.sourcesOnAir[0] === source && scene.server.transcoder.running === 1);
    const isLive = once(scene.server.states, 'live');
    await scene.server.transcoder.storeSegment(scene.nowMs);
    await isLive;
    expect(scene.states).toEqual(['starting', 'live', 'ended', 'starting', 'live']);
    const second = await scene.server.broadcasts.last(scene.entry.id);
    expect(second?.id).not.toBe(first?.id);
    expect(second?.endedAtMs).toBeNull();
    expect(scene.server.changes.at(-1)?.broadcastId).toBe(second?.id);
    expect(scene.server.live.broadcasts()).toEqual([{ entryId: scene.entry.id, broadcastId: second?.id }]);
  });

  it('does not lose the encoder that comes while the entry goes back to rest', async () => {
    const { publication } = await scene.publish();
    await scene.eventually(() => scene.server.transcoder.running === 1);
    const last = hold(scene.server.broadcasts, 'last');
    publication.end('closed');
    await last.begun;
    const { source } = await scene.publish();
    last.letGo();
    await scene.eventually(() => scene.sourcesOnAir[0] === source);
    const isLive = once(scene.server.states, 'live');
    await scene.server.transcoder.storeSegment(scene.nowMs);
    await isLive;
    expect(scene.states.slice(-2)).toEqual(['starting', 'live']);
    expect(scene.server.live.sources(scene.entry.id)).toHaveLength(1);
    expect(await scene.server.live.publish(scene.request())).toMatchObject({ refused: 'alreadyBroadcasting' });
  });

  it('does not take the state that is still being stored for that of the next broadcast', async () => {
    await scene.goLive();
    const stored = hold(scene.server.entries, 'setState');
    const end = scene.server.live.end(scene.entry.id);
    await stored.begun;
    const { source } = await scene.publish();
    stored.letGo();
    await end;
    await scene.eventually(() => scene.sourcesOnAir[0] === source);
    const isLive = once(scene.server.states, 'live');
    await scene.server.transcoder.storeSegment(scene.nowMs);
    await isLive;
    expect(scene.states).toEqual(['starting', 'live', 'ended', 'starting', 'live']);
    expect((await scene.server.entries.get(scene.entry.id))?.state).toBe('live');
  });

  it('leaves no broadcast open whose media have no place', async () => {
    vi.spyOn(scene.server.store, 'write').mockRejectedValueOnce(new Error('the disk is full'));
    const { reasons } = await scene.publish();
    await scene.eventually(() => reasons.length > 0);
    await scene.eventually(() => scene.states.at(-1) !== 'starting');
    expect(reasons).toEqual(['The server could not start this broadcast.']);
    expect(await scene.server.broadcasts.open()).toEqual([]);
    await scene.goLive();
    expect(scene.states.at(-1)).toBe('live');
  });
});
