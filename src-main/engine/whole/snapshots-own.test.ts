import { expect, it } from 'vitest';
import type { SnapshotRef } from '../../../src-preload/contract/index.ts';
import { SnapshotBench, until, type Started } from './snapshot-bench.ts';

const ALL = { filter: null, sort: null, from: 0, count: 1000 };
const bench = SnapshotBench.forEach();

/** It takes snapshots itself, so that nothing of it runs in between. */
const IDLE = `
import time
from heapscope_agent import snapshot
for name in "abc":
    assert snapshot(name).wait()
    time.sleep(0.3)
print("ready", flush=True)
time.sleep(60)`;

async function taken(started: Started): Promise<SnapshotRef[]> {
  await until(() => bench.rows(started).filter(({ state }) => state === 'ready').length === 3);
  return bench.rows(started).map(({ id }) => ({ project: started.project.id, snapshot: id }));
}

it.each([0, 1])(
  'a program that does nothing has nothing new: what is ours is left out, with %i frames traced',
  async (tracemallocFrames) => {
    const started = await bench.ready(IDLE, { spec: { tracemallocFrames } });
    const refs = await taken(started);
    const call = { signal: AbortSignal.timeout(30_000), onProgress: () => undefined };
    for (const [base, later] of [refs.slice(0, 2), refs.slice(1, 3)]) {
      const set = { of: 'changed', base: base!, part: 'new', by: null, key: 0 } as const;
      const { rows } = await bench.engine.heap.query('compare.objects', { ...later!, set, ...ALL }, call);
      expect(rows.map(({ type, holder, site }) => ({ type, holder, site }))).toEqual([]);
    }
    const lines = { by: 'site', within: { of: 'all' }, parent: null, ...ALL } as const;
    const { rows } = await bench.engine.heap.query('heap.groups', { ...refs[2]!, ...lines }, call);
    expect(rows.filter(({ label }) => label.module.includes('heapscope_agent')).map(({ label }) => label)).toEqual([]);
    await bench.end(started);
  },
);
