import { expect, test } from '@playwright/test';
import { killWhileRecording, type Kill } from './drivers/recordingKills.ts';
import { readRuns } from './drivers/readRuns.ts';
import { shownFrames } from './drivers/shownFrames.ts';
import { ServerUnderTest } from './drivers/server.ts';

test('a recording keeps every whole fragment when the server is killed, and plays with its gaps', async () => {
  test.setTimeout(150_000);
  const server = await ServerUnderTest.start();
  const kills: Kill[] = [];
  const recording = await killWhileRecording(server, [2600, 3300], (kill) => kills.push(kill));
  expect(kills).toHaveLength(2);
  for (const { fragmentsOnDisk, fragmentsKept } of kills) {
    expect(fragmentsOnDisk).toBeGreaterThan(10);
    expect(fragmentsKept).toBe(fragmentsOnDisk);
  }
  expect(recording).toMatchObject({ checkExitCode: 0, checked: expect.stringContaining('Index and files agree.') });
  const runs = await readRuns(recording.hls);
  expect(runs).toHaveLength(3);
  for (const { complaints, videoFrames } of runs) {
    expect(complaints).toBe('');
    expect(videoFrames).toBeGreaterThan(40);
  }
  // The same frames in every format, over both kills.
  const frames = runs.reduce((sum, { videoFrames }) => sum + videoFrames, 0);
  for (const [format, renditions] of Object.entries(await shownFrames(recording.playback))) {
    expect(renditions.size, format).toBeGreaterThan(0);
    expect(
      [...renditions.values()].map((shown) => shown.length),
      format,
    ).toContain(frames);
  }
  await server.stop();
});
