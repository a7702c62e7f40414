import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import type { z } from 'zod';
import { errorAnswerSchema } from '../../shared/api/error.ts';
import type { ApiRoute, FileRoute } from '../../shared/api/route.ts';
import { apiPrefix, apiRoutes, fileRoutes } from '../../shared/api/routes.ts';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

const answers = {
  200: 'Done.',
  201: 'Created.',
  204: 'Done; there is nothing to say.',
  400: 'The request is not valid.',
  401: 'Not signed in, or the credentials are not right.',
  403: 'Not allowed.',
  404: 'There is no such thing.',
  409: 'Not possible in the present state.',
  429: 'Too many attempts; Retry-After says how many seconds to wait.',
} as const;

/** The API's description, from the schemas that validate its calls. */
export function describeApi(): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  registry.registerComponent('securitySchemes', 'cookie', { type: 'apiKey', in: 'cookie', name: 'tallylight' });
  for (const [name, route] of Object.entries<ApiRoute | FileRoute>({ ...apiRoutes, ...fileRoutes }))
    registry.registerPath(describeRoute(name, route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Tallylight',
      version: '1',
      description:
        'Sign in with POST /session and send the token as Authorization: Bearer. ' +
        'Errors are {error: {code, message, details?}}.',
    },
    servers: [{ url: apiPrefix }],
  });
}

function describeRoute(name: string, route: ApiRoute | FileRoute): RouteConfig {
  const body = bodyOf(route);
  return {
    operationId: name,
    method: route.method,
    path: route.path.replaceAll(/:(\w+)/g, '{$1}'),
    summary: route.summary,
    tags: [route.tag],
    security: route.access === 'signedIn' ? [{ bearer: [] }, { cookie: [] }] : [{}, { bearer: [] }, { cookie: [] }],
    request: {
      // The route table's params and query are objects.
      params: route.params as z.ZodObject | undefined,
      query: route.query as z.ZodObject | undefined,
      body: body && {
        required: !body.safeParse(undefined).success,
        content: { 'application/json': { schema: body }, ...uploadOf(route) },
      },
    },
    responses: Object.fromEntries([
      [route.status, { description: answers[route.status], ...contentOf(route) }],
      ...errorStatuses(name, route).map((status) => [
        status,
        { description: answers[status], ...json(errorAnswerSchema) },
      ]),
    ]) as RouteConfig['responses'],
  };
}

function bodyOf(route: ApiRoute | FileRoute): z.ZodType | undefined {
  return 'body' in route ? route.body : undefined;
}

function uploadOf(route: ApiRoute | FileRoute) {
  const mediaTypes = ('upload' in route && route.upload?.mediaTypes) || [];
  return Object.fromEntries(
    mediaTypes.map((type) => [type, { schema: { type: 'string' as const, format: 'binary' as const } }]),
  );
}

function contentOf(route: ApiRoute | FileRoute) {
  if ('mediaType' in route) return { content: { [route.mediaType]: { schema: { type: 'string' as const } } } };
  return route.response && json(route.response);
}

function errorStatuses(name: string, route: ApiRoute | FileRoute) {
  const changes = route.method !== 'get';
  return [
    ...(route.params || route.query || bodyOf(route) ? ([400] as const) : []),
    ...(route.access === 'signedIn' || name === 'signIn' ? ([401] as const) : []),
    ...(changes ? ([403] as const) : []),
    ...(route.params ? ([404] as const) : []),
    ...(changes && route.params ? ([409] as const) : []),
    ...(name === 'signIn' ? ([429] as const) : []),
  ];
}

function json(schema: z.ZodType) {
  return { content: { 'application/json': { schema } } };
}
