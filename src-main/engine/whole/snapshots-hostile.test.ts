import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Args, CaptureMethod, Result, SnapshotOptions, SnapshotRef, SnapshotRow } from '../../../src-preload/contract/index.ts';
import type { HeapQuery } from '../analysis/index.ts';
import { holding, SnapshotBench, until, type Started } from './snapshot-bench.ts';

const bench = SnapshotBench.forEach();
const targets = join(import.meta.dirname, '../../../python-agent/tests/targets');
const hasCompiler = (() => {
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return process.platform === 'linux';
  } catch {
    return false;
  }
})();
const METHODS: CaptureMethod[] = hasCompiler ? ['fork', 'in-place', 'python', 'census'] : ['python', 'census'];

async function taken(started: Started, method: SnapshotOptions['method']): Promise<SnapshotRow> {
  const [row] = await bench.take(started, { method, previews: true });
  return await bench.settled(started, row!.id);
}

function ask<M extends HeapQuery>(method: M, args: Args<M>): Promise<Result<M>> {
  const call = { signal: AbortSignal.timeout(60_000), onProgress: () => undefined };
  return bench.engine.heap.query(method, args, call);
}

const ALL = { filter: null, sort: null, from: 0, count: 1000 };

/** A program that modifies its own dump once it is complete: `how` has its descriptor `fd` and its `size`. */
function tampering(how: string): string {
  return holding(
    3000,
    `
import os
from heapscope_agent.heap import ways
go_on = ways.Python.go_on
def tampered(self, until):
    facts = go_on(self, until)
    if facts["done"]:
        fd = self._file.number
        size = os.fstat(fd).st_size
        ${how}
    return facts
ways.Python.go_on = tampered
print("set", flush=True)
time.sleep(60)`,
  );
}

describe('a dump that its program spoiled', () => {
  it.each([
    ['cut', 'os.ftruncate(fd, size - 100)', 'snapshot.cut'],
    ['cut in its header', 'os.ftruncate(fd, 20)', 'snapshot.cut'],
    ['emptied', 'os.ftruncate(fd, 0)', 'snapshot.cut'],
    ['altered in the middle', 'os.pwrite(fd, b"\\xff\\x00\\xaa\\x55", size // 2)', 'snapshot.damaged'],
    ['altered in its totals', 'os.pwrite(fd, b"\\xff" * 7, size - 32)', 'snapshot.damaged'],
    ['lengthened', 'os.pwrite(fd, b"more", size)', 'snapshot.damaged'],
    ['of another version', 'os.pwrite(fd, b"\\x09", 8)', 'snapshot.damaged'],
    ['taken away', 'import glob; os.unlink(os.readlink(f"/proc/self/fd/{fd}"))', 'file.missing'],
  ])('as it is %s fails with words, and leaves nothing', async (_how, how, code) => {
    const started = await bench.ready(tampering(how));
    await until(() => bench.console(started).includes('set'));
    const row = await taken(started, 'python');
    expect(row).toMatchObject({ state: 'failed', error: { code }, storedBytes: null });
    expect(bench.dumps()).toEqual([]);
    expect(bench.eventsOf(started, 'snapshot-failed')).toMatchObject([{ facts: { code } }]);
    const ref = { project: started.project.id, snapshot: row.id };
    await expect(ask('heap.summary', ref)).rejects.toMatchObject({ code: 'snapshot.not-ready' });
    expect(started.recording.running).toBe(true);
    await bench.end(started);
  });
});

describe('a program that misleads whoever looks at its objects', () => {
  it.each(METHODS)('is seen as it is by %s, and none of its code runs', async (method) => {
    const started = await bench.ready(join(targets, 'is_strange.py'), { spec: { mode: 'script' } });
    const row = await taken(started, method);
    expect(row).toMatchObject({ state: 'ready', error: null, method });
    const ref = { project: started.project.id, snapshot: row.id };
    const { rows } = await ask('heap.groups', { ...ref, by: 'type', within: { of: 'all' }, parent: null, ...ALL });
    const names = rows.map(({ label }) => `${label.module}.${label.name}`);
    expect(names).toEqual(
      expect.arrayContaining([
        '__main__.Unhashable',
        '__main__.LyingDict',
        '__main__.LyingObject',
        '?.NoModule',
        '?.LyingModule',
        'mod?.Surrogate??',
        '__main__.Zero\0byte\n\x1b[31m',
        `${'m'.repeat(500)}.${'N'.repeat(500)}`,
      ]),
    );
    expect(bench.console(started)).not.toContain('code ran');
    if (method !== 'census') await lookAround(ref);
    await bench.end(started);
  });

  async function lookAround(ref: SnapshotRef): Promise<void> {
    const { rows } = await ask('heap.objects', { ...ref, set: { of: 'all' }, ...ALL });
    for (const { node } of rows.slice(0, 50)) await ask('heap.object', { ...ref, node });
    for (const by of ['module', 'hierarchy', 'holder', 'site'] as const)
      expect((await ask('heap.groups', { ...ref, by, within: { of: 'all' }, parent: null, ...ALL })).total).toBeGreaterThan(0);
    expect((await ask('heap.cycles', { ...ref, only: 'all', ...ALL })).total).toBeGreaterThan(0);
    await ask('heap.duplicates', { ...ref, ...ALL });
  }
});

