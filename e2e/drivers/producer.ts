import type { LiveEntry } from '../../shared/model/entry.ts';
import type { EntryState } from '../../shared/model/state.ts';
import { apiPrefix } from '../../shared/api/routes.ts';
import { adminEmail, adminPassword, type ServerUnderTest } from './server.ts';

/** Somebody who works with the API: creates entries and watches their state. */
export class Producer {
  readonly #server: ServerUnderTest;
  readonly token: string;

  private constructor(server: ServerUnderTest, token: string) {
    this.#server = server;
    this.token = token;
  }

  static async signIn(server: ServerUnderTest): Promise<Producer> {
    const response = await fetch(`${server.url}${apiPrefix}/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: adminEmail, password: adminPassword }),
    });
    const { token } = (await response.json()) as { token: string };
    return new Producer(server, token);
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#server.url}${apiPrefix}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.token}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  createLiveEntry(settings: Record<string, unknown> = {}): Promise<LiveEntry> {
    return this.call('POST', '/entries', {
      type: 'live',
      name: 'Test broadcast',
      profileId: 'passthrough',
      ...settings,
    });
  }

  entry(id: string): Promise<LiveEntry> {
    return this.call('GET', `/entries/${id}`);
  }

  /** Resolves as soon as the entry is in that state; rejects after `withinMs`. */
  async waitForState(id: string, state: EntryState, withinMs = 20_000): Promise<LiveEntry> {
    return await until(
      async () => {
        const entry = await this.entry(id);
        return entry.state === state ? entry : undefined;
      },
      `entry ${id} to be ${state}`,
      withinMs,
    );
  }
}

/** Asks again and again until there is an answer: for what only polling can tell from outside. */
export async function until<T>(ask: () => Promise<T | undefined>, what: string, withinMs = 20_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${withinMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
