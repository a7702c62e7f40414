import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { Encoder } from './drivers/encoder.ts';
import { childrenNamed } from './drivers/processes.ts';
import { Producer } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';

const main = fileURLToPath(new URL('../server/main.ts', import.meta.url));

/** A server with a running broadcast, and the process ids of its children. */
async function broadcast() {
  const server = await ServerUnderTest.start();
  const producer = await Producer.signIn(server);
  const entry = await producer.createLiveEntry();
  const encoder = Encoder.publish(entry);
  await producer.waitForState(entry.id, 'live');
  const children = [
    ...(await childrenNamed(server.pid, 'ffmpeg')),
    ...(await childrenNamed(server.pid, 'mediasoup-worke')),
  ];
  return { server, entry, encoder, children };
}

test('SIGTERM ends a server with a running broadcast cleanly: exit code 0, no process left behind', async () => {
  const { server, entry, encoder, children } = await broadcast();
  expect(children.length).toBeGreaterThanOrEqual(2);
  expect(await server.end('SIGTERM')).toBe(0);
  for (const pid of children) expect(() => process.kill(pid, 0)).toThrow();
  expect(await encoder.ended).not.toBe(0);

  await server.run();
  const again = await Producer.signIn(server);
  expect((await again.entry(entry.id)).state).toBe('interrupted');
  await server.stop();
});

test('a kill -9 leaves no ffmpeg and no WebRTC worker behind', async () => {
  const { server, encoder, children } = await broadcast();
  await server.end('SIGKILL');
  await encoder.ended;
  for (const pid of children) {
    await expect(async () => expect(() => process.kill(pid, 0)).toThrow()).toPass({ timeout: 10_000 });
  }
  await server.stop();
});

for (const setting of ['HTTP_PORT', 'RTMP_PORT', 'RTMPS_PORT', 'RTSP_PORT', 'WEBRTC_PORT']) {
  test(`a second server on the same ${setting} says which port is busy and which setting changes it`, async () => {
    const server = await ServerUnderTest.start();
    const free = { HTTP_PORT: '0', RTMP_PORT: '0', RTMPS_PORT: '0', RTSP_PORT: '0', WEBRTC_PORT: '0' };
    const port = server.environment[setting] ?? '';
    const second = spawn(process.execPath, [main], {
      env: { ...process.env, ...server.environment, ...free, [setting]: port, DATA_DIR: `${server.dataDir}/second` },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    second.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const [code] = (await once(second, 'close')) as [number];
    expect(code).toBe(1);
    expect(complaint.trim().split('\n')).toHaveLength(1);
    expect(complaint).toContain(`Port ${port} is in use`);
    expect(complaint).toContain(`set ${setting} to another one.`);
    await server.stop();
  });
}

test('a setting that makes no sense stops the start with one line', async () => {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, HTTP_PORT: 'eighty' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
  expect(complaint.trim().split('\n')).toHaveLength(1);
  expect(complaint).toContain('HTTP_PORT');
});
