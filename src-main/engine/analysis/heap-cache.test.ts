import { describe, expect, it, vi } from 'vitest';
import type { SnapshotId } from '../../../src-preload/contract/index.ts';
import { encodeHeap } from '../heap/codec.ts';
import { drawn } from '../heap/testing/drawn.ts';
import { UNWATCHED } from '../worker/job-control.ts';
import type { StoredColumn } from './face.ts';
import { HeapCache } from './heap-cache.ts';
import { HeapSources } from './heap-sources.ts';
import { HeapView } from './heap-view.ts';
import type { SourceInfo } from './jobs.ts';
import { cacheBudget, heapNeeds, importNeeds } from './memory-budget.ts';
import { packTables } from './stored-tables.ts';
import { summarize } from './summary.ts';

const sourceOf = (snapshot: SnapshotId): SourceInfo => ({ project: 'p', snapshot, key: `k${snapshot}`, process: 'one' });

/** Every snapshot is the same small heap; each reading of its columns is recorded. */
class Stored extends HeapSources {
  readonly loaded: string[] = [];
  fault: Error | null = null;
  asked = 0;
  /** What the tables say instead. */
  claims: Partial<Parameters<typeof packTables>[0]> = {};
  readonly #tables: Parameters<typeof packTables>[0];

  constructor() {
    super({ read: () => [] } as never);
    const { graph } = drawn('root > a, b > c > d');
    const summary = summarize(new HeapView({ key: '', snapshot: 0 }, graph));
    this.#tables = { nodes: graph.nodes, edges: graph.edges, summary, groups: {}, parents: [] };
  }

  override async tables(): Promise<Uint8Array> {
    if (this.fault) throw this.fault;
    this.asked++;
    return packTables({ ...this.#tables, ...this.claims });
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

  it('that are loaded early are loaded before anybody asks', async () => {
    const { stored, cache } = setup(MUCH);
    cache.loadSoon(sourceOf(1), UNWATCHED);
    await vi.waitFor(() => expect(stored.loaded).toEqual(['k1']));
  });

  it('have tables that are read once', async () => {
    const { stored, cache, use } = setup(MUCH);
    await Promise.all([cache.tables(sourceOf(1)), cache.tables(sourceOf(1)), use(1)]);
    await use(1);
    expect(stored.asked).toBe(1);
    expect((await cache.tables(sourceOf(2))).nodes).toBeGreaterThan(4);
    expect(stored.asked).toBe(2);
  });

  it('that are none, since only types were counted, are refused by their snapshot', async () => {
    const { stored, use } = setup(MUCH);
    stored.claims = { census: true };
    await expect(use(3)).rejects.toMatchObject({ code: 'snapshot.census', facts: { snapshot: 3 } });
    expect(stored.loaded).toEqual([]);
  });

  it('that are larger than what is free are refused before they are read, and say by how much', async () => {
    const { stored, cache, use } = setup(MUCH);
    const { nodes, edges } = await cache.tables(sourceOf(1));
    const needed = heapNeeds(nodes, edges);
    const free = vi.spyOn(process, 'availableMemory').mockReturnValue(needed - 1);
    const facts = { objects: nodes, references: edges, needed, available: needed - 1 };
    await expect(use(1)).rejects.toMatchObject({ code: 'snapshot.too-large', facts });
    expect(stored.loaded).toEqual([]);
    free.mockReturnValue(needed);
    expect(await use(1)).toEqual([4]);
    free.mockRestore();
  });

  it('tell how far they are loaded; who cannot hear it any more keeps nothing from loading', async () => {
    const { stored, cache } = setup(MUCH);
    stored.claims = { nodes: 1000 };
    const told: number[] = [];
    const progress = ({ done }: { done: number | null }): void => void told.push(done ?? NaN);
    await cache.use([sourceOf(1)], { ...UNWATCHED, progress }, () => undefined);
    expect(told.length).toBeGreaterThan(1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect([told[0]! > 0, told[0]! < told.at(-1)!, told.at(-1)! < 1]).toEqual([true, true, true]);
    stored.claims = {};
    await cache.use([sourceOf(3)], { ...UNWATCHED, progress }, () => undefined);
    expect(told.at(-1)).toBe(1);
    const deaf = () => {
      throw new Error('gone');
    };
    expect(await cache.use([sourceOf(2)], { ...UNWATCHED, progress: deaf }, () => 'there')).toBe('there');
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

it('a heap needs memory for each object and each reference, and an import needs more', () => {
  const MB = 1e6;
  const [stored, importing] = [heapNeeds(MB, 4 * MB), importNeeds(MB, 4 * MB)];
  expect([stored > 100 * MB, stored < 200 * MB, importing > 230 * MB, importing < 400 * MB]).toEqual([true, true, true, true]);
});
