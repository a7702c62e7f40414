import type { Consumer, Producer, Router, RtpCapabilities, RtpCodecCapability } from 'mediasoup/types';

/** A sender report of the publisher: the wall clock it claims for an RTP timestamp. */
export interface SenderReport {
  readonly ssrc: number;
  /** Seconds since 1900, whole and fraction (2^-32). */
  readonly ntpSeconds: number;
  readonly ntpFraction: number;
  readonly rtpTimestamp: number;
}

export interface MediaTapOptions {
  readonly router: Router;
  readonly producers: readonly Producer[];
  readonly onRtp: (kind: 'audio' | 'video', packet: Buffer) => void;
  /** Not of simulcast, where timestamps are rewritten at every change of layer. */
  readonly onSenderReport: (kind: 'audio' | 'video', report: SenderReport) => void;
}

/** A copy of all media in this process: decrypted RTP, repaired where the sender could, in the order of arrival. */
export interface MediaTap {
  /** Lets media flow, beginning with a key frame. */
  start(): Promise<void>;
  requestKeyFrame(): void;
}

/** Lives as long as the router. */
export async function tapMedia({ router, producers, onRtp, onSenderReport }: MediaTapOptions): Promise<MediaTap> {
  const transport = await router.createDirectTransport();
  const consumers: Consumer[] = [];
  for (const producer of producers) {
    const { kind } = producer;
    producer.on('trace', ({ type, info }) => {
      const report = type === 'sr' ? senderReport(info) : undefined;
      if (report) onSenderReport(kind, report);
    });
    if (producer.type === 'simple') await producer.enableTraceEvent(['sr']);
    const consumer = await transport.consume({
      producerId: producer.id,
      rtpCapabilities: tapCapabilities(router.rtpCapabilities),
      paused: true,
    });
    consumer.on('rtp', (packet) => onRtp(kind, packet));
    consumers.push(consumer);
  }
  const video = consumers.find(({ kind }) => kind === 'video');
  return {
    async start() {
      await Promise.all(consumers.map((consumer) => consumer.resume()));
    },
    requestKeyFrame() {
      if (!video || video.closed) return;
      // Refused only when the consumer has just been closed.
      video.requestKeyFrame().catch(() => undefined);
    },
  };
}

/** Nothing is lost between the worker and this process, so nothing needs to be repaired or estimated there. */
function tapCapabilities({ codecs }: RtpCapabilities): RtpCapabilities {
  const feedback = (codec: RtpCodecCapability) =>
    codec.rtcpFeedback?.filter(({ type, parameter }) => (type === 'nack' ? parameter === 'pli' : type === 'ccm'));
  return {
    codecs: codecs
      ?.filter(({ mimeType }) => !mimeType.toLowerCase().endsWith('/rtx'))
      .map((codec) => Object.assign({}, codec, { rtcpFeedback: feedback(codec) })),
    headerExtensions: [],
  };
}

function senderReport(info: Record<string, unknown>): SenderReport | undefined {
  const { ssrc, ntpSec, ntpFrac, rtpTs } = info;
  return [ssrc, ntpSec, ntpFrac, rtpTs].every((value) => typeof value === 'number')
    ? ({ ssrc, ntpSeconds: ntpSec, ntpFraction: ntpFrac, rtpTimestamp: rtpTs } as SenderReport)
    : undefined;
}
