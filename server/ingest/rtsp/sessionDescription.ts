/** A media section of an SDP, with its first payload type. */
export interface MediaSection {
  readonly media: string;
  readonly payloadType: number;
  /** Upper case; empty when it is not said. */
  readonly encoding: string;
  readonly clockRate: number | undefined;
  readonly control: string | undefined;
  /** Of `a=fmtp`, by lower-case name. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** RFC 3551 6, as far as somebody may send it. */
const staticEncodings: Readonly<Record<number, string>> = {
  0: 'PCMU',
  8: 'PCMA',
  14: 'MPA',
  26: 'JPEG',
  32: 'MPV',
  33: 'MP2T',
};
const maximumLines = 500;

/** Undefined when the text is not a session description. */
export function readSections(text: string): MediaSection[] | undefined {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines[0]?.trim() !== 'v=0' || lines.length > maximumLines) return undefined;
  const groups: string[][] = [];
  for (const line of lines) {
    if (line.startsWith('m=')) groups.push([line]);
    else groups.at(-1)?.push(line);
  }
  const sections = groups.map((group) => readSection(group));
  return sections.every((section) => section !== undefined) ? sections : undefined;
}

function readSection([first = '', ...lines]: readonly string[]): MediaSection | undefined {
  const [, media, type] = /^m=(\w+) \d{1,5}(?:\/\d+)? \S+ (\d{1,3})(?: |$)/.exec(first) ?? [];
  if (media === undefined || type === undefined || Number(type) > 127) return undefined;
  const attribute = (name: string) => {
    const start = `a=${name}:`;
    return lines.find((line) => line.startsWith(start))?.slice(start.length);
  };
  const own = (name: string) => {
    const start = `a=${name}:${type} `;
    return lines.find((line) => line.startsWith(start))?.slice(start.length);
  };
  const [encoding = '', clockRate] = own('rtpmap')?.trim().split('/') ?? [];
  return {
    media,
    payloadType: Number(type),
    encoding: encoding.toUpperCase() || (staticEncodings[Number(type)] ?? ''),
    clockRate: clockRate !== undefined && /^\d{1,7}$/.test(clockRate) ? Number(clockRate) : undefined,
    control: attribute('control')?.trim(),
    parameters: readParameters(own('fmtp') ?? ''),
  };
}

function readParameters(text: string): Map<string, string> {
  return new Map(
    text.split(';').flatMap((pair): [string, string][] => {
      const equals = pair.indexOf('=');
      return equals === -1 ? [] : [[pair.slice(0, equals).trim().toLowerCase(), pair.slice(equals + 1).trim()]];
    }),
  );
}
