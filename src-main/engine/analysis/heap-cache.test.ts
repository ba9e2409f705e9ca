import { describe, expect, it } from 'vitest';
import type { SnapshotId } from '../../../src-preload/contract/index.ts';
import { encodeHeap } from '../heap/codec.ts';
import { drawn } from '../heap/testing/drawn.ts';
import { UNWATCHED } from '../worker/job-control.ts';
import type { StoredColumn } from './face.ts';
import { HeapCache } from './heap-cache.ts';
import { HeapSources } from './heap-sources.ts';
import { HeapView } from './heap-view.ts';
import type { SourceInfo } from './jobs.ts';
import { cacheBudget } from './memory-budget.ts';
import { packTables } from './stored-tables.ts';
import { summarize } from './summary.ts';

const sourceOf = (snapshot: SnapshotId): SourceInfo => ({ project: 'p', snapshot, key: `k${snapshot}`, process: 'one' });

/** Every snapshot is the same small heap; each reading of its columns is recorded. */
class Stored extends HeapSources {
  readonly loaded: string[] = [];
  fault: Error | null = null;
  readonly #tables: Uint8Array;

  constructor() {
    super({ read: () => [] } as never);
    const { graph } = drawn('root > a, b > c > d');
    const summary = summarize(new HeapView({ key: '', snapshot: 0 }, graph));
    this.#tables = packTables({ nodes: graph.nodes, edges: graph.edges, summary, groups: {}, parents: [] });
  }

  override async tables(): Promise<Uint8Array> {
    if (this.fault) throw this.fault;
    return this.#tables;
  }

  override async *columns(key: string): AsyncGenerator<StoredColumn> {
    this.loaded.push(key);
    yield* encodeHeap(drawn('root > a, b > c > d').graph);
  }
}

function setup(budget: number) {
  const stored = new Stored();
  const cache = new HeapCache(stored, budget);
  const use = (...snapshots: SnapshotId[]): Promise<number[]> =>
    cache.use(snapshots.map(sourceOf), UNWATCHED, (views) => views.map(({ graph }) => graph.facts.objects));
  return { stored, cache, use };
}
const MUCH = 1 << 30;

describe('heaps in the memory of the worker', () => {
  it('are read once where there is room', async () => {
    const { stored, use } = setup(MUCH);
    expect([await use(1), await use(2), await use(1, 2)]).toEqual([[4], [4], [4, 4]]);
    expect(stored.loaded).toEqual(['k1', 'k2']);
  });

  it('are read once for two who ask at once', async () => {
    const { stored, use } = setup(MUCH);
    await Promise.all([use(1), use(1)]);
    expect(stored.loaded).toEqual(['k1']);
  });

  it('go where there is no room; the one that is looked at stays', async () => {
    const { stored, use } = setup(1);
    for (const snapshot of [1, 1, 2, 2, 1]) await use(snapshot);
    expect(stored.loaded).toEqual(['k1', 'k2', 'k1']);
  });

  it('go by when they were looked at last, and no more of them than must', async () => {
    const probe = setup(MUCH);
    let bytes = 0;
    await probe.cache.use([sourceOf(1)], UNWATCHED, ([view]) => void (bytes = view!.bytes));
    const { stored, use } = setup(bytes * 20);
    // Until the budget is reached, however much is derived from each in between.
    for (let snapshot = 1; snapshot <= 40; snapshot++) {
      await use(1);
      await use(snapshot);
    }
    expect(stored.loaded.filter((key) => key === 'k1')).toHaveLength(1);
    await use(40);
    expect(stored.loaded).toHaveLength(40);
    await use(2);
    expect(stored.loaded.at(-1)).toBe('k2');
    expect(stored.loaded).toHaveLength(41);
  });

  it('stay while somebody uses them, and go after that', async () => {
    const { stored, cache, use } = setup(1);
    const working = Promise.withResolvers<void>();
    const first = cache.use([sourceOf(1)], UNWATCHED, () => working.promise);
    await use(2);
    await use(1);
    expect(stored.loaded).toEqual(['k1', 'k2']);
    working.resolve();
    await first;
    await use(2);
    await use(1);
    expect(stored.loaded).toEqual(['k1', 'k2', 'k2', 'k1']);
  });

  it('that could not be read are read again', async () => {
    const { stored, use } = setup(MUCH);
    stored.fault = new Error('no');
    await expect(use(1)).rejects.toThrow('no');
    stored.fault = null;
    expect(await use(1)).toEqual([4]);
  });

  it('that are forgotten are read again, and so are their tables', async () => {
    const { stored, cache, use } = setup(MUCH);
    await use(1, 2);
    cache.forget(['k1']);
    await use(1, 2);
    expect(stored.loaded).toEqual(['k1', 'k2', 'k1']);
    cache.forget(['k1']);
    stored.fault = new Error('no');
    await expect(use(1)).rejects.toThrow('no');
    expect(await use(2)).toEqual([4]);
  });

  it('that are loaded early are there when they are asked for', async () => {
    const { stored, cache, use } = setup(MUCH);
    cache.loadSoon(sourceOf(1), UNWATCHED);
    cache.loadSoon(sourceOf(1), UNWATCHED);
    await use(1);
    cache.loadSoon(sourceOf(1), UNWATCHED);
    expect(stored.loaded).toEqual(['k1']);
    stored.fault = new Error('no');
    cache.loadSoon(sourceOf(2), UNWATCHED);
    await expect(use(2)).rejects.toThrow('no');
  });

  it('are not used for a question that was cancelled, and are there for the next', async () => {
    const { stored, cache, use } = setup(MUCH);
    const check = () => {
      throw new Error('cancelled');
    };
    await expect(cache.use([sourceOf(1)], { ...UNWATCHED, check }, () => 'used')).rejects.toThrow('cancelled');
    await use(1);
    expect(stored.loaded).toEqual(['k1']);
  });
});

it('heaps may keep three tenths of the memory there is, of the container where that is less, and 256 MB at least', () => {
  const GB = 2 ** 30;
  expect(cacheBudget(10 * GB, 0)).toBe(3 * GB);
  expect(cacheBudget(10 * GB, 5 * GB)).toBe(1.5 * GB);
  expect(cacheBudget(10 * GB, 2 ** 60)).toBe(3 * GB);
  expect(cacheBudget(GB / 2, 0)).toBe(GB / 4);
});
