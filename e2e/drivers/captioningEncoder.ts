import { connect, type Socket } from 'node:net';
import type { LiveEntry } from '../../shared/model/entry.ts';
import { firstStreamName } from '../../shared/urls.ts';
import { writeAmf0 } from '../../server/ingest/rtmp/amf/amf0Writer.ts';
import { newAmfObject } from '../../server/ingest/rtmp/amf/amfValue.ts';
import { encodeChunks, encodePublish } from '../../server/ingest/rtmp/encoder.fixture.ts';
import { messageTypes } from '../../server/ingest/rtmp/message.ts';
import { ccDataOf, popOn, tripletsOf } from '../../server/media/captions/captions.fixture.ts';
import { readTags, type FlvTag } from '../../server/media/captions/captionedFlv.fixture.ts';

/** How often what has become due is sent. */
const turnMs = 20;
const captionMs = 2000;

/**
 * An encoder that sends captions beside its media, as `onCaptionInfo`, which neither ffmpeg nor GStreamer can: it plays
 * an FLV file out in real time, with `CAPTION 1`, `CAPTION 2` … every two seconds.
 */
export class CaptioningEncoder {
  readonly #socket: Socket;
  readonly #tags: readonly FlvTag[];
  readonly #startedAtMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  #sent = 0;
  #captions = 0;
  /** Why the server closed the connection before it was stopped. */
  error: Error | undefined;

  private constructor(socket: Socket, tags: readonly FlvTag[]) {
    this.#socket = socket;
    this.#tags = tags;
    this.#timer = setInterval(() => this.#send(), turnMs);
  }

  static publish(entry: LiveEntry, flv: Buffer): CaptioningEncoder {
    if (!entry.ingest) throw new Error('the entry shows no ingest settings');
    const { hostname, port, pathname, search } = new URL(entry.ingest.primaryUrl);
    const socket = connect(Number(port), hostname);
    socket.resume();
    socket.write(encodePublish(pathname.slice(1), `${firstStreamName(entry.ingest.streamName)}${search}`));
    const encoder = new CaptioningEncoder(socket, readTags(flv));
    socket.on('error', (error) => (encoder.error = error));
    return encoder;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#socket.destroy();
  }

  #send(): void {
    const nowMs = performance.now() - this.#startedAtMs;
    for (let tag = this.#tags[this.#sent]; tag && tag.timestampMs <= nowMs; tag = this.#tags[++this.#sent])
      if (tag.type === messageTypes.audio || tag.type === messageTypes.video)
        this.#write(tag.type, tag.timestampMs, tag.body);
    for (; this.#captions * captionMs <= nowMs; this.#captions++) {
      const triplets = tripletsOf(popOn({ row: 15, column: 8, text: `CAPTION ${this.#captions + 1}` }));
      const data = Buffer.from(ccDataOf(triplets)).toString('base64');
      const info = Object.assign(newAmfObject(), { type: '708', data });
      this.#write(messageTypes.amf0Metadata, this.#captions * captionMs, writeAmf0('onCaptionInfo', info));
    }
  }

  #write(type: number, timestampMs: number, payload: Buffer): void {
    const chunkStreamId = type === messageTypes.video ? 6 : 4;
    this.#socket.write(
      encodeChunks({ type, payload, chunkStreamId, streamId: 1, field: timestampMs, chunkBytes: 60_000 }),
    );
  }
}
