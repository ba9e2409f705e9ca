import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import type { Browser } from '@playwright/test';
import { launchApp, SHELL } from './app.ts';
import type { App } from './app.ts';
import { Heapscope } from './window/heapscope.ts';

export { expect } from './expect.ts';

export interface LaunchRequest {
  /** Another data folder than the test's own, which two apps of a test share by default. */
  data?: string;
  env?: NodeJS.ProcessEnv;
  /** Arguments after `heapscope serve`. */
  words?: string[];
}

interface Fixtures {
  /** A folder of this test, removed after it. */
  folder: string;
  /** Starts another Heapscope; it is ended with the test. */
  launch: (request?: LaunchRequest) => Promise<Heapscope>;
  /** A freshly started Heapscope. */
  app: Heapscope;
  /** Errors that the window logged; a test that provokes one removes it. */
  complaints: string[];
}

export const test = base.extend<Fixtures, { shellBrowser: Browser | null }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'heapscope-e2e-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  },

  // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern
  complaints: async ({}, use) => {
    const complaints: string[] = [];
    await use(complaints);
    base.expect(complaints, 'errors in the console of the window').toEqual([]);
  },

  // Not Playwright's own `browser`: in Electron there is none to start.
  shellBrowser: [
    async ({ playwright, launchOptions }, use) => {
      const browser = SHELL === 'browser' ? await playwright.chromium.launch(launchOptions) : null;
      await use(browser);
      await browser?.close();
    },
    { scope: 'worker' },
  ],

  launch: async ({ shellBrowser, folder, complaints }, use) => {
    const started: App[] = [];
    await use(async (request = {}) => {
      const app = await launchApp(shellBrowser, { data: request.data ?? join(folder, 'data'), env: request.env, words: request.words });
      app.page.on('pageerror', (error) => complaints.push(error.message));
      app.page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      started.push(app);
      const window = new Heapscope(app);
      await window.ready();
      return window;
    });
    for (const app of started) await app.close();
  },

  app: async ({ launch }, use) => {
    await use(await launch());
  },
});
