import { useNow } from '../../../ui/useNow.ts';
import { timeLeft } from './keyLifetime.ts';

/** In words, kept up to date; undefined when it is over. */
export function useTimeLeft(expiresAt: string): string | undefined {
  return timeLeft(expiresAt, useNow(10_000));
}
