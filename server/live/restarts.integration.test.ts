import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveScene } from './liveScene.fixture.ts';

describe('an encoder that changes what it sends', () => {
  let scene: LiveScene;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    scene = await LiveScene.open();
  });

  afterEach(async () => {
    await scene.close();
    vi.useRealTimers();
  });

  it('is read anew at once', async () => {
    const { source } = await scene.goLive();
    source.emit('changed');
    await scene.pass(250, source);
    expect(scene.server.transcoder).toMatchObject({ running: 1, starts: 2 });
  });

  it('is read anew less and less often when it goes on doing so', async () => {
    const { source, reasons } = await scene.goLive();
    for (let second = 0; second < 30; second++) {
      if (second % 4 === 0) source.emit('changed');
      await scene.pass(1000, source);
    }
    expect(scene.server.transcoder.starts).toBeLessThanOrEqual(6);
    expect(reasons).toEqual([]);
    await scene.pass(10_000, source);
    expect(scene.server.transcoder.running).toBe(1);
  });

  it('is thrown out, with advice, when it does nothing else', async () => {
    const { source, reasons } = await scene.goLive();
    for (let change = 0; change < 25; change++) {
      source.emit('changed');
      await scene.pass(250, source);
    }
    expect(reasons.join()).toContain('more than 20 times in a minute');
    expect(scene.server.transcoder.starts).toBeLessThanOrEqual(5);
    expect(scene.states).toEqual(['starting', 'live', 'interrupted']);
  });

  it('gives way to its backup meanwhile', async () => {
    const { source } = await scene.goLive();
    const backup = await scene.publish({ backup: true });
    for (let change = 0; change < 3; change++) {
      source.emit('changed');
      await scene.pass(250, source, backup.source);
    }
    expect(scene.sourcesOnAir).toEqual([backup.source]);
    await scene.pass(9000, source, backup.source);
    expect(scene.sourcesOnAir).toEqual([backup.source]);
    await scene.pass(3000, source, backup.source);
    expect(scene.sourcesOnAir).toEqual([source]);
  });
});
