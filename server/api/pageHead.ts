import { createHash } from 'node:crypto';
import { escapeHtml } from './escapeHtml.ts';

export interface PageSubject {
  readonly title: string;
  readonly description: string;
  readonly url: string;
}

/** The page with its title and link-preview tags about one thing. */
export function withSubject(html: string, { title, description, url }: PageSubject): string {
  const tags = [
    ['og:type', 'video.other'],
    ['og:site_name', 'Tallylight'],
    ['og:title', title],
    ['og:description', description],
    ['og:url', url],
  ]
    .filter(([, content]) => content)
    .map(([property, content = '']) => `<meta property="${property}" content="${escapeHtml(content)}" />`)
    .join('');
  const titleTag = `<title>${escapeHtml(title)}</title>`;
  const titled = /<title>[^<]*<\/title>/i.test(html)
    ? html.replace(/<title>[^<]*<\/title>/i, () => titleTag)
    : html.replace(/<\/head>/i, (end) => titleTag + end);
  return titled.replace(/<\/head>/i, (end) => tags + end);
}

/** CSP sources that let a page's own inline scripts run. */
export function inlineScriptHashes(html: string): string[] {
  return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
}
