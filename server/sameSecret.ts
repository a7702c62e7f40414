import { hash, timingSafeEqual } from 'node:crypto';

/** Compares secrets in the same time however much of what was given is right, and however long it is. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'));
}
