import type { Announcement } from './announcement.ts';
import type { RtspSource } from './rtspSource.ts';
import { chooseTransport } from './transportHeader.ts';
import { TrackReceiver, type UdpPath } from './trackReceiver.ts';
import { openUdpPorts } from './udpPorts.ts';

type Kind = 'video' | 'audio';

interface SetUpTrack {
  readonly kind: Kind;
  readonly receiver: TrackReceiver;
  readonly channels?: readonly [rtp: number, rtcp: number];
}

export type SetUpAnswer =
  | { readonly kind: 'accepted'; readonly transport: string }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string; readonly error?: unknown };

export interface Addresses {
  readonly localAddress: string;
  readonly remoteAddress: string;
}

/** The announced tracks of one encoder, as far as they have been set up. */
export class TrackSet {
  readonly #announcement: Announcement;
  readonly #source: RtspSource;
  readonly #monotonicNow: () => number;
  readonly #received: () => void;
  readonly #tracks: SetUpTrack[] = [];
  #closed = false;

  constructor(announcement: Announcement, source: RtspSource, monotonicNow: () => number, received: () => void) {
    this.#announcement = announcement;
    this.#source = source;
    this.#monotonicNow = monotonicNow;
    this.#received = received;
  }

  get isSetUp(): boolean {
    return this.#tracks.length > 0;
  }

  async setUp(url: string, baseUrl: string, transportHeader: string, addresses: Addresses): Promise<SetUpAnswer> {
    const kind = (['video', 'audio'] as const).find((one) => this.#isTrack(one, url, baseUrl));
    if (!kind) return { kind: 'refused', status: 404, reason: 'This track has not been announced.' };
    if (this.#tracks.some((track) => track.kind === kind))
      return { kind: 'refused', status: 455, reason: 'This track has been set up already.' };
    const transport = chooseTransport(transportHeader);
    if (!transport) return { kind: 'refused', status: 461, reason: 'Send RTP over UDP (unicast) or over TCP.' };
    if (transport.kind === 'tcp') {
      const channels = transport.channels ?? this.#freeChannels();
      const isTaken = this.#tracks.some((track) => track.channels?.some((channel) => channels.includes(channel)));
      if (isTaken) return { kind: 'refused', status: 461, reason: 'Another track has these channels.' };
      this.#tracks.push({ kind, receiver: this.#receiver(kind), channels });
      return accepted(`RTP/AVP/TCP;unicast;interleaved=${channels.join('-')};mode=record`);
    }
    const [clientRtpPort, clientRtcpPort] = transport.clientPorts;
    try {
      const ports = await openUdpPorts(addresses.localAddress, addresses.remoteAddress);
      this.#tracks.push({ kind, receiver: this.#receiver(kind, { ports, clientRtcpPort }) });
      const { rtpPort, rtcpPort } = ports;
      const server = `server_port=${rtpPort}-${rtcpPort}`;
      return accepted(`RTP/AVP;unicast;client_port=${clientRtpPort}-${clientRtcpPort};${server};mode=record`);
    } catch (error) {
      return { kind: 'refused', status: 461, reason: 'No UDP port is free; send RTP over TCP.', error };
    }
  }

  /** Media may come. */
  listen(): void {
    for (const { receiver } of this.#tracks) receiver.listen();
  }

  takeInterleaved(channel: number, bytes: Buffer): void {
    for (const { receiver, channels } of this.#tracks) {
      if (channels?.[0] === channel) receiver.takeRtp(bytes);
      else if (channels?.[1] === channel) receiver.takeRtcp(bytes);
    }
  }

  sendReceiverReports(ownSsrc: number): void {
    for (const { receiver } of this.#tracks) receiver.sendReceiverReport(ownSsrc);
  }

  /** Idempotent; never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#tracks.map(({ receiver }) => receiver.close()));
  }

  #receiver(kind: Kind, udp?: UdpPath): TrackReceiver {
    const { payloadType = 0, clockRate = 0 } = this.#announcement[kind] ?? {};
    return new TrackReceiver({
      payloadType,
      clockRate,
      monotonicNow: this.#monotonicNow,
      ...(udp && { udp }),
      packet: (packet) => {
        if (this.#closed) return;
        this.#received();
        this.#source.receive(kind, packet);
      },
      report: (report) => this.#source.receiveReport(kind, report),
    });
  }

  /** RFC 2326 C.1.1: `a=control` is a URL, or a part of one behind the announced one. */
  #isTrack(kind: Kind, url: string, baseUrl: string): boolean {
    const track = this.#announcement[kind];
    if (!track) return false;
    const isOnly = !this.#announcement.video || !this.#announcement.audio;
    const { control } = track;
    if (control === undefined || control === '*' || control === '') return isOnly && url.startsWith(baseUrl);
    return url === control || url.endsWith(`/${control}`);
  }

  #freeChannels(): [rtp: number, rtcp: number] {
    const taken = new Set(this.#tracks.flatMap(({ channels }) => channels ?? []));
    let first = 0;
    while (taken.has(first) || taken.has(first + 1)) first += 2;
    return [first, first + 1];
  }
}

function accepted(transport: string): SetUpAnswer {
  return { kind: 'accepted', transport };
}
