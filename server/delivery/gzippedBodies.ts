import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);
/** Manifests are lines that differ in a number: higher levels cost more and gain little. */
const level = 3;

/** The gzip form of manifests, made once per body, off the event loop, and forgotten with the body. */
export class GzippedBodies {
  readonly #made = new WeakMap<Buffer, Promise<Buffer>>();

  of(body: Buffer): Promise<Buffer> {
    let made = this.#made.get(body);
    if (!made) {
      made = compress(body, { level });
      this.#made.set(body, made);
    }
    return made;
  }
}
