import type { PublishCredentials } from '../../publishGate.ts';
import type { Application } from '../streamAddress.ts';
import { adobeResponse } from './adobeResponse.ts';
import { Challenges } from './challenges.ts';
import { KeylessConnects } from './keylessConnects.ts';
import { llnwResponse } from './llnwResponse.ts';
import { isSameSecret } from '../../../sameSecret.ts';

/** What `connect` is answered with. */
export type ConnectAnswer =
  | { readonly kind: 'accept' }
  /** With this description; encoders know what to do with it and connect again. */
  | { readonly kind: 'reject'; readonly description: string }
  /** Accept those who know the password; the others get this description. */
  | { readonly kind: 'check'; readonly credentials: PublishCredentials; readonly otherwise: string };

type Method = 'adobe' | 'llnw';

/** What is put into our answer must not end a pair or the answer. */
const plainUsername = /^[\w.@+-]{1,64}$/;

/** The three connections of `authmod=adobe` and `authmod=llnw`: asked to, told the challenge, judged. */
export class ConnectAuthenticator {
  readonly #challenges: Challenges;
  readonly #keyless: KeylessConnects;

  constructor(random: (bytes: number) => Buffer, now: () => number) {
    this.#challenges = new Challenges(random, now);
    this.#keyless = new KeylessConnects(now);
  }

  /** `origin` tells encoders apart that have not said anything yet: see encoderOrigin. */
  answer({ text, query, authentication }: Application, origin: string): ConnectAnswer {
    if (!authentication) return this.#askIfWanted(query, origin);
    const method = authentication.get('authmod');
    if (method !== 'adobe' && method !== 'llnw') return reject('[ code=403 need auth; authmod=adobe ] : ');
    const username = authentication.get('user');
    if (!username) return ask(method);
    this.#keyless.knowsTheWay(origin);
    if (!plainUsername.test(username)) return told(method, '?reason=nosuchuser');
    const response = authentication.get('response');
    if (response === undefined) return this.#challenge(method, username);
    return this.#judge(method, { text, username, response, authentication });
  }

  /** What has become of a stream that was published by who was let through at `connect`. */
  published(origin: string, { publishName, key }: { publishName: string; key: 'none' | 'wrong' | 'right' }): void {
    if (key === 'none') this.#keyless.cameWithoutKey(origin, publishName);
    else if (key === 'wrong') this.#keyless.knowsTheWay(origin);
    else this.#keyless.broughtRightToken(origin);
  }

  #askIfWanted(query: ReadonlyMap<string, string>, origin: string): ConnectAnswer {
    if (query.has('token')) return { kind: 'accept' };
    const wanted = query.get('auth');
    if (wanted === 'adobe' || wanted === 'llnw') return ask(wanted);
    return this.#keyless.shouldAsk(origin) ? ask('adobe') : { kind: 'accept' };
  }

  #challenge(method: Method, username: string): ConnectAnswer {
    const { salt, opaque } = this.#challenges.issue(username);
    const pairs = method === 'adobe' ? `&salt=${salt}&challenge=${opaque}&opaque=${opaque}` : `&nonce=${opaque}`;
    return told(method, `?reason=needauth&user=${username}${pairs}`);
  }

  #judge(
    method: Method,
    answer: {
      readonly text: string;
      readonly username: string;
      readonly response: string;
      readonly authentication: ReadonlyMap<string, string>;
    },
  ): ConnectAnswer {
    const { text: application, username, response, authentication } = answer;
    const opaque = authentication.get(method === 'adobe' ? 'opaque' : 'nonce') ?? '';
    const asked = this.#challenges.take(opaque);
    // Too old, or answered before: another question, rather than a verdict on the password.
    if (asked?.username !== username) return this.#challenge(method, username);
    const expected = (password: string): string =>
      method === 'adobe'
        ? adobeResponse(
            { username, salt: asked.salt, opaque, challenge: authentication.get('challenge') ?? '' },
            password,
          )
        : llnwResponse(
            {
              username,
              application,
              nonce: opaque,
              clientNonce: authentication.get('cnonce') ?? '',
              count: authentication.get('nc') ?? '',
            },
            password,
          );
    return {
      kind: 'check',
      credentials: { username, matches: (password) => isSameSecret(response, expected(password)) },
      otherwise: describe(method, `?reason=authfailed&opaque=${opaque}`),
    };
  }
}

function ask(method: Method): ConnectAnswer {
  return reject(`[ code=403 need auth; authmod=${method} ] : `);
}

function told(method: Method, what: string): ConnectAnswer {
  return { kind: 'reject', description: describe(method, what) };
}

function reject(what: string): ConnectAnswer {
  return { kind: 'reject', description: `[ AccessManager.Reject ] : ${what}` };
}

function describe(method: Method, what: string): string {
  return `[ AccessManager.Reject ] : [ authmod=${method} ] : ${what}`;
}
