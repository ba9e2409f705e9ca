import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { heapscope } from './command-line.ts';
import { pythonPath, target } from './places.ts';
import { expect, test as base } from './test.ts';

interface Prepared {
  /** Path of a project with one session: a leaky service of 40 requests with marks, recorded to its end. */
  leak: string;
}

/** Tests of recorded data get copies of one recording, made once per worker. */
export const test = base.extend<{ leakFile: string }, { prepared: Prepared }>({
  prepared: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'heapscope-e2e-prepared-'));
      const leak = join(folder, 'leak.heapscope');
      const program = [pythonPath(), target('leaky_service'), '--requests', '40', '--mark-every', '10'];
      const ran = await heapscope(['record', '-o', leak, '--interval', '20', '--', ...program], folder);
      expect(ran.code, ran.stderr).toBe(0);
      await use({ leak });
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],

  leakFile: async ({ prepared, folder }, use) => {
    const copy = join(folder, 'leak.heapscope');
    copyFileSync(prepared.leak, copy);
    await use(copy);
  },
});

export { expect } from './test.ts';
