/** An `a=` line: `a=<name>` or `a=<name>:<value>`. */
export interface SdpAttribute {
  readonly name: string;
  readonly value: string;
}

/** An `m=` section as written, nothing interpreted. */
export interface SdpMedia {
  readonly kind: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly attributes: readonly SdpAttribute[];
}

/** RFC 8866, as far as WebRTC uses it. */
export interface SessionDescription {
  readonly attributes: readonly SdpAttribute[];
  readonly media: readonly SdpMedia[];
}

const maximumMediaSections = 32;
const mediaLine = /^(\S{1,32}) (\d{1,5})(?:\/\d{1,5})? (\S{1,64}) (.+)$/;

/** Undefined when the text is not a session description. Unknown lines are skipped, as RFC 8866 5 asks. */
export function parseDescription(text: string): SessionDescription | undefined {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines[0] !== 'v=0') return undefined;
  const session: SdpAttribute[] = [];
  const media: (SdpMedia & { readonly attributes: SdpAttribute[] })[] = [];
  for (const line of lines) {
    if (line === '') continue;
    if (!/^[a-z]=/.test(line)) return undefined;
    if (line.startsWith('m=')) {
      const section = parseMediaLine(line.slice(2));
      if (!section || media.length === maximumMediaSections) return undefined;
      media.push(section);
    } else if (line.startsWith('a=')) {
      (media.at(-1)?.attributes ?? session).push(parseAttribute(line.slice(2)));
    }
  }
  return { attributes: session, media };
}

function parseMediaLine(text: string): (SdpMedia & { readonly attributes: SdpAttribute[] }) | undefined {
  const [, kind, port, protocol, formats] = mediaLine.exec(text) ?? [];
  if (kind === undefined || protocol === undefined || formats === undefined) return undefined;
  return { kind, port: Number(port), protocol, formats: formats.split(' '), attributes: [] };
}

export function parseAttribute(text: string): SdpAttribute {
  const colon = text.indexOf(':');
  return colon < 0 ? { name: text, value: '' } : { name: text.slice(0, colon), value: text.slice(colon + 1) };
}

/** The value of the first attribute of that name; an empty string for a property attribute. */
export function attributeOf(attributes: readonly SdpAttribute[], name: string): string | undefined {
  return attributes.find((attribute) => attribute.name === name)?.value;
}

export function attributesOf(attributes: readonly SdpAttribute[], name: string): string[] {
  return attributes.filter((attribute) => attribute.name === name).map((attribute) => attribute.value);
}
