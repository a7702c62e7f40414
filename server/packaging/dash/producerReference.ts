import { xmlAttributes } from '../xml.ts';

/** The server's own clock, below `/play/<entry>/dash/`, so that it holds for every host and port. */
export const utcTiming = `<UTCTiming${xmlAttributes({
  schemeIdUri: 'urn:mpeg:dash:utc:http-iso:2014',
  value: '../../time',
})}/>`;

export const producerReferenceId = 0;

/** When the encoder had what is at a position (ISO/IEC 23009-1 5.12): what latency is counted from. */
export function producerReferenceTime(wallClockMs: number, presentationTicks: number): string {
  const attributes = xmlAttributes({
    id: producerReferenceId,
    inband: 'true',
    type: 'encoder',
    wallClockTime: new Date(wallClockMs).toISOString(),
    presentationTime: presentationTicks,
  });
  return `<ProducerReferenceTime${attributes}>${utcTiming}</ProducerReferenceTime>`;
}
