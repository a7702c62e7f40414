import { hash } from 'node:crypto';
import type { Manifest } from './packager.ts';
import { RecentlyUsed } from './recentlyUsed.ts';

const defaultLimitBytes = 32 * 1024 * 1024;
/** Links to CMAF media and playlists end in one of these, before a quote or the end of the line. */
const cmafLinkEnd = /\.(?:m4s|mp4|m3u8)(?=["\n])/g;

/** Manifests with a query appended to each link; those asked for last are kept, up to a number of bytes. */
export class QueriedManifests {
  readonly #linkEnd: RegExp;
  readonly #kept: RecentlyUsed<Manifest>;

  /** `linkEnd` (global) matches where the query goes behind. */
  constructor(limitBytes = defaultLimitBytes, linkEnd = cmafLinkEnd) {
    this.#kept = new RecentlyUsed(limitBytes, ({ body }) => body.length);
    this.#linkEnd = linkEnd;
  }

  get keptBytes(): number {
    return this.#kept.bytes;
  }

  with(plain: Manifest, query: string, escape: (text: string) => string = (text) => text): Manifest {
    if (query === '') return plain;
    const safeQuery = encodeLinkQuery(query);
    const tag = `${plain.tag}.${hash('sha1', safeQuery, 'base64url').slice(0, 10)}`;
    const kept = this.#kept.get(tag);
    if (kept) return kept;
    const suffix = `?${escape(safeQuery)}`;
    const body = Buffer.from(
      plain.body.toString('latin1').replaceAll(this.#linkEnd, (end) => end + suffix),
      'latin1',
    );
    const manifest = { ...plain, body, tag };
    this.#kept.add(tag, manifest);
    return manifest;
  }
}

/** Leaves nothing in it that could end an attribute, a line or a template of DASH (`$`). */
function encodeLinkQuery(query: string): string {
  return query.replaceAll(/[^A-Za-z0-9._~%=&+-]/gu, (character) =>
    character === "'" ? '%27' : encodeURIComponent(character.isWellFormed() ? character : '\ufffd'),
  );
}
