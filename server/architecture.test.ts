import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What each stage may import besides itself and what is open to all: a folder, or one file of it. */
const mayImport: Record<string, readonly string[]> = {
  config: [],
  media: [],
  tls: [],
  sfu: [],
  ingest: [],
  'ingest/whip': ['sfu'],
  transcode: ['segments/segmentStore.ts', 'segments/timelineReader.ts'],
  segments: [],
  packaging: ['segments/timelineReader.ts'],
  delivery: ['packaging', 'segments'],
  'delivery/whep': ['sfu'],
  recording: ['segments', 'transcode'],
  live: ['ingest', 'transcode', 'segments', 'recording', 'catalog'],
  catalog: [],
  api: ['live', 'catalog', 'recording'],
  web: [],
};
const openToAll = [
  'media',
  'addressBlock.ts',
  'clientAddress.ts',
  'database.ts',
  'directoryLock.ts',
  'errors.ts',
  'http.ts',
  'lifecycle.ts',
  'listeners.ts',
  'log.ts',
  'missingFile.ts',
  'sameSecret.ts',
];
/** These build and connect the stages. */
const builders = ['app.ts', 'main.ts', 'openServerDatabase.ts', 'checkStore.ts'];

/** Packages that one place alone may know. */
const ownersOfPackages: Record<string, readonly string[]> = {
  'fluent-ffmpeg': ['server/transcode/process.ts'],
  'better-sqlite3': ['server/database.ts', 'server/directoryLock.ts'],
  mediasoup: ['server/sfu/', 'server/ingest/whip/', 'server/delivery/whep/'],
  express: ['server/api/', 'server/app.ts'],
  pino: ['server/log.ts'],
};
const io = /^node:(fs|net|http|https|http2|dgram|tls|child_process|worker_threads|cluster|dns)\b/;

