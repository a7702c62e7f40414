export type PlayerEngine = 'auto' | 'shaka' | 'hlsjs';

/** A player page's address with the chosen engine. */
export function withEngine(address: string, engine: PlayerEngine): string {
  if (engine === 'auto') return address;
  const url = new URL(address);
  url.searchParams.set('engine', engine);
  return url.toString();
}

const entities: Record<string, string> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

function attribute(text: string): string {
  return text.replace(/[&"<>]/g, (character) => entities[character] ?? character);
}

/** An iframe that keeps 16:9 at the width it is given. */
export function embedCode(embedUrl: string, title: string): string {
  return [
    `<iframe src="${attribute(embedUrl)}"`,
    `  title="${attribute(title)}"`,
    '  style="width: 100%; aspect-ratio: 16 / 9; border: 0"',
    '  allow="autoplay; fullscreen; encrypted-media; picture-in-picture"',
    '  allowfullscreen></iframe>',
  ].join('\n');
}
