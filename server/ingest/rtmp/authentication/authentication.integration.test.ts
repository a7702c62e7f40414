import { afterAll, afterEach, describe, expect, it } from 'vitest';
import {
  closeOpened, name, password, publish, publishWithGStreamer, removeCertificate, start, username,
} from '../server.fixture.ts'; // prettier-ignore

afterEach(closeOpened);
afterAll(removeCertificate);

describe('an encoder that is asked for user name and password', () => {
  const at = (port: number, secret: string, app = 'live?auth=adobe') =>
    `rtmp://${secret}127.0.0.1:${port}/${app}/${name}`;

  it.each(['adobe', 'llnw'])('takes ffmpeg with the right ones (%s)', async (method) => {
    const { server, nextVisit } = await start();
    const visiting = nextVisit();
    const encoder = publish(at(server.port, `${username}:${password}@`, `live?auth=${method}`), { seconds: 1 });
    expect((await visiting).request).toMatchObject({ streamName: name, credentials: { username } });
    expect(await encoder.finished).toEqual({ code: 0, output: '' });
  });

  it('takes GStreamer with the right ones', async () => {
    const { server, nextVisit } = await start();
    const visiting = nextVisit();
    const encoder = publishWithGStreamer('rtmp2sink', at(server.port, `${username}:${password}@`));
    expect((await visiting).request).toMatchObject({ streamName: name, backup: false });
    expect((await encoder.finished).code).toBe(0);
  });

  it('refuses wrong ones and none in words that ffmpeg shows', async () => {
    const { server, visits } = await start();
    const wrong = await publish(at(server.port, `${username}:wrong@`)).finished;
    expect(wrong.output).toContain('Incorrect username/password');
    const none = await publish(at(server.port, '')).finished;
    expect(none.output).toContain('No credentials set');
    expect([wrong.code, none.code, visits.length]).toEqual([1, 1, 0]);
  });

  it('asks an encoder that keeps coming without a key to the address without ?auth', async () => {
    const { server, visits } = await start();
    const plain = at(server.port, `${username}:${password}@`, 'live');
    for (let attempt = 1; attempt <= 2; attempt += 1)
      expect((await publish(plain, { seconds: 1 }).finished).output).toContain('The stream key is not right');
    expect((await publish(plain, { seconds: 1 }).finished).output).toBe('');
    expect(visits).toHaveLength(1);
  });
});
