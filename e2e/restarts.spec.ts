import { expect, test } from '@playwright/test';
import { engines, soakRestarts, type Turn } from './drivers/restartSoak.ts';
import { ServerUnderTest } from './drivers/server.ts';

const turns: Turn[] = [
  { protocol: 'rtmp', setting: 0, gapSeconds: 0, onAirSeconds: 0.5 },
  { protocol: 'rtmp', setting: 0, gapSeconds: 0.2, onAirSeconds: 1 },
  { protocol: 'rtmp', setting: 1, gapSeconds: 1, onAirSeconds: 1 },
  { protocol: 'rtsp', setting: 2, gapSeconds: 0.5, onAirSeconds: 0.5 },
  { protocol: 'rtmp', setting: 0, gapSeconds: 0.5, onAirSeconds: 0.7, hasty: true },
  { protocol: 'whip', setting: 0, gapSeconds: 0.5, onAirSeconds: 1 },
  { protocol: 'rtmp', setting: 2, gapSeconds: 2, onAirSeconds: 1 },
];

test('viewers play on while the encoder dies and comes back, again and again, in other ways than before', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const server = await ServerUnderTest.start();
  const result = await soakRestarts({ server, browser, turns });
  expect(result.playlistComplaints).toEqual([]);
  expect(result.broadcasts).toBe(1);
  for (const engine of engines) {
    expect(result.players[engine]).toMatchObject({ reloads: 0, errors: [], playedToTheEnd: true });
    for (const { stallMs, gapMs } of result.restarts) expect(stallMs[engine]).toBeLessThan(gapMs + 6000);
  }
  // One for each encoder that sent a whole segment; the browser changes its size on the way.
  expect(result.runs.length).toBeGreaterThanOrEqual(result.restarts.length + 1);
  for (const run of result.runs) {
    expect(run.complaints).toBe('');
    expect(run.videoFrames).toBeGreaterThanOrEqual(10);
    expect(run.audioSeconds).toBeGreaterThan(0.5);
  }
  await server.stop();
});
