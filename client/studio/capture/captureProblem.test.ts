import { describe, expect, it } from 'vitest';
import { captureObstacle, captureProblemOf } from './captureProblem.ts';

describe('what keeps the camera away', () => {
  it('is first of all a page that is not secure, for then browsers show no devices at all', () => {
    expect(captureObstacle({ isSecureContext: false, hasMediaDevices: false })).toBe('insecure');
    expect(captureObstacle({ isSecureContext: true, hasMediaDevices: false })).toBe('unsupported');
    expect(captureObstacle({ isSecureContext: true, hasMediaDevices: true })).toBeNull();
  });

  it('is read from the browser’s error', () => {
    const named = (name: string) => captureProblemOf(new DOMException('x', name));
    expect(named('NotAllowedError')).toBe('denied');
    expect(named('NotFoundError')).toBe('noDevice');
    expect(named('NotReadableError')).toBe('busy');
    expect(named('InventedError')).toBe('unknown');
    expect(captureProblemOf('a string')).toBe('unknown');
  });
});
