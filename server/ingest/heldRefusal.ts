import type { PublishRefusal } from './publishGate.ts';

/** Waits until a refusal may be told, or until the publisher has gone and nobody would hear it. */
export async function heldRefusal({ heldMs = 0 }: PublishRefusal, gone: AbortSignal): Promise<void> {
  if (heldMs <= 0 || gone.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      gone.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, heldMs);
    gone.addEventListener('abort', end);
  });
}
