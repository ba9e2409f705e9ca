import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';

/** Started by `npm run e2e`, which finds a browser and says so in these variables. */
const executablePath = process.env['HEAPSCOPE_BROWSER'] || undefined;
const args = (process.env['HEAPSCOPE_BROWSER_FLAGS'] ?? '').split(' ').filter(Boolean);

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  // Every test has its own app, files and home. One waits a good part of its time, for programs that end and pages that load.
  fullyParallel: true,
  workers: Math.min(2, availableParallelism()),
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  // Guards against hanging and nothing else: many times what a slow machine takes.
  timeout: 300_000,
  globalTimeout: 40 * 60_000,
  expect: { timeout: 120_000 },
  reporter: [['list'], ['json']],
  use: {
    browserName: 'chromium',
    headless: !process.argv.includes('--headed'),
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    colorScheme: 'light',
    launchOptions: { ...(executablePath ? { executablePath } : {}), args },
    screenshot: 'only-on-failure',
    // Recording one takes as much as the test itself: `npm run e2e -- SPEC --trace on`.
    trace: 'off',
  },
});
