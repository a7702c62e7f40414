import { ApiError } from '../api/apiError.ts';

/** Puts a refusal's details (zod issues: `{path, message}`) beside their fields; null when there are none. */
export function fieldErrors(error: unknown): Record<string, string> | null {
  if (!(error instanceof ApiError) || error.code !== 'validationFailed') return null;
  const issues: unknown[] = Array.isArray(error.details)
    ? error.details
    : (((error.details as { issues?: unknown } | undefined)?.issues as unknown[]) ?? []);
  const found: Record<string, string> = {};
  for (const issue of issues) {
    const { path, message } = issue as { path?: unknown; message?: unknown };
    const field = Array.isArray(path) ? path.filter((part) => part !== 'body').join('.') : path;
    if (typeof field === 'string' && field && typeof message === 'string') found[field] ??= message;
  }
  return Object.keys(found).length > 0 ? found : null;
}
