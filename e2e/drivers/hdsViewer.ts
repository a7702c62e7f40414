/** What a bootstrap says is there. */
export interface HdsWindow {
  readonly live: boolean;
  /** The end of the presentation is marked. */
  readonly ended: boolean;
  /** Numbers, oldest first. */
  readonly fragments: readonly number[];
}

/** A player of Adobe HTTP Dynamic Streaming as the world has them: reads the manifest once, then bootstraps and fragments. */
export class HdsViewer {
  readonly streamType: string;
  readonly #media: string;
  readonly #bootstrap: string;

  private constructor(manifestUrl: string, manifest: string, media: string) {
    const found = (pattern: RegExp) => {
      const [, text] = pattern.exec(manifest) ?? [];
      if (text === undefined) throw new Error(`${pattern} is not in ${manifest}`);
      return text;
    };
    this.streamType = found(/<streamType>(\w+)</);
    this.#media = new URL(media, manifestUrl).href;
    this.#bootstrap = new URL(found(/<bootstrapInfo [^>]*url="([^"]*)"/), manifestUrl).href;
  }

  static async open(manifestUrl: string): Promise<HdsViewer>;
  /** Undefined when there are not so many renditions. */
  static async open(manifestUrl: string, rendition: number): Promise<HdsViewer | undefined>;
  static async open(manifestUrl: string, rendition?: number): Promise<HdsViewer | undefined> {
    const manifest = (await download(manifestUrl)).toString();
    const media = [...manifest.matchAll(/<media [^>]*url="([^"]*)"/g)].map(([, url = '']) => url);
    if (rendition !== undefined && media[rendition] === undefined) return undefined;
    return new HdsViewer(manifestUrl, manifest, media[rendition ?? 0] ?? '');
  }

  async bootstrap(): Promise<HdsWindow> {
    const abst = await download(this.#bootstrap);
    const asrt = abst.indexOf('asrt') + 4;
    const count = abst.readUInt32BE(asrt + 4 + 1 + 4 + 4);
    const afrt = abst.indexOf('afrt') + 4;
    const first = abst.readUInt32BE(afrt + 4 + 4 + 1 + 4);
    // The last run, if it is a mark: no duration, and the kind of discontinuity.
    const ended = abst.readUInt32BE(abst.length - 5) === 0 && abst.at(-1) === 0;
    return {
      live: (abst[16]! & 0x20) !== 0,
      ended,
      fragments: Array.from({ length: count }, (_, index) => first + index),
    };
  }

  /** The fragments' media behind each other, as an FLV file. */
  async flv(fragments: readonly number[]): Promise<Buffer> {
    const parts: Buffer[] = [Buffer.from('464c5601050000000900000000', 'hex')];
    for (const number of fragments) {
      const fragment = await download(`${this.#media}Seg1-Frag${number}`);
      parts.push(fragment.subarray(fragment.indexOf('mdat') + 4));
    }
    return Buffer.concat(parts);
  }
}

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
