import type { z } from 'zod';

/** One API call: the server mounts and validates from it, the client is typed by it, OpenAPI is generated from it. */
export interface ApiRoute {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api/v1`, with `:name` parameters. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  /** `public` calls work without signing in (and may answer more to those who have). */
  readonly access: 'public' | 'signedIn';
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Bytes that may come in place of the JSON body. */
  readonly upload?: { readonly mediaTypes: readonly string[]; readonly maxBytes: number };
  /** Absent for 204. */
  readonly response?: z.ZodType;
  readonly status: 200 | 201 | 204;
}

/** A call that answers with a document to download; not among those the typed caller makes. */
export interface FileRoute extends Pick<ApiRoute, 'path' | 'summary' | 'tag' | 'access' | 'params' | 'query'> {
  readonly method: 'get';
  readonly mediaType: string;
  readonly status: 200;
}

type Input<T> = T extends z.ZodType ? z.input<T> : undefined;
type Output<T> = T extends z.ZodType ? z.output<T> : undefined;

/** What a caller sends. */
export type RouteParams<R extends ApiRoute> = Input<R['params']>;
export type RouteQuery<R extends ApiRoute> = Input<R['query']>;
export type RouteBody<R extends ApiRoute> = Input<R['body']>;
/** What the server works with after validation. */
export type ParsedParams<R extends ApiRoute> = Output<R['params']>;
export type ParsedQuery<R extends ApiRoute> = Output<R['query']>;
export type ParsedBody<R extends ApiRoute> = Output<R['body']>;
export type RouteResponse<R extends ApiRoute> = Output<R['response']>;
