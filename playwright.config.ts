import { defineConfig } from '@playwright/test';
import { browserOptions } from './e2e/drivers/browser.ts';

/** Each spec starts the servers it needs, on free ports. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // They wait for media in real time far more than they compute.
  workers: 2,
  // A machine that others share can stand still for a second, which no real-time test outlives. In CI such a test is tried
  // once more, and listed as flaky when it passes then; by hand, a failure is a failure.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    // Recording traces takes a third of the suite's time; of one test it is asked for with --trace on.
    trace: 'off',
    screenshot: 'only-on-failure',
    permissions: ['camera', 'microphone'],
    launchOptions: browserOptions,
  },
});
