import type { DetailedError, PreviousUpload, Upload } from 'tus-js-client';
import { apiPrefix } from '../../../shared/api/routes.ts';

/** Answered with the last byte. */
const entryHeader = 'Upload-Entry';
/** At half a megabit per second a piece takes as long as the server waits for one request. */
const pieceBytes = 4 * 1024 * 1024;
const retryDelaysMs = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000, 60_000, 60_000, 60_000];

export interface TransferAbout {
  readonly name: string;
  readonly profileId: string;
}

export interface TransferListener {
  onSent(bytes: number): void;
  /** The connection was lost, and is tried again. */
  onRetry(): void;
  onDone(entryId: string | undefined): void;
  /** What a person can do about it; `again` when trying again may help. */
  onFailed(failure: { readonly message: string; readonly entryId?: string; readonly again: boolean }): void;
}

/** One file on its way, which goes on where it stopped: in this page or another one, today or tomorrow. */
export class UploadTransfer {
  readonly #upload: Upload;

  private constructor(upload: Upload) {
    this.#upload = upload;
  }

  static async start(file: File, about: TransferAbout, listener: TransferListener): Promise<UploadTransfer> {
    const tus = await import('tus-js-client');
    const upload = new tus.Upload(file, {
      endpoint: `${apiPrefix}/uploads`,
      chunkSize: pieceBytes,
      retryDelays: retryDelaysMs,
      metadata: { filename: file.name, name: about.name, profileId: about.profileId },
      removeFingerprintOnSuccess: true,
      onProgress: (sent) => listener.onSent(sent),
      onShouldRetry: (error) => {
        const again = mayHelp(error);
        if (again) listener.onRetry();
        return again;
      },
      onSuccess: ({ lastResponse }) => listener.onDone(lastResponse.getHeader(entryHeader) ?? undefined),
      onError: (error) => listener.onFailed(readFailure(error)),
    });
    const [previous] = (await upload.findPreviousUploads()).toSorted(newestFirst);
    if (previous) upload.resumeFromPreviousUpload(previous);
    upload.start();
    return new UploadTransfer(upload);
  }

  async pause(): Promise<void> {
    await this.#upload.abort();
  }

  resume(): void {
    this.#upload.start();
  }

  /** The server forgets it as well. */
  async cancel(): Promise<void> {
    await this.#upload.abort(true);
  }
}

function newestFirst(a: PreviousUpload, b: PreviousUpload): number {
  return Date.parse(b.creationTime) - Date.parse(a.creationTime);
}

/** No answer, one from something in between, or one that says "later". */
function mayHelp({ originalResponse }: Pick<DetailedError, 'originalResponse'>): boolean {
  const status = originalResponse?.getStatus() ?? 0;
  return status < 400 || status === 408 || status === 409 || status === 423 || (status >= 500 && status !== 507);
}

function readFailure(error: Error | DetailedError): {
  readonly message: string;
  readonly entryId?: string;
  readonly again: boolean;
} {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  if (!response || response.getStatus() === 0)
    return { message: 'The server cannot be reached. What has arrived is kept for a day.', again: true };
  const status = response.getStatus();
  if (status === 401) return { message: 'You are signed out. Sign in again, then choose the same file.', again: true };
  const entryId = response.getHeader(entryHeader) ?? undefined;
  const again = status === 507 || status === 429 || mayHelp({ originalResponse: response });
  return { message: messageOf(response.getBody()) ?? `The server answered ${status}.`, entryId, again };
}

/** The sentence in `{error: {message}}`. */
function messageOf(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } };
    return typeof error?.message === 'string' ? error.message : undefined;
  } catch {
    return undefined;
  }
}
