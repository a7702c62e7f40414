import { fileURLToPath } from 'node:url';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { apiPrefix } from '../shared/api/routes.ts';
import { attachEvents } from './api/events.ts';
import { createApi } from './api/api.ts';
import { Broadcasts } from './catalog/broadcasts.ts';
import { Entries } from './catalog/entries.ts';
import { Profiles } from './catalog/profiles.ts';
import { Users } from './catalog/users.ts';
import { StoredRecordings } from './catalog/recordings.ts';
import { ViewerCounts } from './catalog/viewerCounts.ts';
import { ConfigError, type Config } from './config/config.ts';
import { lockDirectory } from './directoryLock.ts';
import { createDelivery } from './delivery/delivery.ts';
import { PacedGate } from './ingest/pacedGate.ts';
import { startRtmpServer } from './ingest/rtmp/server.ts';
import { startRtspServer } from './ingest/rtsp/server.ts';
import { createWhipServer } from './ingest/whip/server.ts';
import { Lifecycle } from './lifecycle.ts';
import { Audience } from './live/audience.ts';
import { Live } from './live/live.ts';
import type { Logger } from './log.ts';
import { openServerDatabase } from './openServerDatabase.ts';
import { packagers } from './packaging/packagers.ts';
import { ClipOrigins } from './recording/clips/clipOrigins.ts';
import { Clips } from './recording/clips/clips.ts';
import { CutJournal } from './recording/clips/cutJournal.ts';
import { Cutter } from './recording/clips/cutter.ts';
import { Downloads } from './recording/download/downloads.ts';
import { dropOrphans } from './recording/orphans.ts';
import { trackBytes } from './recording/download/trackBytes.ts';
import { Pictures } from './recording/pictures/pictures.ts';
import { Playback } from './recording/playback.ts';
import { Recordings } from './recording/recordings.ts';
import { lowDiskNotice, stopRecordingsWhenLow } from './recording/lowDisk.ts';
import { Retention } from './recording/retention.ts';
import { UploadRows } from './recording/uploads/uploadRows.ts';
import { Uploads } from './recording/uploads/uploads.ts';
import { createSegmentStore } from './segments/createSegmentStore.ts';
import { DiskSpace } from './segments/disk/diskSpace.ts';
import { createSfu } from './sfu/sfu.ts';
import type { Certificate } from './tls/certificate.ts';
import { openCertificate } from './tls/openCertificate.ts';
import { FfmpegTasks } from './transcode/ffmpegTask.ts';
import { createTranscoder } from './transcode/ffmpegTranscoder.ts';
import { WebServer } from './web/webServer.ts';

/** Those that can be made again; posters are kept beside them. */
const picturesMaxBytes = 1024 ** 3;
/** How long a server waits for the one before it to end. */
const lockPatienceMs = 5000;

const clientDirectory = fileURLToPath(new URL('../dist/client', import.meta.url));

export interface App {
  readonly publicUrl: string;
  readonly ports: Readonly<Record<'http' | 'rtmp' | 'rtmps' | 'rtsp' | 'webrtc', number>>;
  /** Set when this start made the first user with a password of its own. */
  readonly firstUser?: { readonly email: string; readonly password: string };
  close(): Promise<void>;
}

