import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseApplication } from '../streamAddress.ts';
import { adobeResponse } from './adobeResponse.ts';
import { ConnectAuthenticator } from './connectAuthenticator.ts';

const origin = 'one encoder';
const publishName = '0_aaaaaaaa_1';
const rejection = '[ AccessManager.Reject ] : ';

function start() {
  let now = 0;
  const authenticator = new ConnectAuthenticator(randomBytes, () => now);
  const connect = (app: string, from = origin) => {
    const application = parseApplication(app);
    if (!application) throw new Error('another application');
    return authenticator.answer(application, from);
  };
  const describe = (app: string, from = origin): string => {
    const answer = connect(app, from);
    return answer.kind === 'reject' ? answer.description : answer.kind;
  };
  return { authenticator, connect, describe, pass: (seconds: number) => (now += seconds * 1000) };
}

function pairsOf(description: string): Map<string, string> {
  return new Map(
    description
      .slice(description.indexOf('?') + 1)
      .split('&')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

/** The third connection's `app`, of a client with this password. */
function respond(description: string, password: string, app = 'live'): string {
  const [salt, opaque] = ['salt', 'opaque'].map((name) => pairsOf(description).get(name) ?? '') as [string, string];
  const response = adobeResponse({ username: 'pub', salt, opaque, challenge: 'rOH4Qw==' }, password);
  return `${app}?authmod=adobe&user=pub&challenge=rOH4Qw==&response=${response}&opaque=${opaque}`;
}

describe('ConnectAuthenticator', () => {
  it('asks, challenges and checks in three connections', () => {
    const { connect, describe } = start();
    expect(describe('live?auth=adobe')).toBe(`${rejection}[ code=403 need auth; authmod=adobe ] : `);
    const challenge = describe('live?auth=adobe?authmod=adobe&user=pub');
    expect(challenge).toMatch(
      /^\[ AccessManager\.Reject \] : \[ authmod=adobe \] : \?reason=needauth&user=pub&salt=\w+&challenge=\w+&opaque=\w+$/,
    );
    const answer = connect(respond(challenge, 's3cret', 'live?auth=adobe'));
    if (answer.kind !== 'check') throw new Error(answer.kind);
    expect(answer.credentials.username).toBe('pub');
    expect([answer.credentials.matches('s3cret'), answer.credentials.matches('other')]).toEqual([true, false]);
    expect(answer.otherwise).toBe(
      `${rejection}[ authmod=adobe ] : ?reason=authfailed&opaque=${pairsOf(challenge).get('opaque')}`,
    );
  });

  it('stays below what clients keep of a description, for the longest user name', () => {
    const { describe } = start();
    expect(describe(`live?authmod=adobe&user=${'u'.repeat(64)}`).length).toBeLessThan(250);
  });

  it('does not take an answer twice, late, or from another user', () => {
    const { connect, describe, pass } = start();
    const app = respond(describe('live?authmod=adobe&user=pub'), 's3cret');
    expect(connect(app).kind).toBe('check');
    expect(describe(app)).toContain('?reason=needauth&user=pub');
    const late = respond(describe('live?authmod=adobe&user=pub'), 's3cret');
    pass(31);
    expect(describe(late)).toContain('?reason=needauth&user=pub');
    const other = respond(describe('live?authmod=adobe&user=other'), 's3cret');
    expect(describe(other)).toContain('?reason=needauth&user=pub');
  });

  it('lets through who has a token, and who may still bring one', () => {
    const { connect } = start();
    for (const app of ['live', 'live/', 'live?i=1', 'live?token=t', 'live/?token=t&auth=adobe'])
      expect(connect(app)).toEqual({ kind: 'accept' });
  });

  it('asks who came without a key twice, whatever the address says', () => {
    const { authenticator, describe } = start();
    for (let time = 0; time < 2; time += 1) authenticator.published(origin, { publishName, key: 'none' });
    expect(describe('live?i=1')).toContain('need auth');
    expect(describe('live?i=1?authmod=adobe&user=pub')).toContain('?reason=needauth');
    expect(describe('live')).toBe('accept');
  });

  it('lets other software through that connects behind one that came without a key twice', () => {
    const { authenticator, describe } = start();
    for (let time = 0; time < 2; time += 1) authenticator.published(origin, { publishName, key: 'none' });
    expect(describe('live', 'another encoder')).toBe('accept');
    expect(describe('live')).toContain('need auth');
  });

  it('lets through who once brought the right token with its name, though it came without a key twice since', () => {
    const { authenticator, describe } = start();
    authenticator.published(origin, { publishName, key: 'right' });
    for (let time = 0; time < 2; time += 1) authenticator.published(origin, { publishName, key: 'none' });
    expect(describe('live')).toBe('accept');
  });

  it('knows no user whose name would break the answer, and no other method', () => {
    const { describe } = start();
    for (const user of ['a b', 'a=b', 'ü', 'u'.repeat(65)])
      expect(describe(`live?authmod=adobe&user=${user}`)).toBe(`${rejection}[ authmod=adobe ] : ?reason=nosuchuser`);
    for (const rest of ['other&user=pub', 'adobe', 'adobe&user='])
      expect(describe(`live?authmod=${rest}`)).toContain('code=403 need auth; authmod=adobe');
  });

  it('does not accept a response without opaque', () => {
    const { describe } = start();
    expect(describe('live?authmod=adobe&user=pub&challenge=a&response=b')).toContain('?reason=needauth');
    expect(describe('live?authmod=adobe&user=pub&challenge=a&response=&opaque=')).toContain('?reason=needauth');
  });
});
