import type { Request, Response } from 'express';
import type {
  ApiRoute,
  FileRoute,
  ParsedBody,
  ParsedParams,
  ParsedQuery,
  RouteResponse,
} from '../../shared/api/route.ts';
import type { ApiRoutes, FileRoutes } from '../../shared/api/routes.ts';
import type { Caller } from './callers.ts';

/** One valid API call, on its way to the function that answers it. */
export interface Call<Route extends ApiRoute> {
  readonly params: ParsedParams<Route>;
  readonly query: ParsedQuery<Route>;
  readonly body: ParsedBody<Route>;
  /** What came in place of the body. */
  readonly upload: Buffer | undefined;
  /** Always there on routes for those who have signed in. */
  readonly caller: Caller | undefined;
  readonly request: Request;
  readonly response: Response;
}

/** Returns the answer, or throws a RefusedError. */
export type Handler<Route extends ApiRoute> = (call: Call<Route>) => Promise<RouteResponse<Route>>;

/** A document to download. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}
export type FileHandler<Route extends FileRoute> = (call: Call<Route>) => Promise<TextFile>;

export type Handlers = { readonly [Name in keyof ApiRoutes]: Handler<ApiRoutes[Name]> } & {
  readonly [Name in keyof FileRoutes]: FileHandler<FileRoutes[Name]>;
};
/** What one resource's file provides. */
export type HandlersOf<Routes> = Pick<Handlers, keyof Routes & keyof Handlers>;
