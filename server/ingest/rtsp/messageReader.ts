import { ownBytes } from '../../media/ownBytes.ts';
import { type InterleavedPacket, RtspProtocolError, type RtspRequest } from './message.ts';

export interface MessageLimits {
  readonly lineBytes: number;
  readonly headBytes: number;
  readonly bodyBytes: number;
}

export type RtspMessage =
  | { readonly kind: 'request'; readonly request: RtspRequest }
  | { readonly kind: 'packet'; readonly packet: InterleavedPacket }
  /** An answer to a request of ours, which we never send. */
  | { readonly kind: 'answer' };

const dollar = 0x24;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const requestLine = /^([A-Za-z_]{1,32}) (\S+) RTSP\/1\.\d$/;
const headerName = /^[\w!#$%&'*+.^`|~-]{1,64}$/;
const maximumHeaders = 64;

/** Cuts the bytes of an RTSP connection into requests and interleaved packets, however they arrive. */
export class MessageReader {
  readonly #limits: MessageLimits;
  #bytes: Buffer = Buffer.alloc(0);
  /** Where to go on looking for the end of the head. */
  #searched = 0;

  constructor(limits: MessageLimits) {
    this.#limits = limits;
  }

  push(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
  }

  /** The next whole message. Throws an RtspProtocolError when there can be none. */
  next(): RtspMessage | undefined {
    this.#skipEmptyLines();
    if (this.#bytes.length === 0) return undefined;
    return this.#bytes[0] === dollar ? this.#packet() : this.#text();
  }

  #skipEmptyLines(): void {
    let start = 0;
    while (this.#bytes[start] === carriageReturn || this.#bytes[start] === lineFeed) start += 1;
    if (start > 0) this.#drop(start);
  }

  #drop(bytes: number): void {
    this.#bytes = this.#bytes.subarray(bytes);
    this.#searched = 0;
  }

  #packet(): RtspMessage | undefined {
    if (this.#bytes.length < 4) return undefined;
    const channel = this.#bytes.readUInt8(1);
    const end = 4 + this.#bytes.readUInt16BE(2);
    if (this.#bytes.length < end) return undefined;
    // Packets wait for others of their picture: a view would keep all that the socket brought with it.
    const payload = ownBytes(this.#bytes.subarray(4, end));
    this.#drop(end);
    return { kind: 'packet', packet: { channel, payload } };
  }

  #text(): RtspMessage | undefined {
    const end = this.#bytes.indexOf('\r\n\r\n', this.#searched, 'latin1');
    if (end === -1 || end > this.#limits.headBytes) {
      this.#checkUnfinished();
      return undefined;
    }
    const lines = this.#bytes.toString('utf8', 0, end).split('\r\n');
    if (lines.some((line) => line.length > this.#limits.lineBytes)) throw new RtspProtocolError('a line is too long');
    const headers = parseHeaders(lines.slice(1));
    const bodyBytes = parseLength(headers.get('content-length'));
    if (bodyBytes > this.#limits.bodyBytes) throw new RtspProtocolError('the body is too long');
    const bodyStart = end + 4;
    if (this.#bytes.length < bodyStart + bodyBytes) {
      this.#searched = end;
      return undefined;
    }
    const body = this.#bytes.subarray(bodyStart, bodyStart + bodyBytes);
    this.#drop(bodyStart + bodyBytes);
    return parseMessage(lines[0] ?? '', headers, body);
  }

  #checkUnfinished(): void {
    const { length } = this.#bytes;
    if (length > this.#limits.headBytes) throw new RtspProtocolError('the headers are too long');
    const firstLine = this.#bytes.indexOf(lineFeed);
    if (firstLine === -1 && length > this.#limits.lineBytes) throw new RtspProtocolError('a line is too long');
    // A first line of something else need not be waited out.
    if (firstLine !== -1 && !/ RTSP\/1\.\d\r$|^RTSP\/1\.\d /.test(this.#bytes.toString('latin1', 0, firstLine)))
      throw new RtspProtocolError('it does not speak RTSP 1.0');
    this.#searched = Math.max(0, length - 3);
  }
}

function parseHeaders(lines: readonly string[]): Map<string, string> {
  if (lines.length > maximumHeaders) throw new RtspProtocolError('there are too many headers');
  const headers = new Map<string, string>();
  let last: string | undefined;
  for (const line of lines) {
    // RFC 2326 15.1: a line that begins with a blank goes on where the last one ended.
    if (/^[ \t]/.test(line) && last !== undefined) {
      headers.set(last, `${headers.get(last)} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trimEnd().toLowerCase();
    if (!headerName.test(name)) throw new RtspProtocolError('a header is malformed');
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
    last = name;
  }
  return headers;
}

function parseLength(value: string | undefined): number {
  if (value === undefined) return 0;
  if (!/^\d{1,9}$/.test(value)) throw new RtspProtocolError('the content length is malformed');
  return Number(value);
}

function parseMessage(first: string, headers: ReadonlyMap<string, string>, body: Buffer): RtspMessage {
  if (/^RTSP\/1\.\d \d{3}\b/.test(first)) return { kind: 'answer' };
  const [, method, url] = requestLine.exec(first) ?? [];
  if (!method || !url) throw new RtspProtocolError('it does not speak RTSP 1.0');
  const sequence = headers.get('cseq');
  if (sequence === undefined || !/^\d{1,10}$/.test(sequence)) throw new RtspProtocolError('CSeq is missing');
  return { kind: 'request', request: { method, url, sequence, headers, body } };
}
