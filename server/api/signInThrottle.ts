import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { emailKey } from '../catalog/emailKey.ts';
import { addressBlock } from '../addressBlock.ts';

const quarterHourSeconds = 900;

/**
 * Slows guessing down. Only failures count: a few for one account from one address, more for one address over all
 * accounts, and many for one account over all addresses. The last does not hold where the account has been
 * signed in to before, so that guessing from elsewhere keeps nobody out.
 */
export class SignInThrottle {
  readonly #pair = new RateLimiterMemory({ points: 6, duration: quarterHourSeconds });
  readonly #address = new RateLimiterMemory({ points: 30, duration: quarterHourSeconds });
  readonly #account = new RateLimiterMemory({ points: 100, duration: 4 * quarterHourSeconds });
  readonly #familiar = new RateLimiterMemory({ points: 1, duration: 7 * 86_400 });

  /** Counts an attempt as a failure until it has succeeded. Returns the seconds to wait when it may not be made. */
  async attempt(address: string, email: string): Promise<number | undefined> {
    const { block, account, pair } = keysOf(address, email);
    // In this order: an attempt that is stopped for its address does not count against the account.
    const wait = (await waitOf(this.#address, block)) ?? (await waitOf(this.#pair, pair));
    if (wait !== undefined || (await this.#familiar.get(pair)) !== null) return wait;
    return await waitOf(this.#account, account);
  }

  async succeeded(address: string, email: string): Promise<void> {
    const { block, account, pair } = keysOf(address, email);
    await this.#pair.delete(pair);
    await this.#address.reward(block);
    await this.#account.reward(account);
    await this.#familiar.set(pair, 1, 7 * 86_400);
  }
}

function keysOf(address: string, email: string): { block: string; account: string; pair: string } {
  const block = addressBlock(address);
  const account = emailKey(email);
  return { block, account, pair: `${block} ${account}` };
}

/** Seconds until the limiter lets this key in again; undefined when it does now. */
async function waitOf(limiter: RateLimiterMemory, key: string): Promise<number | undefined> {
  try {
    await limiter.consume(key);
    return undefined;
  } catch (error) {
    if (error instanceof Error) throw error;
    return Math.max(1, Math.ceil((error as RateLimiterRes).msBeforeNext / 1000));
  }
}
