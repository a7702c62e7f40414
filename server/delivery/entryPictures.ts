import type { Refusal } from '../errors.ts';

/** A still picture, or a list of them. */
export interface Picture {
  readonly body: Buffer;
  readonly contentType: string;
  /** Equal tags mean equal bytes: for ETag and caches. */
  readonly tag: string;
  readonly maxAgeSeconds: number;
}

/** What makes the pictures of entries: thumbnails and storyboards. */
export interface EntryPictures {
  picture(request: {
    readonly entryId: string;
    /** `thumbnail.jpg`, `storyboard.vtt`, `storyboard-<n>.jpg` */
    readonly name: string;
    readonly query: URLSearchParams;
    /** What links to other pictures have to carry, without `?`. */
    readonly linkQuery: string;
  }): Promise<Picture | Refusal>;
}
