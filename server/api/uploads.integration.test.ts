import { createServer, type Server } from 'node:http';
import express from 'express';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listen } from '../http.ts';
import { send, signIn, startApi, type ApiUnderTest } from './api.fixture.ts';
import { answerError } from './refusals.ts';
import type { UploadControl } from './uploadControl.ts';
import { uploadRoutes } from './uploads.ts';

let api: ApiUnderTest;
let server: Server;
let url: string;
const asked: string[] = [];
const uploads: UploadControl = {
  handle: (request, response, { name }) => {
    asked.push(`${request.method} ${request.url} ${name}`);
    response.writeHead(204).end();
    return Promise.resolve();
  },
};

beforeAll(async () => {
  api = await startApi();
  const app = express();
  app.use(uploadRoutes(uploads, api.users));
  app.use(answerError(pino({ level: 'silent' })));
  server = createServer(app);
  url = `http://localhost:${await listen(server, 0, 'HTTP_PORT')}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await api.close();
});

it('takes uploads of who has signed in only', async () => {
  expect((await send(url, 'POST', '/uploads')).json).toMatchObject({ error: { code: 'unauthenticated' } });
  const token = await signIn(api.url);
  expect((await send(url, 'PATCH', '/uploads/0123', { token })).status).toBe(204);
  expect(asked).toEqual(['PATCH /uploads/0123 admin']);
});

it('takes none that another site’s page makes a browser send', async () => {
  const token = await signIn(api.url);
  const headers = { cookie: `tallylight=${token}`, 'sec-fetch-site': 'cross-site' };
  expect((await send(url, 'POST', '/uploads', { headers })).status).toBe(403);
  expect(
    (await send(url, 'POST', '/uploads', { headers: { ...headers, 'sec-fetch-site': 'same-origin' } })).status,
  ).toBe(204);
});
