import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the control plane hands requests for uploads to. */
export interface UploadControl {
  /** Answers, or rejects with a RefusedError. */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    uploader: { readonly userId: string; readonly name: string },
  ): Promise<void>;
}
