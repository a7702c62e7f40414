import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** The settings of every port the server listens on. */
export const serverPorts = ['HTTP_PORT', 'RTMP_PORT', 'RTMPS_PORT', 'RTSP_PORT', 'WEBRTC_PORT'] as const;

/** A port that is free for TCP and UDP at this moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const socket = createSocket('udp4');
  const free = await new Promise<boolean>((resolve) => {
    socket.once('error', () => resolve(false));
    socket.bind(port, () => resolve(true));
  });
  socket.close();
  await new Promise((resolve) => server.close(resolve));
  return free ? port : await freePort();
}

/** A different free port for each name, as the environment has it. */
export async function freePorts<Name extends string>(names: readonly Name[]): Promise<Record<Name, string>> {
  const ports = new Set<number>();
  while (ports.size < names.length) ports.add(await freePort());
  const texts = [...ports].map(String);
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? ''])) as Record<Name, string>;
}
