/** Media could not be stored: the disk is full, broken or too slow. What was being written is not published. */
export class StorageError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StorageError';
  }
}

/** The sentence for a failed write. */
export function storageError(cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL')
    return new StorageError('Media could not be stored: the disk is full.', cause);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StorageError(`Media could not be stored: ${reason}`, cause);
}
