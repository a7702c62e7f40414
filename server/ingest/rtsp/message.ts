/** RFC 2326 6 */
export interface RtspRequest {
  readonly method: string;
  readonly url: string;
  /** CSeq, which the answer repeats. */
  readonly sequence: string;
  /** By lower-case name; values of one name are joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** RFC 2326 10.12: RTP or RTCP on the RTSP connection. */
export interface InterleavedPacket {
  readonly channel: number;
  /** A view. */
  readonly payload: Buffer;
}

export interface RtspAnswer {
  readonly status: number;
  /** Encoders show it to their operators. */
  readonly reason: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

/** What came is not RTSP, or too much of it: the connection ends. */
export class RtspProtocolError extends Error {}

export function writeAnswer(sequence: string | undefined, { status, reason, headers = [] }: RtspAnswer): string {
  const lines = [
    `RTSP/1.0 ${status} ${oneLine(reason)}`,
    ...(sequence === undefined ? [] : [`CSeq: ${sequence}`]),
    ...headers.map(([name, value]) => `${name}: ${oneLine(value)}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\0]+/g, ' ');
}
