import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorTable, isRefusal, refuse, type Refusal } from '../errors.ts';
import { sendRefusal, type HttpHandler } from '../http.ts';
import type { Closable } from '../lifecycle.ts';
import type { Logger } from '../log.ts';
import type { Media, Packager, UnfinishedMedia } from '../packaging/packager.ts';
import { TimelineParts } from '../packaging/timelineParts.ts';
import { timeRangeQuery } from '../packaging/timeRange.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import { ChangeOvers } from './changeOvers.ts';
import type { EntryDownloads } from './entryDownloads.ts';
import type { EntryPictures } from './entryPictures.ts';
import { clientIdentity, networkOf } from './clientIdentity.ts';
import { untilAnswered, type Exchange } from './exchange.ts';
import { GzippedBodies } from './gzippedBodies.ts';
import { HotMedia } from './hotMedia.ts';
import { allowedMethods, mediaCacheControl, playbackHeaders, preflightHeaders } from './playbackHeaders.ts';
import { isView } from './isView.ts';
import { PlayCount } from './playCount.ts';
import { OpenExchanges } from './openExchanges.ts';
import { OutgoingBodies } from './outgoingBodies.ts';
import { isPlayUrl, parsePlayUrl, type PlayRequest } from './playPath.ts';
import { sendManifest } from './sendManifest.ts';
import { sendMedia } from './sendMedia.ts';
import { sendPicture } from './sendPicture.ts';
import { ViewerCount } from './viewerCount.ts';

type Verdict = Refusal | undefined;

/** What an entry's viewers are shown. */
export interface PlayedTimelines {
  playing(entryId: string): TimelineReader | undefined | Promise<TimelineReader | undefined>;
  /** What those may still ask media of who came when something else was playing; asked for not long after that only. */
  former?(entryId: string): Promise<readonly TimelineReader[]>;
}

export interface DeliveryParts {
  readonly timelines: PlayedTimelines;
  /** Thumbnails and storyboards; without it there are none. */
  readonly pictures?: EntryPictures;
  /** Without it nothing can be downloaded. */
  readonly downloads?: EntryDownloads;
  /** Made once for this delivery, for they keep what they have built. */
  readonly packagers: readonly (() => Packager)[];
  /** Whether this viewer may play this entry; asked for each request. */
  authorize?(viewer: { readonly entryId: string; readonly token: string }): Verdict | Promise<Verdict>;
  /** Adds up how often entries have been played; told every now and then. */
  addPlays?(plays: ReadonlyMap<string, number>): Promise<void>;
  readonly log: Logger;
  readonly now?: () => number;
  /** A reader that takes nothing for this long is cut off. Default: a minute. */
  readonly stallTimeoutMs?: number;
  /** Requests that are answered, or wait, at the same time. */
  readonly mostExchanges?: { readonly all: number; readonly ofOneAddress: number };
}

/** Media over HTTP. */
export interface Delivery extends Closable {
  /** Answers everything below `/play/`. */
  readonly handler: HttpHandler;
  /** Distinct clients that asked for the entry's manifests or media in the last 15 s. */
  viewers(entryId: string): number;
}

const sweepEveryMs = 15_000;

export function createDelivery(parts: DeliveryParts): Delivery {
  const now = parts.now ?? Date.now;
  const server = new MediaServer(parts, now);
  const tellPlays = async () => {
    const plays = server.plays.take();
    if (plays.size === 0 || !parts.addPlays) return;
    await parts.addPlays(plays).catch((error: unknown) => {
      parts.log.error({ err: error }, 'plays could not be stored');
      server.plays.giveBack(plays);
    });
  };
  const sweep = setInterval(() => {
    server.sweep();
    void tellPlays();
  }, sweepEveryMs).unref();
  return {
    handler: (request, response) => {
      if (!isPlayUrl(request.url ?? '')) return false;
      server.answer(request, response).catch((error: unknown) => {
        parts.log.error({ err: error }, 'playback request failed');
        sendRefusal(response, refuse('internal'), playbackHeaders);
      });
      return true;
    },
    viewers: (entryId) => server.viewers.count(entryId),
    close: () => {
      clearInterval(sweep);
      return tellPlays();
    },
  };
}

