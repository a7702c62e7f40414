import { hash } from 'node:crypto';
import type { Manifest } from './packager.ts';

const defaultLimitBytes = 32 * 1024 * 1024;
/** Links to CMAF media and playlists end in one of these, before a quote or the end of the line. */
const cmafLinkEnd = /\.(?:m4s|mp4|m3u8)(?=["\n])/g;

/** Manifests with a query appended to each link; those asked for last are kept, up to a number of bytes. */
export class QueriedManifests {
  readonly #limitBytes: number;
  readonly #linkEnd: RegExp;
  readonly #kept = new Map<string, Manifest>();
  #keptBytes = 0;

  /** `linkEnd` (global) matches where the query goes behind. */
  constructor(limitBytes = defaultLimitBytes, linkEnd = cmafLinkEnd) {
    this.#limitBytes = limitBytes;
    this.#linkEnd = linkEnd;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  with(plain: Manifest, query: string, escape: (text: string) => string = (text) => text): Manifest {
    if (query === '') return plain;
    const safeQuery = encodeLinkQuery(query);
    const tag = `${plain.tag}.${hash('sha1', safeQuery, 'base64url').slice(0, 10)}`;
    const kept = this.#kept.get(tag);
    if (kept) {
      this.#kept.delete(tag);
      this.#kept.set(tag, kept);
      return kept;
    }
    const suffix = `?${escape(safeQuery)}`;
    const body = Buffer.from(
      plain.body.toString('latin1').replaceAll(this.#linkEnd, (end) => end + suffix),
      'latin1',
    );
    const manifest = { ...plain, body, tag };
    this.#kept.set(tag, manifest);
    this.#keptBytes += body.length;
    this.#evict();
    return manifest;
  }

  #evict(): void {
    for (const [tag, { body }] of this.#kept) {
      if (this.#keptBytes <= this.#limitBytes) return;
      this.#kept.delete(tag);
      this.#keptBytes -= body.length;
    }
  }
}

/** Leaves nothing in it that could end an attribute, a line or a template of DASH (`$`). */
function encodeLinkQuery(query: string): string {
  return query.replaceAll(/[^A-Za-z0-9._~%=&+-]/gu, (character) =>
    character === "'" ? '%27' : encodeURIComponent(character.isWellFormed() ? character : '\ufffd'),
  );
}
