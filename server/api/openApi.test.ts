import { describe, expect, it } from 'vitest';
import type { ApiRoute } from '../../shared/api/route.ts';
import { apiRoutes } from '../../shared/api/routes.ts';
import { renderDocs } from './docsPage.ts';
import { describeApi } from './openApi.ts';

// As a client reads it.
const description = JSON.parse(JSON.stringify(describeApi()));
// oxlint-disable-next-line typescript/no-explicit-any -- read as any client would
const operations: any[] = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods as object).map(([method, operation]) => Object.assign(operation, { path, method })),
);

describe('the API’s description', () => {
  it('is OpenAPI 3.1', () => {
    expect(description.openapi).toMatch(/^3\.1\.\d+$/);
    expect(description.info).toMatchObject({ title: 'Tallylight', version: expect.any(String) });
  });

  it.each(Object.entries<ApiRoute>(apiRoutes))('names %s', (name, route) => {
    const operation = operations.find(({ operationId }) => operationId === name);
    expect(operation).toMatchObject({
      path: route.path.replaceAll(/:(\w+)/g, '{$1}'),
      method: route.method,
      summary: route.summary,
    });
    expect(operation.responses).toHaveProperty(String(route.status));
    expect(Boolean(operation.requestBody)).toBe(Boolean(route.body));
  });

  it('names each call once', () => {
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  });

  it('declares every parameter of every path as required', () => {
    for (const { path, parameters = [] } of operations) {
      const inPath = parameters.filter((parameter: { in: string }) => parameter.in === 'path');
      expect(inPath.map((parameter: { name: string }) => `{${parameter.name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(inPath.every((parameter: { required: boolean }) => parameter.required)).toBe(true);
    }
  });

  it('declares every security scheme it names, and describes every answer', () => {
    const schemes = Object.keys(description.components.securitySchemes);
    for (const { security, responses } of operations) {
      expect(schemes).toEqual(expect.arrayContaining(security.flatMap((way: object) => Object.keys(way))));
      for (const response of Object.values<{ description: string }>(responses))
        expect(response.description).not.toBe('');
    }
  });

  it('refers to nothing it does not hold', () => {
    const references = JSON.stringify(description).match(/"\$ref":"#([^"]+)"/g) ?? [];
    for (const reference of references) {
      const steps = reference.slice(9, -1).split('/').slice(1);
      expect(steps.reduce((at, step) => at?.[step], description)).toBeDefined();
    }
  });
});

describe('the readable description', () => {
  it('shows every call, without scripts or other servers', () => {
    const page = renderDocs(describeApi());
    for (const route of Object.values<ApiRoute>(apiRoutes))
      expect(page).toContain(route.path.replaceAll(/:(\w+)/g, '{$1}'));
    expect(page).not.toMatch(/<script|https?:\/\//);
  });
});
