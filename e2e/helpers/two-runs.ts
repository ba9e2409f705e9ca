import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProjectId, SessionId, SnapshotRow } from '../../src-preload/contract/index.ts';
import { heapscope } from './command-line.ts';
import type { Engine } from './engine.ts';
import { pythonPath, target } from './places.ts';
import { expect, test as base } from './test.ts';

interface Prepared {
  /** Two runs of a leaky service, the second with fewer requests, with a heap snapshot at every tenth. */
  both: string;
  /** A third run, in a file of its own. */
  other: string;
}

/** Comparison tests get copies of three recordings in two files, made once per worker. */
export const test = base.extend<{ bothFile: string; otherFile: string }, { recorded: Prepared }>({
  recorded: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'heapscope-e2e-runs-'));
      const files = { both: join(folder, 'both.heapscope'), other: join(folder, 'other.heapscope') };
      const record = async (file: string, requests: number): Promise<void> => {
        const program = [pythonPath(), target('leaky_service'), '--requests', String(requests), '--mark-every', '10', '--pause', '0.1'];
        const ran = await heapscope(['record', '-o', file, '--interval', '50', '--snapshot-at-mark', '*', '--', ...program], folder);
        expect(ran.code, ran.stderr).toBe(0);
      };
      await record(files.both, 35);
      await record(files.both, 25);
      await record(files.other, 15);
      await use(files);
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 300_000 },
  ],

  bothFile: async ({ recorded, folder }, use) => {
    const copy = join(folder, 'both.heapscope');
    copyFileSync(recorded.both, copy);
    await use(copy);
  },

  otherFile: async ({ recorded, folder }, use) => {
    const copy = join(folder, 'other.heapscope');
    copyFileSync(recorded.other, copy);
    await use(copy);
  },
});

/** The ready snapshots of a session, earliest first. */
export async function snapshotsOf(engine: Engine, project: ProjectId, session: SessionId): Promise<SnapshotRow[]> {
  const rows = await engine.call('snapshots.list', { project, session });
  return rows.filter(({ state }) => state === 'ready').toSorted((a, b) => a.t - b.t);
}

export { expect } from './test.ts';
