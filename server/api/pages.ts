import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express, { type RequestHandler, type Response, type Router } from 'express';
import { entryIdSchema } from '../../shared/model/entry.ts';
import { absoluteUrl, paths } from '../../shared/urls.ts';
import type { Entries } from '../catalog/entries.ts';
import { isMissingFile } from '../missingFile.ts';
import { inlineScriptHashes, withSubject } from './pageHead.ts';
import { securityHeaders } from './securityHeaders.ts';

const notBuilt = 'The studio has not been built yet: run "npm start", or "npm run dev" while working on it.';
const descriptionLength = 200;

interface PageOptions {
  /** Where the built client is. */
  readonly directory: string | undefined;
  readonly entries: Entries;
  readonly publicUrl: () => string;
}

type SendPage = (
  response: Response,
  file: string,
  frames: 'self' | 'anyone',
  edit?: (html: string) => string,
) => Promise<void>;

/** The built client: its files, the watch and embed pages of entries, and the studio for every other page. */
export function pages({ directory, entries, publicUrl }: PageOptions): Router {
  const router = express.Router();
  if (directory !== undefined) router.use(clientFiles(directory));

  const send: SendPage = async (response, file, frames, edit) => {
    const html = directory === undefined ? undefined : await readPage(join(directory, file));
    response.set('Cache-Control', 'no-cache');
    if (html === undefined) {
      response.status(503).type('text').send(notBuilt);
      return;
    }
    securityHeaders(frames, inlineScriptHashes(html))(response.req, response, () => undefined);
    response.type('html').send(edit ? edit(html) : html);
  };

  const entryPage =
    (file: string, frames: 'self' | 'anyone', path: (id: string) => string): RequestHandler =>
    async (request, response) => {
      const id = entryIdSchema.safeParse(request.params.id);
      const entry = id.success ? await entries.get(id.data) : undefined;
      if (!entry) {
        response.status(404);
        await send(response, file, frames);
        return;
      }
      const subject = {
        title: entry.name,
        description: entry.description.slice(0, descriptionLength),
        url: absoluteUrl(publicUrl(), path(entry.id)),
      };
      await send(response, file, frames, (html) => withSubject(html, subject));
    };

  router.get('/embed/:id', entryPage('embed.html', 'anyone', paths.embed));
  router.get('/watch/:id', entryPage('watch.html', 'self', paths.watch));
  router.get('/{*path}', studioPage(send));
  return router;
}

function studioPage(send: SendPage): RequestHandler {
  return async (request, response, next) => {
    if (isPage(request.path, request.headers.accept)) await send(response, 'index.html', 'self');
    else next();
  };
}

/** Files that carry a hash in their name never change. */
function clientFiles(directory: string): RequestHandler {
  return express.static(directory, {
    index: false,
    redirect: false,
    setHeaders(response, path) {
      const hashed = path.startsWith(join(directory, 'assets'));
      response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    },
  });
}

/** Undefined when it is not there. */
async function readPage(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    throw error;
  }
}

const notPages = /^\/(api|play|whip|whep|socket\.io|assets)(\/|$)/;

/** What a browser asks for when it opens an address, as opposed to a file that is missing. */
function isPage(path: string, accept: string | undefined): boolean {
  const file = path.slice(path.lastIndexOf('/') + 1);
  if (path === '/') return true;
  return !notPages.test(path) && !file.includes('.') && (accept ?? '').includes('text/html');
}
