/** RTMP 5.4, 6.2, 7.1 */
export const messageTypes = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowAcknowledgementSize: 5,
  setPeerBandwidth: 6,
  audio: 8,
  video: 9,
  amf3Metadata: 15,
  amf3Command: 17,
  amf0Metadata: 18,
  amf0Command: 20,
  aggregate: 22,
} as const;

/** RTMP 7.1.7 */
export const userControlEvents = { streamBegin: 0, pingRequest: 6, pingResponse: 7 } as const;

export interface RtmpMessage {
  readonly type: number;
  readonly streamId: number;
  /** Milliseconds modulo 2^32. */
  readonly timestamp: number;
  readonly payload: Buffer;
}
