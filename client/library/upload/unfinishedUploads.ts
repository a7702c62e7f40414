import { useQuery } from '@tanstack/react-query';
import { useUploads } from './Uploads.tsx';

/** As long as the server keeps what nobody goes on with. */
const keptMs = 24 * 3600 * 1000;

export interface UnfinishedUpload {
  readonly key: string;
  readonly fileName: string;
  readonly sizeBytes: number;
}

/** Uploads this browser has begun and not finished, apart from those that are in the list: choosing the same file goes on. */
export function useUnfinishedUploads(): readonly UnfinishedUpload[] {
  const { uploads } = useUploads();
  const stored = useQuery({
    queryKey: ['unfinishedUploads', uploads.length, uploads.filter(({ state }) => state === 'done').length],
    queryFn: readUnfinished,
    staleTime: 0,
  });
  return (stored.data ?? []).filter(
    ({ fileName, sizeBytes }) =>
      !uploads.some((upload) => upload.fileName === fileName && upload.sizeBytes === sizeBytes),
  );
}

async function readUnfinished(): Promise<UnfinishedUpload[]> {
  const { defaultOptions } = await import('tus-js-client');
  const all = await defaultOptions.urlStorage.findAllUploads();
  return all
    .filter(({ creationTime }) => Date.now() - Date.parse(creationTime) < keptMs)
    .map(({ urlStorageKey, metadata, size }) => ({
      key: urlStorageKey,
      fileName: metadata['filename'] ?? '',
      sizeBytes: size ?? 0,
    }));
}
