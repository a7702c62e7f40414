import { attributesOf, type SdpMedia } from './description.ts';

export interface RtcpFeedback {
  readonly type: string;
  readonly parameter: string;
}

/** A payload type of an `m=` line with its `rtpmap`, `fmtp` and `rtcp-fb` lines. */
export interface OfferedCodec {
  readonly payloadType: number;
  /** Lower case, without the kind: `h264`. */
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly rtcpFeedback: readonly RtcpFeedback[];
}

const mapLine = /^(\d{1,3}) ([\w.-]{1,32})\/(\d{1,6})(?:\/(\d{1,2}))?\s*$/;

/** Codecs in the order of the `m=` line, which is the offerer's preference. Static payload types are not WebRTC's. */
export function readCodecs(section: SdpMedia): OfferedCodec[] {
  const maps = new Map<number, RegExpExecArray>();
  for (const line of attributesOf(section.attributes, 'rtpmap')) {
    const map = mapLine.exec(line);
    if (map) maps.set(Number(map[1]), map);
  }
  const parameters = readParameters(section);
  const feedback = readFeedback(section);
  return [...new Set(section.formats)].slice(0, 128).flatMap((format) => {
    const payloadType = Number(format);
    const [, , name, clockRate, channels] = maps.get(payloadType) ?? [];
    if (!name || payloadType > 127) return [];
    return [
      {
        payloadType,
        name: name.toLowerCase(),
        clockRate: Number(clockRate),
        channels: Number(channels ?? 1),
        parameters: parameters.get(payloadType) ?? {},
        rtcpFeedback: [...(feedback.get(format) ?? []), ...(feedback.get('*') ?? [])],
      },
    ];
  });
}

function readParameters(section: SdpMedia): Map<number, Record<string, string>> {
  const byPayload = new Map<number, Record<string, string>>();
  for (const line of attributesOf(section.attributes, 'fmtp')) {
    const [, payload, text] = /^(\d{1,3}) (.*)$/.exec(line) ?? [];
    if (text === undefined) continue;
    const pairs = text.split(';').map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      return equals < 0
        ? [pair.trim(), '']
        : [pair.slice(0, equals).trim().toLowerCase(), pair.slice(equals + 1).trim()];
    });
    // A null prototype: names come from outside.
    byPayload.set(Number(payload), Object.assign(Object.create(null), Object.fromEntries(pairs)));
  }
  return byPayload;
}

function readFeedback(section: SdpMedia): Map<string, RtcpFeedback[]> {
  const byFormat = new Map<string, RtcpFeedback[]>();
  for (const line of attributesOf(section.attributes, 'rtcp-fb')) {
    const [, format, type, parameter = ''] = /^(\*|\d{1,3}) ([\w-]{1,32})(?: (\S{1,32}))?\s*$/.exec(line) ?? [];
    if (format === undefined || type === undefined) continue;
    const list = byFormat.get(format) ?? [];
    list.push({ type, parameter });
    byFormat.set(format, list);
  }
  return byFormat;
}
