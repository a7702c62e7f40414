export interface RtspRequest {
  readonly method: string;
  readonly url: string;
  readonly sequence: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
}

const maximumHeadBytes = 8192;
const requestLine = /^([A-Z_]{1,20}) (\S{1,512}) RTSP\/1\.0$/;

/** Reads RTSP requests without bodies, and skips interleaved packets (receiver reports) between them. */
export class RtspRequestReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** Undefined when what came is not RTSP. */
  push(bytes: Buffer): RtspRequest[] | undefined {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    const requests: RtspRequest[] = [];
    while (this.#bytes.length > 0) {
      if (this.#bytes[0] === 0x24) {
        if (this.#bytes.length < 4) return requests;
        const end = 4 + this.#bytes.readUInt16BE(2);
        if (this.#bytes.length < end) return requests;
        this.#bytes = this.#bytes.subarray(end);
        continue;
      }
      const end = this.#bytes.indexOf('\r\n\r\n');
      if (end < 0) return this.#bytes.length > maximumHeadBytes ? undefined : requests;
      const request = parseRequest(this.#bytes.toString('latin1', 0, Math.min(end, maximumHeadBytes)));
      if (!request) return undefined;
      requests.push(request);
      this.#bytes = this.#bytes.subarray(end + 4);
    }
    return requests;
  }
}

function parseRequest(head: string): RtspRequest | undefined {
  const [first = '', ...lines] = head.split('\r\n');
  const [, method, url] = requestLine.exec(first) ?? [];
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const sequence = headers.get('cseq');
  if (!method || !url || !sequence || !/^\d{1,10}$/.test(sequence) || Number(headers.get('content-length') ?? 0) > 0)
    return undefined;
  return { method, url, sequence, headers };
}
