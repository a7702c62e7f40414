import type { Refusal } from '../errors.ts';
import type { StoredBytes } from '../segments/timelineReader.ts';

/** What makes files of entries, to be kept by viewers. */
export interface EntryDownloads {
  find(request: { readonly entryId: string; readonly flavor: string | undefined }): Promise<
    | {
        readonly bytes: StoredBytes;
        readonly contentType: string;
        /** Content-Disposition */
        readonly disposition: string;
        /** Equal tags mean equal bytes. */
        readonly tag: string;
      }
    | Refusal
  >;
}
