/** A request that was refused, or that never got an answer (`code: 'unreachable'`). */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: unknown;

  constructor(code: string, message: string, status: number, details?: unknown) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

export function unreachable(): ApiError {
  return new ApiError(
    'unreachable',
    'The server does not answer. Check that it is running and that this machine reaches it, then try again.',
    0,
  );
}

/** Reads `{error: {code, message, details?}}`; anything else still becomes a readable error. */
export async function readApiError(response: Response): Promise<ApiError> {
  try {
    const body = (await response.json()) as { error?: { code?: unknown; message?: unknown; details?: unknown } };
    const error = body.error;
    if (typeof error?.code === 'string' && typeof error.message === 'string')
      return new ApiError(error.code, error.message, response.status, error.details);
  } catch {
    // Not ours: a proxy in between answered.
  }
  return new ApiError('unexpectedAnswer', `The server answered ${response.status}.`, response.status);
}

/** The sentence to show for anything that was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : 'Something unexpected happened.';
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof ApiError && error.code === code;
}
