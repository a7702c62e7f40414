import { hash } from 'node:crypto';
import type { Manifest, ManifestRequest } from './packager.ts';
import { RecentlyUsed } from '../media/recentlyUsed.ts';

const defaultLimitBytes = 32 * 1024 * 1024;

/** What links end in (global): the query goes behind what matches. */
interface LinkEnds {
  readonly media: RegExp;
  readonly manifests?: RegExp;
}

/**
 * Links to CMAF media, WebVTT and playlists end in these: lines, or attributes that hold links. A label may end like one.
 */
const cmafLinkEnds = {
  media: /\.(?:m4s|mp4|vtt)(?=["\n])(?<=(?:^|URI="|media="|initialization=")[^"#\n]*)/gm,
  manifests: /\.m3u8(?=["\n])(?<=(?:^|URI=")[^"#\n]*)/gm,
};

/** Manifests with a query appended to each link; those asked for last are kept, up to a number of bytes. */
export class QueriedManifests {
  readonly #linkEnds: LinkEnds;
  readonly #kept: RecentlyUsed<Manifest>;
  /** Bodies without any link to another manifest. */
  readonly #leaves = new WeakSet<Buffer>();

  constructor(limitBytes = defaultLimitBytes, linkEnds: LinkEnds = cmafLinkEnds) {
    this.#kept = new RecentlyUsed(limitBytes, ({ body }) => body.length);
    this.#linkEnds = linkEnds;
  }

  get keptBytes(): number {
    return this.#kept.bytes;
  }

  with(
    plain: Manifest,
    { query, rangeQuery = '' }: Pick<ManifestRequest, 'query' | 'rangeQuery'>,
    escape: (text: string) => string = (text) => text,
  ): Manifest {
    const media = suffixOf(query);
    const manifests = suffixOf([query, rangeQuery].filter((part) => part !== '').join('&'));
    if (manifests === '' || (media === '' && this.#leaves.has(plain.body))) return plain;
    const tag = `${plain.tag}.${hash('sha1', `${media} ${manifests}`, 'base64url').slice(0, 10)}`;
    const kept = this.#kept.get(tag);
    if (kept) return kept;
    const before = plain.body.toString('latin1');
    let text = before;
    const { media: mediaEnd, manifests: manifestEnd } = this.#linkEnds;
    if (media !== '') text = text.replaceAll(mediaEnd, (end) => end + escape(media));
    if (manifestEnd) text = text.replaceAll(manifestEnd, (end) => end + escape(manifests));
    if (text === before) {
      this.#leaves.add(plain.body);
      return plain;
    }
    // Not from Node's pool, of which each small buffer would keep a lot.
    const body = Buffer.allocUnsafeSlow(text.length);
    body.write(text, 'latin1');
    const manifest = { ...plain, body, tag };
    this.#kept.add(tag, manifest);
    return manifest;
  }
}

function suffixOf(query: string): string {
  return query === '' ? '' : `?${encodeLinkQuery(query)}`;
}

/** Leaves nothing in it that could end an attribute, a line or a template of DASH (`$`). */
function encodeLinkQuery(query: string): string {
  return query.replaceAll(/[^A-Za-z0-9._~%=&+-]/gu, (character) =>
    character === "'" ? '%27' : encodeURIComponent(character.isWellFormed() ? character : '\ufffd'),
  );
}
