import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import {
  certificate, closed, closeOpened, decode, directory, key, name, password, publish, publishWithGStreamer,
  removeCertificate, start, username,
} from './server.fixture.ts'; // prettier-ignore

afterEach(closeOpened);
afterAll(removeCertificate);

describe('RTMPS', () => {
  it('takes a broadcast of ffmpeg, and asks it for user name and password', async () => {
    const { server, nextVisit } = await start();
    for (const [secret, rest] of [
      ['', `live?token=${key}`],
      [`${username}:${password}@`, 'live?auth=adobe'],
    ]) {
      const visiting = nextVisit();
      const encoder = publish(`rtmps://${secret}127.0.0.1:${server.securePort}/${rest}/${name}`, { seconds: 1 });
      const visit = await visiting;
      expect(visit.request).toMatchObject({ protocol: 'rtmps', remoteAddress: '127.0.0.1', streamName: name });
      expect(await decode(await visit.started.promise)).toMatchObject({ code: 0, errors: '' });
      expect(await encoder.finished).toEqual({ code: 0, output: '' });
    }
  });

  it('takes a broadcast of GStreamer that checks the certificate’s name', async () => {
    const { server, nextVisit } = await start();
    const visiting = nextVisit();
    const url = `rtmps://localhost:${server.securePort}/live?token=${key}/${name}`;
    const encoder = publishWithGStreamer('rtmp2sink tls-validation-flags=bad-identity', url);
    expect((await visiting).request.protocol).toBe('rtmps');
    expect((await encoder.finished).code).toBe(0);
  });

  it('speaks TLS 1.2 and newer only', async () => {
    const { server } = await start();
    const options = { port: server.securePort, host: '127.0.0.1', rejectUnauthorized: false };
    const shake = async (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string | null> => {
      const ciphers = version === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {};
      const socket = connectTls({ ...options, ...ciphers, minVersion: version, maxVersion: version });
      await once(socket, 'secureConnect');
      const protocol = socket.getProtocol();
      socket.destroy();
      return protocol;
    };
    expect([await shake('TLSv1.2'), await shake('TLSv1.3')]).toEqual(['TLSv1.2', 'TLSv1.3']);
    await expect(shake('TLSv1.1')).rejects.toThrow(/alert protocol version|ECONNRESET/);
  });

  it('shows a new certificate to those who come after it', async () => {
    const { server } = await start();
    const shown = async (): Promise<string> => {
      const socket = connectTls({ port: server.securePort, host: '127.0.0.1', rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    const before = await shown();
    await rm(join(directory, 'selfSigned.crt'));
    await certificate.look();
    expect(await shown()).not.toBe(before);
  });

  it('counts those whose handshake goes nowhere, together with plain ones, and closes them', async () => {
    const { server } = await start({ connectionsPerAddress: 2, handshakeSeconds: 0.5 });
    const silent = connect(server.securePort, '127.0.0.1');
    const plain = connect(server.port, '127.0.0.1');
    await Promise.all([once(silent, 'connect'), once(plain, 'connect')]);
    const third = connect(server.securePort, '127.0.0.1');
    await closed(third);
    expect([silent.destroyed, plain.destroyed]).toEqual([false, false]);
    silent.resume();
    await closed(silent);
    plain.destroy();
  });

  it('survives nonsense in place of TLS, and closes in the middle of a handshake', async () => {
    const { server } = await start();
    const nonsense = connect(server.securePort, '127.0.0.1', () => nonsense.write(Buffer.alloc(5000, 0x16)));
    nonsense.resume();
    await closed(nonsense);
    const half = connect(server.securePort, '127.0.0.1', () => half.write(Buffer.of(0x16, 3, 1)));
    half.resume();
    await once(half, 'connect');
    const gone = closed(half);
    await server.close();
    await expect(gone).resolves.toBeUndefined();
  });
});
