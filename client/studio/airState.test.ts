import { describe, expect, it } from 'vitest';
import { airState, startObstacle } from './airState.ts';

describe('airState', () => {
  it('is live only when viewers have a picture', () => {
    const onAir = { phase: 'onAir', sinceMs: 0 } as const;
    expect(airState(onAir, 'starting')).toBe('starting');
    expect(airState(onAir, 'idle')).toBe('starting');
    expect(airState(onAir, 'live')).toBe('live');
  });

  it('is our own connection’s otherwise, whatever another encoder does', () => {
    expect(airState({ phase: 'off' }, 'live')).toBe('off');
    expect(airState({ phase: 'failed', reason: '' }, 'interrupted')).toBe('failed');
  });
});

describe('startObstacle', () => {
  it('lets an interrupted broadcast be continued, but not another encoder’s be doubled', () => {
    expect(startObstacle('interrupted', true)).toBeNull();
    expect(startObstacle('ended', true)).toBeNull();
    expect(startObstacle('live', true)).toMatch(/another encoder/);
    expect(startObstacle('idle', false)).toMatch(/no picture/);
  });
});
