import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { SnapshotRow } from '../../../src-preload/contract/index.ts';
import { SnapshotBench, until } from './snapshot-bench.ts';

const bench = SnapshotBench.forEach();
const CODE = `import time
class User:
    def __init__(self, n): self.name = "user %d" % n
import heapscope_agent
users = [User(n) for n in range(700000)]
heapscope_agent.snapshot("x")
time.sleep(600)`;
/** By then the file has the snapshot's row, while its heap is still being read. */
const FLUSHED = 700;

function wholeDumps(): string[] {
  return bench.dumps().filter(
    (name) =>
      readFileSync(join(bench.folder, 'dumps', name))
        .subarray(-48, -44)
        .toString() === 'END!',
  );
}

it('dumps of a Heapscope that was killed are imported when their project is opened again', async () => {
  const file = join(bench.folder, 'a.heapscope');
  const headless = join(import.meta.dirname, '../..', 'headless.ts');
  const words = ['record', '-q', '-o', file, '--', 'python3', '-c', CODE];
  const env = { ...process.env, HEAPSCOPE_DATA: bench.folder };
  const recorder = spawn(process.execPath, [headless, ...words], { cwd: bench.folder, env, stdio: 'ignore' });
  await until(() => existsSync(join(bench.folder, 'dumps')) && wholeDumps().length > 0);
  await sleep(FLUSHED);
  recorder.kill('SIGKILL');
  await once(recorder, 'exit');
  const left = wholeDumps();
  await bench.engine.dispose();
  await bench.start();
  const project = await bench.engine.projects.open({ path: file });
  const { snapshots } = bench.engine.projects.file(project.id);
  expect(left.length).toBeGreaterThan(0);
  const ready = (): SnapshotRow[] => snapshots.list(null).filter(({ state }) => state === 'ready');
  await until(() => ready().length >= left.length);
  for (const { id } of ready()) expect(snapshots.types(id).find(({ name }) => name === 'User')?.count).toBe(700_000);
  await until(() => bench.dumps().length === 0);
});
