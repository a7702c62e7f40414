import compression from 'compression';
import express, { type Express, type RequestHandler } from 'express';
import { apiPrefix } from '../../shared/api/routes.ts';
import type { Broadcasts } from '../catalog/broadcasts.ts';
import type { Entries } from '../catalog/entries.ts';
import type { Profiles } from '../catalog/profiles.ts';
import type { Users } from '../catalog/users.ts';
import type { ViewerCounts } from '../catalog/viewerCounts.ts';
import { isOwnNetwork } from '../clientAddress.ts';
import { reject } from '../errors.ts';
import type { Logger } from '../log.ts';
import { renderDocs } from './docsPage.ts';
import { encoderHandlers } from './encoders.ts';
import { entryHandlers } from './entries.ts';
import type { EntryMedia } from './entryMedia.ts';
import type { Addresses } from './entryView.ts';
import type { LiveControl } from './liveControl.ts';
import { Metrics, type RecordingCounts } from './metrics.ts';
import { mountRoutes } from './mountRoutes.ts';
import { clipHandlers } from './clips.ts';
import type { ClipControl } from './clipControl.ts';
import { describeApi, type OpenApiDocument } from './openApi.ts';
import { pages } from './pages.ts';
import type { PictureControl } from './pictureControl.ts';
import { pictureHandlers } from './pictures.ts';
import { profileHandlers } from './profiles.ts';
import { answerError } from './refusals.ts';
import { securityHeaders } from './securityHeaders.ts';
import { sessionHandlers } from './session.ts';
import { uploadRoutes } from './uploads.ts';
import type { UploadControl } from './uploadControl.ts';

export interface ApiOptions {
  readonly entries: Entries;
  readonly profiles: Profiles;
  readonly broadcasts: Broadcasts;
  readonly users: Users;
  readonly viewerCounts: ViewerCounts;
  readonly live: LiveControl;
  readonly media: EntryMedia;
  readonly pictures: PictureControl;
  readonly clips: ClipControl;
  /** Absent where nothing is to be uploaded. */
  readonly uploads?: UploadControl;
  readonly viewers?: (entryId: string) => number;
  readonly recordings?: () => RecordingCounts;
  readonly addresses: () => Addresses;
  /** The built client; absent when only the API is wanted. */
  readonly clientDirectory?: string;
  /** Whether the server should be sent traffic. */
  readonly ready: () => boolean;
  readonly log: Logger;
}

export interface Api {
  /** Answers every request that is not about media. */
  readonly app: Express;
}

/** The control plane over HTTP: the JSON API, its description, the server's condition, and the pages. */
export function createApi(options: ApiOptions): Api {
  const { entries, users, log } = options;
  const metrics = new Metrics(
    entries,
    options.viewers ?? (() => 0),
    options.recordings ?? (() => ({ active: 0, stopped: 0 })),
  );
  const app = express();
  app.disable('x-powered-by');
  // A proxy on this machine or in a private network says who the client is and whether it uses HTTPS.
  app.set('trust proxy', isOwnNetwork);
  app.use(securityHeaders('self'));
  app.get('/healthz', (_, response) => void response.set('Cache-Control', 'no-store').json({ status: 'ok' }));
  app.get('/readyz', answerReadiness(options.ready));
  app.get('/metrics', async (_, response) => {
    response
      .set('Cache-Control', 'no-store')
      .type(metrics.contentType)
      .send(await metrics.render());
  });
  app.use('/api', compression());
  app.use('/api', describe());
  const handlers = {
    ...sessionHandlers(users),
    ...entryHandlers(options),
    ...clipHandlers(options),
    ...encoderHandlers(options),
    ...pictureHandlers(options),
    ...profileHandlers(options.profiles),
  };
  app.use(apiPrefix, measureCalls(metrics));
  if (options.uploads) app.use(apiPrefix, uploadRoutes(options.uploads, users));
  app.use(apiPrefix, mountRoutes(handlers, users));
  app.use(pages({ directory: options.clientDirectory, entries, publicUrl: () => options.addresses().publicUrl }));
  app.use(() => reject('notFound'));
  app.use(answerError(log));
  return { app };
}

function answerReadiness(ready: () => boolean): RequestHandler {
  return (_, response) => {
    const isReady = ready();
    response.set('Cache-Control', 'no-store').status(isReady ? 200 : 503);
    response.json({ status: isReady ? 'ready' : 'not ready' });
  };
}

/** Made when it is first asked for: the start does not wait for it. */
function describe(): RequestHandler {
  let description: OpenApiDocument | undefined;
  let docs: string | undefined;
  return express
    .Router()
    .get('/openapi.json', (_, response) => {
      response.set('Cache-Control', 'no-cache').json((description ??= describeApi()));
    })
    .get('/docs', (_, response) => {
      docs ??= renderDocs((description ??= describeApi()));
      response.set('Cache-Control', 'no-cache').type('html').send(docs);
    });
}

function measureCalls(metrics: Metrics): RequestHandler {
  return (_, response, next) => {
    const startedAtMs = performance.now();
    response.once('finish', () => {
      const route: unknown = response.locals.route;
      const seconds = (performance.now() - startedAtMs) / 1000;
      metrics.observeCall(typeof route === 'string' ? route : 'none', response.statusCode, seconds);
    });
    next();
  };
}
