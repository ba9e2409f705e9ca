import { HeapscopeError } from '../base/errors.ts';
import { HeapDecoder } from '../heap/codec.ts';
import type { StoredColumn } from './face.ts';
import { ContentDigest, type HeapFiles } from './heap-files.ts';
import { HeapView } from './heap-view.ts';
import { heapNeeds } from './memory-budget.ts';
import type { JobControl } from '../worker/job-control.ts';
import type { HeapSources } from './heap-sources.ts';
import { unpackTables, type StoredTables } from './stored-tables.ts';
import type { SourceInfo } from './jobs.ts';

/** After this long without a query the user is probably reading. */
const PAUSE_MS = 700;

interface Kept {
  heap: Promise<HeapView>;
  /** null while it is loaded. */
  view: HeapView | null;
  /** Queries that use it now. */
  users: number;
}

/** Heaps in the worker's memory. The least recently used one is evicted first; those in use stay. */
export class HeapCache {
  readonly #sources: HeapSources;
  readonly #budget: number;
  readonly #files: HeapFiles | null;
  readonly #tables = new Map<string, Promise<StoredTables>>();
  /** In the order of their last use. */
  readonly #heaps = new Map<string, Kept>();
  #preparing = false;
  #pause: NodeJS.Timeout | undefined;

  constructor(sources: HeapSources, budget: number, files: HeapFiles | null = null) {
    this.#sources = sources;
    this.#files = files;
    this.#budget = budget;
  }

  tables({ key }: SourceInfo): Promise<StoredTables> {
    let tables = this.#tables.get(key);
    if (!tables) {
      tables = this.#sources.tables(key).then(unpackTables);
      tables.catch(() => this.#tables.delete(key));
      this.#tables.set(key, tables);
    }
    return tables;
  }

  /** Runs `work` with these heaps in memory. They are loaded together, and none is evicted while it runs. */
  async use<T>(sources: readonly SourceInfo[], control: JobControl, work: (views: HeapView[]) => T | Promise<T>): Promise<T> {
    const kept: Kept[] = [];
    try {
      for (const source of sources) {
        const one = this.#keep(source, control);
        one.users++;
        kept.push(one);
      }
      const views = await Promise.all(kept.map(({ heap }) => heap));
      control.check();
      return await work(views);
    } finally {
      for (const one of kept) one.users--;
      this.#evict(0);
      this.#prepareSoon();
    }
  }

  /** Loads a heap that will probably be queried soon; errors are reported by that query. */
  loadSoon(source: SourceInfo, control: JobControl): void {
    if (this.#heaps.has(source.key)) return;
    void this.#keep(source, control).heap.then(
      () => this.#prepareSoon(),
      () => undefined,
    );
  }

  forget(keys: readonly string[]): void {
    for (const key of keys) {
      this.#heaps.delete(key);
      this.#tables.delete(key);
    }
  }

  #keep(source: SourceInfo, control: JobControl): Kept {
    const kept = this.#heaps.get(source.key) ?? this.#begin(source, control);
    this.#heaps.delete(source.key);
    this.#heaps.set(source.key, kept);
    return kept;
  }

  #begin(source: SourceInfo, control: JobControl): Kept {
    const kept: Kept = { heap: this.#load(source, control), view: null, users: 0 };
    kept.heap.then(
      (view) => (kept.view = view),
      () => this.#heaps.get(source.key) === kept && this.#heaps.delete(source.key),
    );
    return kept;
  }

  /** The load continues when its query is cancelled: the caller will probably query again. */
  async #load(source: SourceInfo, { progress }: JobControl): Promise<HeapView> {
    const { nodes, edges, census } = await this.tables(source);
    if (census === true) throw new HeapscopeError('snapshot.census', { snapshot: source.snapshot });
    const needed = heapNeeds(nodes, edges);
    this.#evict(needed);
    const available = process.availableMemory();
    if (needed > available) throw new HeapscopeError('snapshot.too-large', { objects: nodes, references: edges, needed, available });
    let bytes = 0;
    const piecesOf = async (take: (piece: StoredColumn) => void): Promise<void> => {
      for await (const column of this.#sources.columns(source.key)) {
        take(column);
        bytes += column.data.length;
        tell(progress, bytes, nodes);
      }
    };
    if (this.#files?.keeps(nodes) === true) return this.#loadLarge(this.#files, source, piecesOf);
    const decoder = new HeapDecoder();
    await piecesOf((piece) => decoder.push(piece));
    return new HeapView(source, decoder.finish());
  }

  /** From the file of its content if there is one; if not, there will be one after the next pause. */
  async #loadLarge(
    files: HeapFiles,
    source: SourceInfo,
    piecesOf: (take: (piece: StoredColumn) => void) => Promise<void>,
  ): Promise<HeapView> {
    const pieces: StoredColumn[] = [];
    const digest = new ContentDigest();
    await piecesOf((piece) => {
      pieces.push(piece);
      digest.add(piece);
    });
    const found = files.load(digest.name);
    if (found !== null) return new HeapView(source, found.graph, { byAddress: found.byAddress });
    const decoder = new HeapDecoder();
    for (const piece of pieces) decoder.push(piece);
    const view = new HeapView(source, decoder.finish());
    view.later('file', () => void files.save(digest.name, { graph: view.graph, byAddress: view.byAddress }));
    return view;
  }

  #evict(wanted: number): void {
    let used = wanted;
    for (const { view } of this.#heaps.values()) used += view?.bytes ?? 0;
    for (const [key, { view, users }] of this.#heaps) {
      if (used <= this.#budget) return;
      if (users > 0 || view === null || this.#isNewest(key)) continue;
      used -= view.bytes;
      this.#heaps.delete(key);
    }
  }

  /** The heap in use stays, whatever its size. */
  #isNewest(key: string): boolean {
    return [...this.#heaps.keys()].at(-1) === key;
  }

  /** A small step at a time: a query that arrives is answered between two steps. Longer work waits for a pause. */
  #prepareSoon(): void {
    clearTimeout(this.#pause);
    if (this.#preparing) return;
    this.#preparing = true;
    setImmediate(() => {
      this.#preparing = false;
      if (this.#newest?.prepare() === true) this.#prepareSoon();
      else this.#catchUpLater();
    });
  }

  #catchUpLater(): void {
    this.#pause = setTimeout(() => {
      if (this.#newest?.catchUp() === true) this.#catchUpLater();
    }, PAUSE_MS);
  }

  get #newest(): HeapView | null {
    return [...this.#heaps.values()].at(-1)?.view ?? null;
  }
}

/** Stored columns take some bytes per node; how many is unknown until they are loaded. */
const STORED_PER_NODE = 9;

function tell(progress: JobControl['progress'], bytes: number, nodes: number): void {
  try {
    progress({ step: 'loading', done: Math.min(1, bytes / (1 + nodes * STORED_PER_NODE)) });
  } catch {
    // The query has ended, and its progress with it.
  }
}
