import { describe, expect, it } from 'vitest';
import { ApiError, unreachable } from '../../api/apiError.ts';
import { backOffMs, isWorthRetrying } from './publishRules.ts';

describe('backOffMs', () => {
  it('doubles from half a second to eight', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((attempt) => backOffMs(attempt, () => 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 8000, 8000,
    ]);
    expect(backOffMs(1, () => 0)).toBe(375);
  });
});

describe('isWorthRetrying', () => {
  it('tries again when the network or the server is away, or our former session still lingers', () => {
    expect(isWorthRetrying(unreachable())).toBe(true);
    expect(isWorthRetrying(new TypeError('x'))).toBe(true);
    expect(isWorthRetrying(new ApiError('overloaded', 'x', 503))).toBe(true);
    expect(isWorthRetrying(new ApiError('tooManyRequests', 'x', 429))).toBe(true);
    expect(isWorthRetrying(new ApiError('alreadyBroadcasting', 'x', 409))).toBe(true);
  });

  it('gives up when the server says no', () => {
    expect(isWorthRetrying(new ApiError('invalidStreamToken', 'x', 401))).toBe(false);
    expect(isWorthRetrying(new ApiError('entryNotFound', 'x', 404))).toBe(false);
    expect(isWorthRetrying(new ApiError('notAcceptable', 'x', 406))).toBe(false);
  });
});
