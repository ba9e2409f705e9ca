import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { AllocationTable, Args } from '../../../src-preload/contract/index.ts';
import { SnapshotBench, until, type Started } from './snapshot-bench.ts';

const bench = SnapshotBench.forEach();
const COMMAND = resolve(import.meta.dirname, '../../headless.ts');

/** Keeps 20 MB that one function makes, frees 20 MB of another, and waits. */
const PROGRAM = `
import sys
def keep(found):
    for _ in range(1000):
        found.append(bytearray(20_000))
def pass_on(found):
    for _ in range(1000):
        found.append(bytearray(20_000))
kept, gone = [], []
keep(kept)
pass_on(gone)
gone.clear()
print("ready", flush=True)
sys.stdin.readline()`;
const MADE = 20_000_000;
const KEEP_LINE = 5;

async function rows(started: Started, of: Args<'allocations.rows'>['of']): Promise<AllocationTable['rows']> {
  const scope = { process: null, from: null, to: null, mine: true, by: 'line', of } as const;
  const page = { filter: null, sort: null, first: 0, count: 100 };
  const signal = new AbortController().signal;
  return (await bench.engine.allocations.rows({ ...bench.ref(started), ...scope, ...page }, signal)).rows;
}

/** What the command prints of a file. */
async function printed(...args: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [COMMAND, 'allocations', ...args])).stdout;
}

interface Printed {
  file: string;
  line: number;
  function: string;
  bytes: number;
  error: number;
}

/** Six standard deviations: by chance once in a billion times. */
function expectAbout(row: Pick<Printed, 'bytes' | 'error'> | undefined, bytes: number): void {
  expect(Math.abs((row?.bytes ?? 0) - bytes)).toBeLessThan(6 * (row?.error ?? 0));
}

it('a program whose allocations are sampled: what is live and what was freed, by line, while it runs and in the file', async () => {
  const started = await bench.ready(PROGRAM, { spec: { sampling: 65_536 } });
  const has = async (of: 'live' | 'freed', name: string): Promise<boolean> =>
    (await rows(started, of)).some((row) => row.function === name);
  while (!((await has('live', 'keep')) && (await has('freed', 'pass_on')))) await new Promise((again) => setTimeout(again, 20));
  expect(bench.engine.allocations.states(bench.ref(started))).toMatchObject([{ state: 'on', why: '', mean: 65_536, merged: 0 }]);
  await until(() => bench.events.some(({ event }) => event === 'allocations'));
  const [first] = await rows(started, 'live');
  expect(first).toMatchObject({ function: 'keep', file: '<string>', line: KEEP_LINE, own: true });
  expectAbout(first, MADE);
  expect(first?.spark.at(-1)).toBeCloseTo(first?.bytes ?? 0, 0);
  expectAbout(
    (await rows(started, 'allocated')).find((row) => row.function === 'pass_on'),
    MADE,
  );
  started.recording.stop('interrupt');
  await started.recording.ended;

  const path = join(bench.folder, 'kept.heapscope');
  await bench.engine.projects.file(started.project.id).saveAs(path, false, () => undefined, new AbortController().signal);
  await bench.engine.projects.close({ project: started.project.id });
  const printedRows = async (of: string): Promise<Printed[]> =>
    JSON.parse(await printed(path, '--mine', '--json', '--of', of)) as Printed[];
  const live = await printedRows('live');
  expect(live[0]).toMatchObject({ file: '<string>', line: KEEP_LINE, function: 'keep' });
  expectAbout(live[0], MADE);
  expect(live.find((row) => row.function === 'pass_on')?.bytes ?? 0).toBeLessThan(MADE / 20);
  expectAbout(
    (await printedRows('freed')).find((row) => row.function === 'pass_on'),
    MADE,
  );
  expect(await printed(path, '--mine', '--top', '1')).toMatch(/MiB .*keep +<string>:5\n\n1 (of|row)/);
});

it('a program whose allocations are not sampled has none, and the command says so', async () => {
  const started = await bench.record('print(1)');
  await started.recording.ended;
  expect(bench.engine.allocations.states(bench.ref(started))).toEqual([]);
  const { path } = bench.engine.projects.file(started.project.id);
  await expect(printed(path)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('sampling was off') as string });
});
