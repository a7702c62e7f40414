import { statfs } from 'node:fs/promises';
import type { Logger } from '../../log.ts';
import { Listeners } from '../../listeners.ts';

/** Above the floor by this much the disk has room again: so that nothing starts and stops with every file. */
const roomAboveFloor = 1.1;

export interface DiskSpaceOptions {
  readonly directory: string;
  /** 0: there is no floor. */
  readonly floorBytes: number;
  readonly log: Logger;
  readonly intervalMs?: number;
  readonly measure?: (directory: string) => Promise<number>;
}

/** How much is free where media is stored, and whether that is less than the floor. */
export class DiskSpace {
  readonly #options: DiskSpaceOptions;
  readonly #measure: (directory: string) => Promise<number>;
  readonly #changed = new Listeners<boolean>();
  readonly #timer: NodeJS.Timeout;
  #freeBytes: number | undefined;
  #isLow = false;
  #failing = false;
  #measuring: Promise<void> | undefined;

  constructor(options: DiskSpaceOptions) {
    this.#options = options;
    this.#measure = options.measure ?? measureFreeBytes;
    this.#timer = setInterval(() => void this.look(), options.intervalMs ?? 5000).unref();
  }

  /** Undefined before the first look, or when the system does not say. */
  get freeBytes(): number | undefined {
    return this.#freeBytes;
  }

  /** Less is free than the floor: what is not needed for playing is not to be stored. */
  get isLow(): boolean {
    return this.#isLow;
  }

  /** Hears when the disk gets low (true), and when it has room again. */
  onChanged(listener: (isLow: boolean) => void): () => void {
    return this.#changed.add(listener);
  }

  /** Measures now. Never rejects. */
  look(): Promise<void> {
    this.#measuring ??= this.#look().finally(() => (this.#measuring = undefined));
    return this.#measuring;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#changed.clear();
  }

  async #look(): Promise<void> {
    const { directory, floorBytes, log } = this.#options;
    try {
      this.#freeBytes = await this.#measure(directory);
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) log.warn({ err: error }, 'free disk space is not known');
      this.#failing = true;
      return;
    }
    const isLow = this.#freeBytes < (this.#isLow ? floorBytes * roomAboveFloor : floorBytes);
    if (isLow === this.#isLow) return;
    this.#isLow = isLow;
    const figures = { freeBytes: this.#freeBytes, floorBytes };
    if (isLow) log.warn(figures, 'little disk space is left');
    else log.info(figures, 'the disk has room again');
    this.#changed.tell(isLow);
  }
}

async function measureFreeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
