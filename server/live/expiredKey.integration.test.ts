import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredEntry } from '../catalog/entries.ts';
import type { PublisherLogin, PublishRequest } from '../ingest/publishGate.ts';
import { admitted, LiveScene } from './liveScene.fixture.ts';

function knowing({ id, ingest }: StoredEntry, password = ingest.password) {
  return { username: id, matches: (expected: string) => expected === password };
}

function proofs(of: StoredEntry): [string, Partial<PublishRequest>][] {
  return [
    ['RTMP’s token', { token: of.ingest.password }],
    ['RTSP’s user name and password', { protocol: 'rtsp', token: undefined, credentials: knowing(of) }],
    ['WHIP’s token', { protocol: 'whip', streamName: of.id, token: of.ingest.whipToken }],
  ];
}

describe('a stream key that has expired', () => {
  let scene: LiveScene;

  const publish = (proof: Partial<PublishRequest> = {}) => scene.server.live.publish(scene.request(proof));
  const login = (credentials: PublisherLogin['credentials']) =>
    scene.server.live.authenticate({ protocol: 'rtmp', remoteAddress: '192.0.2.1', credentials });

  beforeEach(async () => {
    scene = await LiveScene.open();
    await scene.renewCredentials(scene.nowMs + 1000);
  });

  afterEach(() => scene.close());

  it('is refused with a sentence that says so, whatever it is shown by', async () => {
    scene.nowMs += 1000;
    const expired = {
      refused: 'streamKeyExpired',
      message: 'This stream key has expired; make a new one on the entry’s page.',
    };
    for (const [, proof] of proofs(scene.entry)) expect(await publish(proof)).toEqual(expired);
    expect(await login(knowing(scene.entry))).toEqual(expired);
    expect(scene.server.live.ingestEvents(scene.entry.id).at(-1)?.message).toContain('has expired');
    expect(scene.states).toEqual([]);
  });

  it('is not spoken of to a wrong key', async () => {
    scene.nowMs += 1000;
    expect(await publish({ token: 'wrong' })).toMatchObject({ refused: 'invalidStreamToken' });
    expect(await login(knowing(scene.entry, 'wrong'))).toMatchObject({ refused: 'invalidStreamToken' });
  });

  it('was let in before, does not end what runs, and gives way to the key that comes after it', async () => {
    expect(await login(knowing(scene.entry))).toBeUndefined();
    await scene.goLive();
    scene.nowMs += 1000;
    expect(scene.states).toEqual(['starting', 'live']);
    expect(scene.server.transcoder.running).toBe(1);
    await scene.server.live.end(scene.entry.id);
    await scene.renewCredentials();
    admitted(await publish());
  });
});
