/**
 * npm run bench:failover [-- <runs>]
 *
 * What viewers notice when the server switches between a primary and a backup encoder that both send over RTMP, with a
 * key frame every two seconds and a clock burnt into every frame: the primary is killed, comes back, and hangs with its
 * connection open. Printed for each kind of switch: frames (25 a second) that are missing and frames that are shown
 * again, and the seconds until a segment of the other encoder could be played (a return waits for
 * PRIMARY_RETURN_SECONDS, 4 here).
 */
import { ClockEncoder } from '../drivers/clockEncoder.ts';
import { Producer, until } from '../drivers/producer.ts';
import { readClocks } from '../drivers/readClocks.ts';
import { ServerUnderTest } from '../drivers/server.ts';
import { switchHiccups } from '../drivers/switchHiccups.ts';
import { firstStreamName } from '../../shared/urls.ts';
import { quantile } from './quantile.ts';

const runs = Number(process.argv[2] ?? 5);
const frameMs = 40;
const kinds = ['killed', 'back', 'hangs'] as const;

interface Switch {
  readonly kind: (typeof kinds)[number];
  readonly missing: number;
  readonly repeated: number;
  readonly seconds: number;
}

const server = await ServerUnderTest.start({ LOG_LEVEL: 'warn', PRIMARY_RETURN_SECONDS: '4' });
try {
  const producer = await Producer.signIn(server);
  const switches: Switch[] = [];
  for (let run = 0; run < runs; run++) switches.push(...(await switchThrice(producer)));
  console.log(`Failover in ${runs} runs: frames missing and shown again, seconds until the other could be played`);
  console.table(kinds.map((kind) => summary(kind, switches)));
} finally {
  await server.stop();
}

async function switchThrice(producer: Producer): Promise<Switch[]> {
  const entry = await producer.createLiveEntry();
  const { primaryUrl, backupUrl, streamName } = entry.ingest!;
  const primaryAddress = `${primaryUrl}/${firstStreamName(streamName)}`;
  let primary = new ClockEncoder(primaryAddress);
  const backup = new ClockEncoder(`${backupUrl}/${firstStreamName(streamName)}`);
  const hls = entry.playback.hls ?? '';
  const seconds: number[] = [];
  /** Until a segment behind the switch can be played; the next one comes when three more can. */
  const measure = async (what: string) => {
    const startedMs = performance.now();
    const discontinuities = seconds.length + 1;
    const playable = async (segments: number) => {
      const list = await (await fetch(hls.replace('master.m3u8', 'v0.m3u8'))).text();
      const parts = list.split('#EXT-X-DISCONTINUITY\n');
      const isThere = parts.length > discontinuities && (parts.at(-1)?.split('#EXTINF').length ?? 1) > segments;
      return isThere || undefined;
    };
    await until(() => playable(1), what, 30_000);
    seconds.push((performance.now() - startedMs) / 1000);
    await until(() => playable(3), 'segments behind it', 30_000);
  };
  try {
    await producer.waitForState(entry.id, 'live');
    await until(async () => (await onAir(producer, entry.id)) === 'primary' || undefined, 'the primary on air');
    // Not always at the same place between two key frames.
    await new Promise((resolve) => setTimeout(resolve, 4000 + Math.random() * 2000));
    await primary.stop();
    await measure('the backup');
    primary = new ClockEncoder(primaryAddress);
    await measure('the primary again');
    primary.pause();
    await measure('the backup again');
  } finally {
    await primary.stop();
    await backup.stop();
  }
  await producer.call('POST', `/entries/${entry.id}/end`);
  const hiccups = switchHiccups(await readClocks(hls), frameMs);
  if (hiccups.length !== kinds.length) throw new Error(`${hiccups.length} switches were stored`);
  await producer.call('DELETE', `/entries/${entry.id}`);
  return kinds.map((kind, index) => {
    const { missing, repeated } = hiccups[index]!;
    return { kind, seconds: seconds[index]!, missing, repeated };
  });
}

async function onAir(producer: Producer, entryId: string): Promise<string | undefined> {
  const { sources } = await producer.call<{ sources: { role: string; state: string }[] }>(
    'GET',
    `/entries/${entryId}/ingest`,
  );
  return sources.find(({ state }) => state === 'onAir')?.role;
}

function summary(kind: Switch['kind'], switches: readonly Switch[]) {
  const of = switches.filter((each) => each.kind === kind);
  const figures = (name: 'missing' | 'repeated' | 'seconds') => {
    const values = of.map((each) => each[name]);
    const round = (value: number) => Math.round(value * 10) / 10;
    return { [`${name} p50`]: round(quantile(values, 0.5)), [`${name} max`]: round(Math.max(...values)) };
  };
  return { primary: kind, runs: of.length, ...figures('missing'), ...figures('repeated'), ...figures('seconds') };
}