class MediaServer {
  readonly viewers: ViewerCount;
  readonly plays: PlayCount;
  readonly #parts: DeliveryParts;
  readonly #now: () => number;
  readonly #packagers: ReadonlyMap<string, Packager>;
  readonly #gzipped = new GzippedBodies();
  readonly #hot = new HotMedia();
  readonly #timelineParts: TimelineParts;
  readonly #changeOvers: ChangeOvers;
  readonly #open: OpenExchanges;
  /** Manifests of parts. */
  readonly #outgoing = new OutgoingBodies();

  constructor(parts: DeliveryParts, now: () => number) {
    this.viewers = new ViewerCount(now);
    this.plays = new PlayCount(now);
    this.#parts = parts;
    this.#now = now;
    this.#timelineParts = new TimelineParts(now);
    this.#changeOvers = new ChangeOvers(now);
    this.#open = new OpenExchanges(parts.mostExchanges);
    this.#packagers = new Map(parts.packagers.map((create) => create()).map((packager) => [packager.name, packager]));
  }

  sweep(): void {
    this.viewers.sweep();
    this.plays.sweep();
    this.#timelineParts.letGoOfIdle();
    this.#changeOvers.sweep();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'OPTIONS') {
      response.writeHead(204, preflightHeaders).end();
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendRefusal(response, refuse('methodNotAllowed'), { ...playbackHeaders, Allow: allowedMethods });
      return;
    }
    if (!this.#open.admits(request, response)) {
      sendRefusal(response, refuse('overloaded'), overloadedHeaders(request));
      return;
    }
    const asked = parsePlayUrl(request.url ?? '');
    const { log, stallTimeoutMs = 60_000 } = this.#parts;
    const exchange = { request, response, log, stallTimeoutMs };
    const refusal =
      typeof asked === 'string'
        ? refuse(asked)
        : asked.type === 'time'
          ? this.#sendTime(exchange)
          : asked.type === 'picture'
            ? await this.#show(exchange, asked)
            : asked.type === 'download'
              ? await this.#download(exchange, asked)
              : await this.#play(exchange, asked);
    if (refusal && !response.destroyed) sendRefusal(response, refusal, refusalHeaders(refusal));
  }

  /** What DASH players set their clock by. */
  #sendTime({ request, response }: Exchange): undefined {
    const body = new Date(this.#now()).toISOString();
    const headers = { 'Content-Type': 'text/plain', 'Content-Length': body.length, 'Cache-Control': 'no-store' };
    response.writeHead(200, { ...playbackHeaders, ...headers }).end(request.method === 'HEAD' ? undefined : body);
  }

  async #show(exchange: Exchange, asked: PlayRequest & { type: 'picture' }): Promise<Verdict> {
    const { entryId, name, token, parameters } = asked;
    const refusal = await this.#parts.authorize?.({ entryId, token });
    if (refusal) return refusal;
    const linkQuery = this.#linkQuery(token);
    const picture = await this.#parts.pictures?.picture({ entryId, name, query: parameters, linkQuery });
    if (!picture) return refuse('notFound');
    if (isRefusal(picture)) return picture;
    await sendPicture(exchange, picture, this.#gzipped);
    return undefined;
  }

  async #download(
    exchange: Exchange,
    { entryId, flavor, token }: PlayRequest & { type: 'download' },
  ): Promise<Verdict> {
    const refusal = await this.#parts.authorize?.({ entryId, token });
    if (refusal) return refusal;
    const download = await this.#parts.downloads?.find({ entryId, flavor });
    if (!download) return refuse('notFound');
    if (isRefusal(download)) return download;
    const { bytes, contentType, disposition, tag } = download;
    // The address stays when the entry is trimmed.
    const media = { bytes, contentType, maxAgeSeconds: 0 };
    await sendMedia(exchange, media, `"${tag}"`, { 'Content-Disposition': disposition });
    return undefined;
  }

  async #play(exchange: Exchange, asked: PlayRequest & { type: 'format' }): Promise<Verdict> {
    const { entryId, format, path, token, range, parameters } = asked;
    const packager = this.#packagers.get(format);
    const route = packager?.route(path);
    if (!packager || !route) return refuse('notFound');
    const refusal = await this.#parts.authorize?.({ entryId, token });
    if (refusal) return refusal;
    const timeline = await this.#parts.timelines.playing(entryId);
    if (!timeline) return refuse('notLive');
    this.#changeOvers.saw(entryId, timeline);
    if (route === 'media') {
      const signal = untilAnswered(exchange);
      const present = await packager.media(timeline, path, signal);
      const media = isRefusal(present) ? await this.#formerMedia(packager, asked, present, signal) : present;
      if (isRefusal(media)) return media;
      const client = clientIdentity(exchange.request);
      this.viewers.saw(entryId, client);
      if (isView(exchange.request)) this.plays.saw(entryId, client, networkOf(exchange.request));
      const tag = path.replaceAll('/', '-');
      if ('bytes' in media && media.contentType.startsWith('text/')) {
        const text = { body: await media.bytes.buffer(), contentType: media.contentType, tag, maxAgeSeconds: 0 };
        await sendManifest(exchange, text, this.#gzipped, mediaCacheControl);
      } else await sendMedia(exchange, this.#fromMemory(format, path, media), `"${tag}"`);
      return undefined;
    }
    const shown = range ? this.#timelineParts.of(timeline, range) : timeline;
    if (!shown) return refuse(timeline.segments.length > 0 ? 'emptyTimeRange' : 'notLive');
    const manifest = await packager.manifest(shown, {
      path,
      query: this.#linkQuery(token),
      rangeQuery: range && timeRangeQuery(range),
      parameters,
      signal: parameters && untilAnswered(exchange),
      nowMs: this.#now(),
    });
    if (isRefusal(manifest)) return manifest;
    if (shown !== timeline && !this.#outgoing.admits(manifest.body, exchange.response)) return refuse('overloaded');
    this.viewers.saw(entryId, clientIdentity(exchange.request));
    await sendManifest(exchange, manifest, this.#gzipped);
    return undefined;
  }

  /** What links carry on, without `?`: nothing where nobody asks for it, for each other one is a manifest of its own. */
  #linkQuery(token: string): string {
    return token === '' || !this.#parts.authorize ? '' : `token=${encodeURIComponent(token.toWellFormed())}`;
  }

  /** Formats whose media is made from the stored keep what they have made themselves. */
  #fromMemory(format: string, path: string, media: Media | UnfinishedMedia): Media | UnfinishedMedia {
    if ('following' in media || (format !== 'hls' && format !== 'dash')) return media;
    return { ...media, bytes: this.#hot.of(path, media.bytes) };
  }

  /** A player that saw the broadcast end (or begin again) still asks for what it knows of. */
  async #formerMedia(
    packager: Packager,
    { entryId, path }: PlayRequest & { type: 'format' },
    refusal: Refusal,
    signal: AbortSignal,
  ): Promise<Media | UnfinishedMedia | Refusal> {
    if (refusal.refused !== 'segmentNotFound' && refusal.refused !== 'trackNotFound') return refusal;
    const before = this.#changeOvers.before(entryId, path);
    if (!before) return refusal;
    const former = before === 'forgotten' ? ((await this.#parts.timelines.former?.(entryId)) ?? []) : [before];
    for (const timeline of former) {
      const media = await packager.media(timeline, path, signal);
      if (!isRefusal(media)) return media;
    }
    return refusal;
  }
}

/** Who has to go away for a while does not keep a connection meanwhile (HTTP/2 has many requests on one). */
function overloadedHeaders({ httpVersionMajor }: IncomingMessage): Record<string, string> {
  return { ...playbackHeaders, 'Retry-After': '5', ...(httpVersionMajor < 2 && { Connection: 'close' }) };
}

function refusalHeaders({ refused }: Refusal): Record<string, string> {
  return errorTable[refused].status === 503 ? { ...playbackHeaders, 'Retry-After': '1' } : playbackHeaders;
}
