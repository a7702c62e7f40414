import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { z } from 'zod';
import type { ApiRoute, FileRoute } from '../../shared/api/route.ts';
import { apiRoutes, fileRoutes } from '../../shared/api/routes.ts';
import { reject, RefusedError } from '../errors.ts';
import type { Users } from '../catalog/users.ts';
import type { Call, Handlers, TextFile } from './call.ts';
import { identifyCaller } from './callers.ts';
import { checkCaller } from './checkCaller.ts';
import { refuseInvalid } from './refusals.ts';

const maxBodyBytes = 100_000;
const routes: Readonly<Record<string, ApiRoute | FileRoute>> = { ...apiRoutes, ...fileRoutes };

/** Every call of the route table: who, what and whether it is valid is decided here, the answer by its handler. */
export function mountRoutes(handlers: Handlers, users: Users): Router {
  const router = express.Router({ caseSensitive: true });
  router.use((_, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  router.use(express.json({ limit: maxBodyBytes, strict: false }));
  for (const [name, route] of Object.entries(routes)) {
    const handle = handlers[name as keyof Handlers] as (call: Call<ApiRoute>) => Promise<unknown>;
    router[route.method](route.path, answer(name, route, handle, users));
  }
  for (const path of new Set(Object.values(routes).map((route) => route.path))) router.all(path, refuseMethod(path));
  router.use(() => reject('notFound'));
  return router;
}

function answer(
  name: string,
  route: ApiRoute | FileRoute,
  handle: (call: Call<ApiRoute>) => Promise<unknown>,
  users: Users,
): RequestHandler {
  return async (request, response) => {
    response.locals.route = name;
    const caller = await identifyCaller(users, request.headers);
    if (route.access === 'signedIn') checkCaller(caller, request);
    const upload = 'upload' in route && route.upload && (await readUpload(route.upload, request, response));
    const bodySchema = 'body' in route && !upload ? route.body : undefined;
    if (bodySchema && hasBody(request) && !request.is('application/json')) reject('unsupportedMediaType');
    const result = await handle({
      params: parse(route.params, request.params),
      query: parse(route.query, request.query),
      body: parse(bodySchema, request.body),
      upload: upload || undefined,
      caller,
      request,
      response,
    });
    if ('mediaType' in route) sendFile(response, route.mediaType, result as TextFile);
    // Parsing the answer as well leaves out what the schema does not promise.
    else if (route.response) response.status(route.status).json(route.response.parse(result));
    else response.status(route.status).end();
  };
}

/** Undefined when the body is of another type. Read after it is known who sends it. */
async function readUpload(
  { mediaTypes, maxBytes }: NonNullable<ApiRoute['upload']>,
  request: Request,
  response: Response,
): Promise<Buffer | undefined> {
  if (!request.is([...mediaTypes])) return undefined;
  await new Promise<void>((resolve, reject) => {
    express.raw({ type: [...mediaTypes], limit: maxBytes })(request, response, (error?: Error) =>
      error ? reject(error) : resolve(),
    );
  });
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : undefined;
}

function sendFile(response: Response, mediaType: string, { name, text }: TextFile): void {
  response.attachment(name).set('Content-Type', `${mediaType}; charset=utf-8`).send(text);
}

function parse(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new RefusedError(refuseInvalid(parsed.error));
  return parsed.data;
}

function hasBody(request: Request): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

function refuseMethod(path: string): RequestHandler {
  const methods = Object.values(routes)
    .filter((route) => route.path === path)
    .map((route) => route.method.toUpperCase());
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ');
  return (_, response) => {
    response.set('Allow', allow);
    reject('methodNotAllowed');
  };
}
