import { defineConfig } from 'vitest/config';
import { FlakyTests } from './scripts/flakyTests.ts';

/** `unit`: files beside the code, no processes. `integration`: the real ffmpeg, mediasoup, SQLite files, sockets. */
export default defineConfig({
  test: {
    reporters: ['default', new FlakyTests()],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{server,shared,client,scripts}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['{server,scripts}/**/*.integration.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // They wait for media in real time far more than they compute.
          maxWorkers: 3,
          // As for browser tests: see playwright.config.ts.
          retry: process.env.CI ? 1 : 0,
        },
      },
    ],
  },
});
