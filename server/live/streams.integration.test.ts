import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { admitted, LiveScene, ScriptedSource } from './liveScene.fixture.ts';

describe('several streams of an entry', () => {
  let scene: LiveScene;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    scene = await LiveScene.open();
  });

  afterEach(async () => {
    await scene.close();
    vi.useRealTimers();
  });

  const second = () => ({ streamName: `${scene.entry.id}_2` });

  /** The second stream comes, and stays until it is on air beside the first. */
  async function join(source: ScriptedSource, afterMs = 2250) {
    const publisher = await scene.publish(second());
    await scene.pass(afterMs, source, publisher.source);
    expect(scene.sourcesOnAir).toEqual([source, publisher.source]);
    return publisher;
  }

  it('are on air together, and one that is lost leaves the others playing', async () => {
    const { source } = await scene.goLive();
    const { publication } = await join(source);
    publication.end('connection lost');
    await scene.pass(250, source);
    expect(scene.sourcesOnAir).toEqual([source]);
    expect(scene.states).toEqual(['starting', 'live']);
  });

  it('begin together when they come together', async () => {
    const first = admitted(await scene.server.live.publish(scene.request()));
    const { source } = await scene.publish(second());
    await scene.pass(250, source);
    expect(scene.sourcesOnAir).toEqual([]);
    const sources = [new ScriptedSource(scene.nowMs), source];
    first.start(sources[0]!);
    await scene.pass(250, ...sources);
    expect(scene.sourcesOnAir).toEqual(sources);
    expect(scene.server.transcoder.starts).toBe(1);
  });

  it('go on without the first, and with it again when it has come back', async () => {
    const { source, publication } = await scene.goLive();
    const { source: other } = await join(source);
    publication.end('connection lost');
    await scene.pass(250, other);
    expect(scene.sourcesOnAir).toEqual([other]);
    const { source: returned } = await scene.publish();
    await scene.pass(1500, other, returned);
    expect(scene.sourcesOnAir).toEqual([other]);
    await scene.pass(1000, other, returned);
    expect(scene.sourcesOnAir).toEqual([returned, other]);
    expect(scene.states).toEqual(['starting', 'live']);
  });

  it('are not waited for when there is nothing else', async () => {
    const { source, publication } = await scene.goLive();
    const { source: other } = await scene.publish(second());
    await scene.pass(1000, source, other);
    expect(scene.sourcesOnAir).toEqual([source]);
    publication.end('connection lost');
    await scene.pass(250, other);
    expect(scene.sourcesOnAir).toEqual([other]);
  });

  it('do not break off for one that comes and goes', async () => {
    const { source } = await scene.goLive();
    let { publication } = await join(source);
    const { starts } = scene.server.transcoder;
    for (let flap = 0; flap < 5; flap++) {
      publication.end('connection lost');
      await scene.pass(250, source);
      const returned = await scene.publish(second());
      ({ publication } = returned);
      await scene.pass(1750, source, returned.source);
    }
    expect(scene.sourcesOnAir).toEqual([source]);
    expect(scene.server.transcoder.starts - starts).toBe(1);
    expect(scene.states).toEqual(['starting', 'live']);
  });

  it('make one that has gone again wait longer each time', async () => {
    const { source } = await scene.goLive();
    const { publication } = await join(source);
    publication.end('connection lost');
    const returned = await scene.publish(second());
    await scene.pass(3500, source, returned.source);
    expect(scene.sourcesOnAir).toEqual([source]);
    await scene.pass(1000, source, returned.source);
    expect(scene.sourcesOnAir).toEqual([source, returned.source]);
  });

  it('throw one out whose key frames do not fit, and do not have it back at once', async () => {
    const { source } = await scene.goLive();
    const { reasons } = await join(source);
    scene.server.transcoder.request?.onMisaligned?.(1);
    await scene.pass(250, source);
    expect(scene.sourcesOnAir).toEqual([source]);
    expect(reasons.join()).toContain('key-frame interval');
    const { starts } = scene.server.transcoder;
    for (let attempt = 0; attempt < 5; attempt++) {
      const answer = await scene.server.live.publish(scene.request(second()));
      expect(answer).toMatchObject({ refused: 'badRequest' });
      expect('message' in answer && answer.message).toContain('key-frame interval');
      await scene.pass(1000, source);
    }
    expect(scene.server.transcoder.starts).toBe(starts);
    await scene.pass(56_000, source);
    await join(source, 4250);
  });

  it('are taken only where the profile keeps them as they are', async () => {
    await scene.server.entries.update(scene.entry.id, { profileId: 'cloud' });
    expect(await scene.server.live.publish(scene.request(second()))).toMatchObject({ refused: 'badRequest' });
  });
});
