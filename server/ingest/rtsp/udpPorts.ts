import { createSocket, type Socket } from 'node:dgram';

const attempts = 20;

/** A pair of UDP ports for one track: RTP on an even one, RTCP on the next (RFC 3550 11). */
export class UdpPorts {
  readonly rtpPort: number;
  readonly rtcpPort: number;
  readonly #sockets: readonly [rtp: Socket, rtcp: Socket];
  readonly #peerAddress: string;
  #closed: Promise<void> | undefined;

  constructor(sockets: readonly [rtp: Socket, rtcp: Socket], peerAddress: string) {
    this.#sockets = sockets;
    this.#peerAddress = peerAddress;
    this.rtpPort = sockets[0].address().port;
    this.rtcpPort = sockets[1].address().port;
    // Such as a packet of ours that reached a closed port: the peer's end shows elsewhere.
    for (const socket of sockets) socket.on('error', () => undefined);
  }

  /** Packets of the announced peer; others are dropped. */
  listen(rtp: (bytes: Buffer) => void, rtcp: (bytes: Buffer) => void): void {
    for (const [index, take] of [rtp, rtcp].entries())
      this.#sockets[index]?.on('message', (bytes, { address }) => {
        if (plainAddress(address) === this.#peerAddress) take(bytes);
      });
  }

  sendRtcp(bytes: Buffer, port: number): void {
    this.#sockets[1].send(bytes, port, this.#peerAddress, () => undefined);
  }

  close(): Promise<void> {
    this.#closed ??= closeAll(this.#sockets);
    return this.#closed;
  }
}

/** An IPv4 address as such, also where IPv6 carried it. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:/i, '');
}

/** Rejects when the system has no such pair left. */
export async function openUdpPorts(localAddress: string, peerAddress: string): Promise<UdpPorts> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const first = await bind(localAddress, 0);
    if (!first) break;
    const { port } = first.address();
    const even = port % 2 === 0;
    const second = await bind(localAddress, even ? port + 1 : port - 1);
    if (second) return new UdpPorts(even ? [first, second] : [second, first], plainAddress(peerAddress));
    await closeAll([first]);
  }
  throw new Error('no pair of UDP ports is free');
}

function bind(address: string, port: number): Promise<Socket | undefined> {
  const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 1024 * 1024 });
  return new Promise((resolve) => {
    const failed = () => {
      socket.close();
      resolve(undefined);
    };
    socket.once('error', failed);
    socket.bind({ port, address }, () => {
      socket.off('error', failed);
      resolve(socket);
    });
  });
}

async function closeAll(sockets: readonly Socket[]): Promise<void> {
  await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
}