/** Builds every stage, connects them, and opens the ports. What was opened is closed again when a later step fails. */
export async function startApp(config: Config, log: Logger): Promise<App> {
  const opened = new Lifecycle((name, error) => log.error({ err: error, name }, 'could not be closed'));
  try {
    return await connect(config, log, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function connect(config: Config, log: Logger, opened: Lifecycle): Promise<App> {
  const now = () => Date.now();
  const lock = await lockDirectory(config.dataDir, lockPatienceMs);
  if (!lock) throw new ConfigError(`DATA_DIR (${config.dataDir}) is being used by another server.`);
  opened.add('lock', lock, (l) => l.release());
  const database = opened.add('database', await openServerDatabase(config.dataDir), (db) => db.destroy());
  const entries = new Entries(database, { now });
  const profiles = new Profiles(database);
  const broadcasts = new Broadcasts(database);
  const viewerCounts = new ViewerCounts(database);
  const storedRecordings = new StoredRecordings(database);
  const users = new Users(database, { now });
  const firstUser = await users.ensureFirstUser(config.admin);

  const store = opened.add(
    'segments',
    await createSegmentStore({
      directory: join(config.dataDir, 'media'),
      database,
      log: log.child({ stage: 'segments' }),
      now,
    }),
    (s) => s.close(),
  );
  const diskSpace = opened.add(
    'disk space',
    new DiskSpace({
      directory: config.dataDir,
      floorBytes: config.storage.diskFloorBytes,
      log: log.child({ stage: 'segments' }),
    }),
    (space) => space.close(),
  );
  await diskSpace.look();
  const transcoder = createTranscoder({ ffmpegPath: config.ffmpeg.ffmpegPath });

  const recordings = await Recordings.open({
    entries,
    rows: storedRecordings,
    store,
    hindrance: () => lowDiskNotice(diskSpace),
    now,
    log: log.child({ stage: 'recording' }),
  });
  stopRecordingsWhenLow(recordings, diskSpace);
  const playback = new Playback(store, recordings);
  const tasks = opened.add(
    'ffmpeg tasks',
    new FfmpegTasks({ ffmpegPath: config.ffmpeg.ffmpegPath, running: availableParallelism() }),
    (t) => t.close(),
  );
  const pictures = opened.add(
    'pictures',
    await Pictures.open({
      directory: join(config.dataDir, 'pictures'),
      maxBytes: picturesMaxBytes,
      timelines: playback,
      tasks,
      log: log.child({ stage: 'recording' }),
      now,
    }),
    (p) => p.close(),
  );
  const clipLog = log.child({ stage: 'clips' });
  const clips = opened.add(
    'clips',
    new Clips({
      store,
      cutter: new Cutter({ store, tasks, log: clipLog }),
      catalog: entries,
      journal: new CutJournal(database),
      origins: new ClipOrigins(database),
      playing: async (entryId) => await playback.playing(entryId),
      shownBy: (entryId) => recordings.shownBy(entryId),
      log: clipLog,
    }),
    (c) => c.close(),
  );
  await clips.recover();
  const uploads = opened.add(
    'uploads',
    await Uploads.open({
      directory: join(config.dataDir, 'uploads'),
      path: `${apiPrefix}/uploads`,
      maxBytes: config.uploads.maxBytes,
      floorBytes: config.storage.diskFloorBytes,
      catalog: entries,
      profiles,
      store,
      tasks,
      ffprobePath: config.ffmpeg.ffprobePath,
      disk: diskSpace,
      rows: new UploadRows(database),
      now,
      log: log.child({ stage: 'uploads' }),
    }),
    (u) => u.close(),
  );

  const delivery = opened.add(
    'delivery',
    createDelivery({
      timelines: playback,
      pictures,
      downloads: new Downloads({
        playing: async (entryId) => await playback.playing(entryId),
        nameOf: async (entryId) => (await entries.get(entryId))?.name,
        log: log.child({ stage: 'downloads' }),
      }),
      packagers,
      addPlays: (plays) => entries.addPlays(plays),
      log: log.child({ stage: 'delivery' }),
      now,
    }),
    (d) => d.close(),
  );
  const live = new Live(
    {
      entries,
      profiles,
      broadcasts,
      store,
      transcoder,
      recorder: recordings,
      reconnectWindowSeconds: config.live.reconnectWindowSeconds,
      rules: { stallMs: config.live.sourceStallSeconds * 1000, steadyMs: config.live.primaryReturnSeconds * 1000 },
      now,
      viewers: (entryId) => delivery.viewers(entryId),
    },
    log.child({ stage: 'live' }),
  );
  opened.add('live', live, (l) => l.close());
  await live.recover();
  const gate = new PacedGate(live, () => performance.now());
  const audience = new Audience({
    broadcasts: () => live.broadcasts(),
    viewers: (entryId) => delivery.viewers(entryId),
    add: (samples) => viewerCounts.add(samples),
    now,
    log: log.child({ stage: 'live' }),
  });
  opened.add('audience', audience, (a) => a.close());
  await dropOrphans(store, entries, log.child({ stage: 'segments' }));
  const remove = async (entryId: string) => {
    await live.forget(entryId);
    // Whoever looks for it from here on does not find it; what had found it before is ended next.
    if (!(await entries.delete(entryId))) return false;
    await live.forget(entryId);
    await clips.forget(entryId);
    await recordings.forget(entryId);
    await pictures.forget(entryId);
    await uploads.forget(entryId);
    return true;
  };
  const retention = new Retention({
    expired: () => entries.idsPastRetention(now()),
    remove,
    log: log.child({ stage: 'recording' }),
  });
  opened.add('retention', retention, (r) => r.close());

  const sfu = opened.add(
    'sfu',
    await createSfu({
      port: config.webrtc.port,
      announcedAddress: config.announcedAddress,
      log: log.child({ stage: 'sfu' }),
    }),
    (s) => s.close(),
  );
  const whip = opened.add('whip', createWhipServer({ sfu, gate, log: log.child({ stage: 'whip' }) }), (w) => w.close());
  const certificate = opened.add('certificate', await openServerCertificate(config, log, now), (c) => c.close());
  const rtmp = opened.add(
    'rtmp',
    await startRtmpServer({
      port: config.rtmp.port,
      secure: { port: config.rtmp.securePort, certificate },
      gate,
      log: log.child({ stage: 'rtmp' }),
    }),
    (r) => r.close(),
  );
  const rtsp = opened.add(
    'rtsp',
    await startRtspServer({ port: config.rtsp.port, gate, log: log.child({ stage: 'rtsp' }) }),
    (r) => r.close(),
  );

  let publicUrl = config.publicUrl ?? '';
  let ready = false;
  const api = createApi({
    entries,
    profiles,
    broadcasts,
    users,
    viewerCounts,
    live,
    media: {
      tracks: async (entryId) => (await playback.playing(entryId))?.periods.at(-1)?.tracks ?? [],
      trackBytes: async (entryId) => trackBytes(await playback.playing(entryId)),
      use: async (entryId) => {
        const { bytes: sizeBytes, sharedBytes } = await store.usage(entryId);
        return { sizeBytes, sharedBytes };
      },
      recorded: (entryId) => playback.recorded(entryId),
      remove,
    },
    pictures,
    clips,
    uploads,
    viewers: (entryId) => delivery.viewers(entryId),
    recordings: () => recordings.counts(),
    addresses: () => ({
      publicUrl,
      rtmpPort: rtmp.port,
      rtmpsPort: rtmp.securePort,
      rtspPort: rtsp.port,
      announcedAddress: config.announcedAddress,
    }),
    clientDirectory,
    ready: () => ready,
    log: log.child({ stage: 'api' }),
  });
  const web = new WebServer({
    certificate: config.http.tls && certificate,
    handlers: [delivery.handler, whip.handler],
    app: api.app,
    log: log.child({ stage: 'web' }),
  });
  const events = attachEvents({
    server: web.inner,
    entries,
    broadcasts,
    users,
    live,
    clips,
    log: log.child({ stage: 'events' }),
  });
  opened.add('http', web, async (w) => {
    ready = false;
    await events.close();
    await w.close();
  });
  const httpPort = await web.listen(config.http.port);
  publicUrl ||= `${config.http.tls ? 'https' : 'http'}://localhost:${httpPort}`;
  ready = true;

  return {
    publicUrl,
    ports: { http: httpPort, rtmp: rtmp.port, rtmps: rtmp.securePort, rtsp: rtsp.port, webrtc: sfu.port },
    ...(firstUser.generatedPassword && {
      firstUser: { email: config.admin.email, password: firstUser.generatedPassword },
    }),
    close: () => opened.close(),
  };
}

async function openServerCertificate(config: Config, log: Logger, now: () => number): Promise<Certificate> {
  const { dataDir, announcedAddress, publicUrl } = config;
  const files = config.http.tls;
  try {
    return await openCertificate({
      files,
      dataDir,
      announcedAddress,
      publicUrl,
      now,
      log: log.child({ stage: 'tls' }),
    });
  } catch (error) {
    if (!files) throw error;
    throw new ConfigError(
      `TLS_CERT and TLS_KEY cannot be used: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}
