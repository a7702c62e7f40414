/** An element with text, or with elements in their order. */
export interface XmlElement {
  readonly name: string;
  readonly content: string | readonly XmlElement[];
}

export function element(name: string, content: string | number | readonly XmlElement[] = ''): XmlElement {
  return { name, content: typeof content === 'number' ? String(content) : content };
}

export function writeXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, '')}`;
}

function write({ name, content }: XmlElement, indent: string): string {
  if (typeof content === 'string') return `${indent}<${name}>${escapeText(content)}</${name}>\n`;
  const children = content.map((child) => write(child, `${indent}  `)).join('');
  return `${indent}<${name}>\n${children}${indent}</${name}>\n`;
}

/** A carriage return has to be escaped to survive; what XML cannot hold at all is replaced. XML 1.0 2.2, 2.11 */
function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}