const CHAIN = `
class Link:
    def __init__(self, before): self.before = before
chain = None
for _ in range(1_000_000): chain = Link(chain)
print("linked", flush=True)
time.sleep(600)`;

describe('a chain of a million objects', () => {
  it.each(METHODS)('is captured by %s, and looked into from end to end', async (method) => {
    const started = await bench.ready(holding(1, CHAIN));
    await until(() => bench.console(started).includes('linked'));
    const row = await taken(started, method);
    expect(row).toMatchObject({ state: 'ready', error: null });
    const ref = { project: started.project.id, snapshot: row.id };
    const types = await ask('heap.groups', { ...ref, by: 'type', within: { of: 'all' }, parent: null, ...ALL });
    const links = types.rows.find(({ label }) => label.name === 'Link')!;
    expect(links.count).toBe(1_000_000);
    if (method !== 'census') await followChain(ref, links.key);
    await bench.end(started);
  });

  async function followChain(ref: SnapshotRef, key: number): Promise<void> {
    const set = { of: 'group', by: 'type', key } as const;
    const sort = { column: 'retained', descending: false };
    const { rows } = await ask('heap.objects', { ...ref, set, ...ALL, sort, count: 1 });
    const { node } = rows[0]!;
    const paths = await ask('heap.paths', { ...ref, set: { of: 'nodes', nodes: [node] }, ignore: [], limit: 1e9 });
    expect(paths).toMatchObject({ asked: 1, reached: 1, cut: true });
    expect((await ask('heap.paths', { ...ref, set, ignore: [], limit: 1000 })).cut).toBe(true);
    expect((await ask('heap.object', { ...ref, node })).kind).toBe('object');
    expect((await ask('heap.measure', { ...ref, set })).count).toBe(1_000_000);
    expect((await ask('heap.icicle', { ...ref, node: 0, depth: 50, smallest: 1 })).length).toBeGreaterThan(0);
    await ask('heap.cycles', { ...ref, only: 'all', ...ALL });
    await ask('heap.dominated', { ...ref, node: 0, ...ALL });
  }
});

describe('a heap that is too large for the memory there is', () => {
  it('is refused by its numbers before it is read, and its types are counted instead', async () => {
    await bench.engine.dispose();
    await bench.start({ importMemory: 130 << 20 });
    const started = await bench.ready(holding(80_000));
    const refused = await taken(started, 'auto');
    expect(refused).toMatchObject({ state: 'failed', storedBytes: null, error: { code: 'snapshot.too-large' } });
    const { objects, references, needed, available } = refused.error!.facts;
    expect([objects, references]).toEqual([refused.objects, refused.references]);
    expect(available).toBe(130 << 20);
    expect(needed).toBeGreaterThan(130 << 20);
    expect(bench.eventsOf(started, 'snapshot-failed')).toMatchObject([{ facts: { code: 'snapshot.too-large' } }]);
    const counted = await taken(started, 'census');
    expect(counted).toMatchObject({ state: 'ready', error: null });
    expect(bench.users(started, counted)).toBe(80_000);
    expect(bench.dumps()).toEqual([]);
    await bench.end(started);
  });
});

describe('a census', () => {
  it('is taken where the walk may not have the memory it needs, and answers by type alone, also when reopened', async () => {
    const started = await bench.ready(holding(80_000));
    const [refused] = await bench.take(started, { memoryLimit: 1 << 20 });
    expect(await bench.settled(started, refused!.id)).toMatchObject({ state: 'failed', error: { code: 'snapshot.limit' } });
    const [row] = await bench.take(started, { method: 'census', memoryLimit: 1 << 20 });
    const done = await bench.settled(started, row!.id);
    expect(done).toMatchObject({ state: 'ready', method: 'census', references: null, garbage: null });
    expect(done.tracked).toBe(done.objects);
    expect(done.pause).toBeGreaterThan(0);
    expect(bench.users(started, done)).toBe(80_000);
    expect(bench.dumps()).toEqual([]);
    await bench.end(started);

    await bench.engine.projects.close({ project: started.project.id });
    const project = await bench.engine.projects.open({ path: started.project.path });
    const ref = { project: project.id, snapshot: done.id };
    const { rows } = await ask('heap.groups', { ...ref, by: 'type', within: { of: 'all' }, parent: null, ...ALL });
    expect(rows.find(({ label }) => label.name === 'User')?.count).toBe(80_000);
    await expect(ask('heap.objects', { ...ref, set: { of: 'all' }, ...ALL })).rejects.toMatchObject({
      code: 'snapshot.census',
      facts: { snapshot: done.id },
    });
  });

  it('first says how long the program will stand still', async () => {
    const started = await bench.ready(holding(3000));
    const [forecast] = await bench.engine.snapshots.forecast({ ...bench.ref(started), method: 'census' });
    expect(forecast).toMatchObject({ method: 'census' });
    expect(forecast!.expectedPause).toBeGreaterThan(0);
    await bench.end(started);
  });
});
