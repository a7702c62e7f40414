import type { ApiRoute, RouteBody, RouteParams, RouteQuery, RouteResponse } from '../../shared/api/route.ts';
import { apiRoutes, type ApiRoutes } from '../../shared/api/routes.ts';
import { readApiError, unreachable } from './apiError.ts';
import { requestUrl } from './requestUrl.ts';

const timeoutMs = 20_000;

type BodyInput<R extends ApiRoute> = R extends { upload: object }
  ? { body: RouteBody<R>; upload?: never } | { body?: never; upload: Blob }
  : { body: RouteBody<R> };

/** Only what the route takes: `{params}`, `{query}`, `{body}` or `{upload}`; a query may be left out. */
type CallInput<R extends ApiRoute> = (RouteParams<R> extends undefined ? unknown : { params: RouteParams<R> }) &
  (RouteQuery<R> extends undefined ? unknown : { query?: RouteQuery<R> }) &
  (RouteBody<R> extends undefined ? unknown : BodyInput<R>);

type Answer<R extends ApiRoute> = RouteResponse<R> extends undefined ? void : RouteResponse<R>;

type Call<R extends ApiRoute> =
  object extends CallInput<R>
    ? (input?: CallInput<R>, signal?: AbortSignal) => Promise<Answer<R>>
    : (input: CallInput<R>, signal?: AbortSignal) => Promise<Answer<R>>;

export type Api = { readonly [Name in keyof ApiRoutes]: Call<ApiRoutes[Name]> };

interface AnyInput {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string | number | undefined>;
  readonly body?: unknown;
  readonly upload?: Blob;
}

async function callRoute(route: ApiRoute, input: AnyInput = {}, signal?: AbortSignal): Promise<unknown> {
  const timeout = AbortSignal.timeout(timeoutMs);
  let response: Response;
  try {
    response = await fetch(requestUrl(route.path, input.params, input.query), {
      method: route.method.toUpperCase(),
      credentials: 'same-origin',
      ...bodyOf(input),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
  if (!response.ok) throw await readApiError(response);
  return response.status === 204 ? undefined : await response.json();
}

function bodyOf({ body, upload }: AnyInput): Pick<RequestInit, 'headers' | 'body'> {
  if (upload) return { headers: { 'Content-Type': upload.type }, body: upload };
  return body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/** Every call of the JSON API by its name: `api.getEntry({ params: { id } })`. Signs in by cookie. */
export const api = Object.fromEntries(
  Object.entries(apiRoutes).map(([name, route]) => [
    name,
    (input?: AnyInput, signal?: AbortSignal) => callRoute(route, input, signal),
  ]),
) as unknown as Api;
