import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { heapscope } from './command-line.ts';
import { pythonPath, target } from './places.ts';
import { expect, test as base } from './test.ts';

/** Tests of how the window looks get a copy of two runs whose figures are wide, each with a snapshot before and after it grew. */
export const test = base.extend<{ wideFile: string }, { wide: string }>({
  wide: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'heapscope-e2e-wide-'));
      const file = join(folder, 'wide.heapscope');
      for (const size of ['large', 'small']) {
        const program = [pythonPath(), '-X', 'tracemalloc', target('large_figures'), size];
        const ran = await heapscope(
          ['record', '-o', file, '--interval', '50', '--sampling', '64k', '--previews', '--', ...program],
          folder,
        );
        expect(ran.code, ran.stderr).toBe(0);
      }
      await use(file);
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 300_000 },
  ],

  wideFile: async ({ wide, folder }, use) => {
    const copy = join(folder, 'wide.heapscope');
    copyFileSync(wide, copy);
    await use(copy);
  },
});

export { expect } from './test.ts';