interface Import {
  readonly from: string;
  /** A path below the root for the project's own files, else the package's or module's name. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const root = dirname(import.meta.dirname);
const files = ['server', 'shared', 'client'].flatMap((folder) => sourcesBelow(folder));
const product = files.filter((file) => !/\.(test|fixture)\.tsx?$/.test(file));
const imports = product.flatMap((file) => importsOf(file));

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile() && /\.tsx?$/.test(item.name))
    .map((item) => join(item.parentPath, item.name).slice(root.length + 1));
}

function importsOf(from: string): Import[] {
  const text = readFileSync(join(root, from), 'utf8');
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'/gm);
  const calls = text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g);
  return [
    ...Array.from(statements, ([, type, name = '']) => ({ from, to: resolved(from, name), typeOnly: Boolean(type) })),
    ...Array.from(calls, ([, name = '']) => ({ from, to: resolved(from, name), typeOnly: false })),
  ];
}

function resolved(from: string, name: string): string {
  return name.startsWith('.') ? join(dirname(from), name) : name;
}

function isIn(path: string, place: string): boolean {
  return path === place || path.startsWith(place.endsWith('/') ? place : `${place}/`);
}

const tell = ({ from, to }: Import) => `${from} imports ${to}`;

function stagesOf(file: string): string[] {
  return Object.keys(mayImport).filter((stage) => isIn(file, `server/${stage}`));
}

function isAllowedInServer({ from, to, typeOnly }: Import): boolean {
  if (!isIn(to, 'server')) return !isIn(to, 'client');
  const stages = stagesOf(from);
  if (isIn(to, 'server/config')) return typeOnly || stages.includes('config');
  if (openToAll.some((place) => isIn(to, `server/${place}`))) return true;
  return stages.some(
    (stage) =>
      isIn(to, `server/${stage.split('/')[0]}`) || mayImport[stage]?.some((place) => isIn(to, `server/${place}`)),
  );
}

function cycleFrom(
  start: string,
  graph: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
): string[] | undefined {
  const path: string[] = [];
  const visit = (file: string): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    path.push(file);
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(file);
    return undefined;
  };
  return visit(start);
}

describe('the import table', () => {
  it('reads the imports it judges', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.filter(({ typeOnly }) => typeOnly).length).toBeGreaterThan(10);
  });

  it.each([
    ['server/packaging/hls/manifest.ts', 'server/delivery/routes.ts', true],
    ['server/packaging/hls/manifest.ts', 'server/segments/store.ts', true],
    ['server/ingest/rtmp/session.ts', 'server/sfu/sfu.ts', true],
    ['server/live/session.ts', 'server/config/config.ts', false],
    ['server/segments/store.ts', 'client/api/call.ts', true],
  ])('refuses %s to import %s', (from, to, typeOnly) => {
    expect(isAllowedInServer({ from, to, typeOnly })).toBe(false);
  });

  it.each([
    ['server/packaging/hls/manifest.ts', 'server/segments/timelineReader.ts', true],
    ['server/ingest/whip/session.ts', 'server/sfu/sfu.ts', false],
    ['server/ingest/whip/session.ts', 'server/ingest/source.ts', false],
    ['server/live/session.ts', 'server/config/config.ts', true],
    ['server/delivery/routes.ts', 'server/http.ts', false],
  ])('allows %s to import %s', (from, to, typeOnly) => {
    expect(isAllowedInServer({ from, to, typeOnly })).toBe(true);
  });

  it('knows every folder of the server', () => {
    const folders = readdirSync(join(root, 'server'), { withFileTypes: true }).filter((item) => item.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => !(name in mayImport))).toEqual([]);
  });

  it('lets a stage import only what the table allows', () => {
    const inStages = imports.filter(
      ({ from }) => isIn(from, 'server') && !builders.includes(from.slice('server/'.length)),
    );
    const shared = inStages.filter(({ from }) => openToAll.some((place) => isIn(from, `server/${place}`)));
    expect(inStages.filter((one) => !shared.includes(one) && !isAllowedInServer(one)).map(tell)).toEqual([]);
    const mayShared = (to: string) => !isIn(to, 'server') || openToAll.some((place) => isIn(to, `server/${place}`));
    expect(shared.filter(({ to }) => !mayShared(to) || isIn(to, 'client')).map(tell)).toEqual([]);
  });

  it('keeps shared to itself, and the server out of the client', () => {
    const strays = imports.filter(
      ({ from, to }) =>
        (isIn(from, 'shared') && (/^(server|client)\//.test(to) || to.startsWith('node:'))) ||
        (isIn(from, 'client') && (isIn(to, 'server') || to.startsWith('node:'))),
    );
    expect(strays.map(tell)).toEqual([]);
  });

  it('keeps studio code and its component library out of the player', () => {
    const strays = imports.filter(
      ({ from, to }) =>
        isIn(from, 'client/player') && (/^client\/(studio|library|account)\//.test(to) || to.startsWith('@mantine/')),
    );
    expect(strays.map(tell)).toEqual([]);
  });

  it('keeps reading and sending out of media and the packagers', () => {
    const strays = imports.filter(
      ({ from, to }) => (isIn(from, 'server/media') || isIn(from, 'server/packaging')) && io.test(to),
    );
    expect(strays.map(tell)).toEqual([]);
  });

  it.each(Object.entries(ownersOfPackages))('leaves %s to its owner', (name, owners) => {
    const strays = imports.filter(
      ({ from, to, typeOnly }) => !typeOnly && isIn(to, name) && !owners.some((owner) => isIn(from, owner)),
    );
    expect(strays.map(tell)).toEqual([]);
  });

  it('has no import that leads back to its own file', () => {
    const graph = new Map(product.map((file) => [file, [] as string[]]));
    for (const { from, to, typeOnly } of imports) if (!typeOnly) graph.get(from)?.push(to);
    const done = new Set<string>();
    expect(product.flatMap((file) => cycleFrom(file, graph, done)?.join(' → ') ?? [])).toEqual([]);
  });
});

describe('files', () => {
  it('are at most 500 lines long', () => {
    const long = files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 501);
    expect(long).toEqual([]);
  });

  it('are named after what is in them', () => {
    const meaningless = /^(utils?|helpers?|common|misc|data|manager)\b/i;
    expect(files.flatMap((file) => file.split('/')).filter((name) => meaningless.test(basename(name)))).toEqual([]);
  });

  it('read the environment only in config', () => {
    const readers = product.filter(
      (file) => !isIn(file, 'server/config') && /\bprocess\.env\b/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(readers).toEqual([]);
  });
});
