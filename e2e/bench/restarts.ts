/**
 * npm run soak:restarts [-- <restarts> <seed>]
 *
 * An encoder that is killed (SIGKILL) and started again 100 times, 0.2 to 5 s later, while hls.js and shaka watch in
 * Chromium on one URL: over RTMP and RTSP, two times from a browser over WHIP, with three settings in turn that differ in
 * size, frame rate, bitrate, profile, reordered frames, sample rate and channels; every tenth encoder dies before it has
 * sent a whole segment. The DVR is five minutes, so that its window slides over the discontinuities.
 *
 * Printed, and a failure where it is not zero: fatal player errors (each makes the player load again), playlists that
 * went back, broadcasts beyond one, complaints of ffmpeg about the ended broadcast. Stall time is the time in which
 * `currentTime` stood still: media that were never sent have to be waited for, so the sum cannot be much less than the
 * sum of the times without media.
 */
import { launchBrowser } from '../drivers/browser.ts';
import { engines, soakRestarts, type Protocol, type SoakResult, type Turn } from '../drivers/restartSoak.ts';
import { ServerUnderTest } from '../drivers/server.ts';
import { quantile } from './quantile.ts';

const restarts = Number(process.argv[2] ?? 100);
let seed = Number(process.argv[3] ?? 1);

/** The same turns for the same seed. */
function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

function planTurns(): Turn[] {
  return Array.from({ length: restarts + 1 }, (_, index) => {
    const hasty = index % 10 === 7 && index < restarts;
    const whip = !hasty && (index === Math.floor(restarts / 3) || index === Math.floor((restarts * 2) / 3));
    const protocol: Protocol = whip ? 'whip' : index % 4 === 3 ? 'rtsp' : 'rtmp';
    // Among the short gaps some very short ones, for they are the ones that race.
    const gapSeconds = random() < 0.3 ? 0.2 : 0.2 + random() * 4.8;
    const onAirSeconds = hasty ? 0.3 + random() : 0.5 + random() * 5;
    return { protocol, setting: index % 3, gapSeconds, onAirSeconds, hasty };
  });
}

const seconds = (ms: number) => Number((ms / 1000).toFixed(1));

function print({ restarts: rows, kills, players, playlistComplaints, broadcasts, runs }: SoakResult): void {
  const spread = (values: readonly number[]) => ({
    p50: seconds(quantile(values, 0.5)),
    p95: seconds(quantile(values, 0.95)),
    max: seconds(Math.max(...values)),
    total: seconds(values.reduce((sum, value) => sum + value, 0)),
  });
  console.table({
    'encoder away': spread(rows.map(({ gapMs }) => gapMs)),
    'no new media': spread(rows.map(({ withoutMediaMs }) => withoutMediaMs)),
    ...Object.fromEntries(
      engines.flatMap((engine) => [
        [`stall ${engine}`, spread(rows.map(({ stallMs }) => stallMs[engine]))],
        [`stall - gap ${engine}`, spread(rows.map(({ stallMs, gapMs }) => stallMs[engine] - gapMs))],
      ]),
    ),
  });
  const long = rows.filter(({ stallMs, gapMs }) => engines.some((engine) => stallMs[engine] > gapMs + 6000));
  console.log(`${kills} kills, ${broadcasts} broadcast(s); stalls longer than the gap and 6 s: ${long.length}`);
  for (const each of long) console.log(each);
  for (const engine of engines) {
    const { reloads, errors, skippedSeconds, repeatedSeconds, playedToTheEnd } = players[engine];
    console.log(
      `${engine}: ${reloads} reloads, ${errors.length} errors, skipped ${skippedSeconds.toFixed(1)} s, ` +
        `repeated ${repeatedSeconds.toFixed(1)} s, ${playedToTheEnd ? 'played' : 'did NOT play'} to the end`,
      ...errors,
    );
  }
  console.log('playlist complaints:', playlistComplaints.length === 0 ? 'none' : playlistComplaints.join('; '));
  const frames = runs.reduce((sum, { videoFrames }) => sum + videoFrames, 0);
  const complaints = runs.map((run) => run.complaints).filter(Boolean);
  console.log(`read back: ${runs.length} runs, ${frames} frames; ffmpeg says: ${complaints.join('; ') || 'nothing'}`);
}

const server = await ServerUnderTest.start();
const browser = await launchBrowser();
try {
  const result = await soakRestarts({
    server,
    browser,
    turns: planTurns(),
    dvr: { enabled: true, windowMinutes: 5 },
    onRestart: ({ protocol, setting, gapMs, withoutMediaMs }) =>
      console.log(`${protocol} ${setting}: away ${seconds(gapMs)} s, media after ${seconds(withoutMediaMs)} s`),
  });
  print(result);
  const sound = engines.every((engine) => {
    const { reloads, errors, playedToTheEnd } = result.players[engine];
    return reloads === 0 && errors.length === 0 && playedToTheEnd;
  });
  const kept =
    result.playlistComplaints.length === 0 &&
    result.broadcasts === 1 &&
    result.runs.every((run) => run.complaints === '');
  if (!sound || !kept) process.exitCode = 1;
} finally {
  await browser.close();
  await server.stop();
}
