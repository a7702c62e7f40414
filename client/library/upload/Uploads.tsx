import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { UploadQueue, type QueuedUpload } from './uploadQueue.ts';

const QueueContext = createContext<UploadQueue | undefined>(undefined);

/** Uploads go on while their producer looks at other pages. */
export function Uploads({ children }: { children: ReactNode }) {
  const [queue] = useState(() => new UploadQueue());
  useEffect(() => () => queue.close(), [queue]);
  return <QueueContext value={queue}>{children}</QueueContext>;
}

export function useUploads(): { readonly queue: UploadQueue; readonly uploads: readonly QueuedUpload[] } {
  const queue = use(QueueContext);
  if (!queue) throw new Error('no Uploads around this');
  return { queue, uploads: useSyncExternalStore(queue.subscribe, () => queue.uploads) };
}
