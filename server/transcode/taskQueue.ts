/**
 * A cut is waited for by its producer, and goes first; quick tasks have somebody waiting, too, but anybody may ask for as many
 * as he likes; long ones may take minutes and never hold all the places.
 */
const taskKinds = ['cut', 'quick', 'long'] as const;
export type TaskKind = (typeof taskKinds)[number];

export interface TaskQueueLimits {
  /** How many run at once, all kinds together. At least 2, so that one place stays for quick ones. Cuts have one more. */
  readonly running: number;
  /** Of each kind. */
  readonly waiting: number;
}

interface Waiting {
  readonly kind: TaskKind;
  readonly admit: () => void;
  readonly refuse: (reason: Error) => void;
}

/** There are too many waiting already. */
export class QueueFullError extends Error {
  constructor() {
    super('too many tasks are waiting');
  }
}

/** Who may run now: cuts first, then quick tasks, each kind in its order. */
export class TaskQueue {
  readonly #limits: TaskQueueLimits;
  readonly #running: Record<TaskKind, number> = { cut: 0, quick: 0, long: 0 };
  readonly #waiting = new Set<Waiting>();
  #closed: Error | undefined;

  constructor({ running, waiting }: TaskQueueLimits) {
    this.#limits = { running: Math.max(2, running), waiting };
  }

  /** Resolves when it is this one's turn, with what ends the turn. Rejects when there are too many, on abort, and when closed. */
  async enter(kind: TaskKind, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#closed) throw this.#closed;
    if (this.#hasPlace(kind)) return this.#start(kind);
    if (this.#count(kind) >= this.#limits.waiting) throw new QueueFullError();
    await this.#wait(kind, signal);
    return this.#leaver(kind);
  }

  /** Refuses those that wait, and whoever comes later. */
  close(reason: Error): void {
    this.#closed ??= reason;
    for (const waiting of this.#waiting) waiting.refuse(this.#closed);
    this.#waiting.clear();
  }

  #wait(kind: TaskKind, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.delete(waiting);
        reject(signal?.reason as Error);
      };
      const done = (settle: () => void) => {
        signal?.removeEventListener('abort', onAbort);
        settle();
      };
      const waiting: Waiting = {
        kind,
        admit: () => done(resolve),
        refuse: (reason) => done(() => reject(reason)),
      };
      this.#waiting.add(waiting);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #hasPlace(kind: TaskKind): boolean {
    const { cut, quick, long } = this.#running;
    const free = this.#limits.running - cut - quick - long;
    if (kind === 'cut') return free > -1;
    return free > 0 && (kind === 'quick' || long < this.#limits.running - 1);
  }

  #count(kind: TaskKind): number {
    let count = 0;
    for (const waiting of this.#waiting) if (waiting.kind === kind) count += 1;
    return count;
  }

  #start(kind: TaskKind): () => void {
    this.#running[kind] += 1;
    return this.#leaver(kind);
  }

  #leaver(kind: TaskKind): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#running[kind] -= 1;
      this.#admitNext();
    };
  }

  #admitNext(): void {
    for (const kind of taskKinds) {
      for (const waiting of this.#waiting) {
        if (waiting.kind !== kind || !this.#hasPlace(kind)) continue;
        this.#waiting.delete(waiting);
        this.#running[kind] += 1;
        waiting.admit();
      }
    }
  }
}
