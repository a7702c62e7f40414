import type { ErrorRequestHandler } from 'express';
import type { z, ZodError } from 'zod';
import type { InvalidField } from '../../shared/api/error.ts';
import { refuse, RefusedError, type ErrorCode, type Refusal } from '../errors.ts';
import { sendRefusal } from '../http.ts';
import type { Logger } from '../log.ts';

const maxDetails = 20;

/** Errors of express and its body parser, which name themselves by `type`. */
const byType: Record<string, ErrorCode> = {
  'entity.too.large': 'payloadTooLarge',
  'entity.parse.failed': 'malformedJson',
  'encoding.unsupported': 'unsupportedMediaType',
  'charset.unsupported': 'unsupportedMediaType',
};

/** What an error says to the client; undefined for one that is the server's own fault. */
function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof RefusedError) return error.refusal;
  if (!(error instanceof Error)) return undefined;
  const { type, status } = error as Error & { type?: unknown; status?: unknown };
  const code = typeof type === 'string' ? byType[type] : undefined;
  if (code) return refuse(code);
  return typeof status === 'number' && status >= 400 && status < 500 ? refuse('badRequest') : undefined;
}

/** Of a value that may be one of several kinds: what is wrong for the kind that was probably meant. */
function detailsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): InvalidField[] {
  const path = [...above, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0)
    return [{ path: path.map(String).join('.'), message: issue.message }];
  const meant = issue.errors.reduce((best, issues) => (unknownKeys(issues) < unknownKeys(best) ? issues : best));
  return meant.flatMap((inner) => detailsOf(inner, path));
}

/** How many keys there are that this kind does not have. */
function unknownKeys(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);
}

export function refuseInvalid(error: ZodError): Refusal {
  const details = error.issues.flatMap((issue) => detailsOf(issue)).slice(0, maxDetails);
  return refuse('validationFailed', undefined, details);
}

/** The last stop of every request that went wrong. What is logged never holds a body or a header. */
export function answerError(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    let refusal = refusalOf(error);
    if (!refusal) {
      const route: unknown = response.locals.route;
      log.error({ err: error, method: request.method, route: route ?? request.path }, 'request failed');
      refusal = refuse('internal');
    }
    sendRefusal(response, refusal, refusal.refused === 'unauthenticated' ? { 'WWW-Authenticate': 'Bearer' } : {});
  };
}
