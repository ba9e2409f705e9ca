import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Args, Result, RowRequest, SnapshotId, SnapshotRef } from '../../../src-preload/contract/index.ts';
import { silentLog } from '../base/log.ts';
import { HeapscopeError } from '../base/errors.ts';
import { readHeap } from '../heap/testing/heap-of.ts';
import { addressOf, dumpOf, type HeapSpec } from '../heap/testing/dump-builder.ts';
import type { HeapGraph } from '../heap/graph.ts';
import { HeapView } from './heap-view.ts';
import { UNWATCHED } from '../worker/job-control.ts';
import { groupsOf } from './groupings.ts';
import { groupsOfAll, waitingGroups } from './queries/groups.ts';
import type { Scope } from './queries/scope.ts';
import {
  createAnalysis,
  type Analysis,
  type AnalysisOptions,
  type HeapQuery,
  type ImportedHeap,
  type SnapshotSource,
  type StoredColumn,
} from './index.ts';

/** Every row, as it comes. */
export const ALL: RowRequest = { filter: null, sort: null, from: 0, count: 1000 };

export function refTo(snapshot: SnapshotId): SnapshotRef {
  return { project: 'p', snapshot };
}

/** Snapshots in memory, like those of a project, and the threads that query them. */
export class Laboratory {
  readonly analysis: Analysis;
  readonly sources = new Map<number, SnapshotSource & { pieces: StoredColumn[] }>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'heapscope-analysis-'));

  constructor(o: Partial<AnalysisOptions> = {}) {
    this.analysis = createAnalysis({ log: silentLog, ...o });
  }

  /** A file with a dump of these bytes. */
  dump(bytes: Uint8Array): string {
    const path = join(this.#folder, `${this.sources.size}.dump`);
    writeFileSync(path, bytes);
    return path;
  }

  /** Imports a heap as snapshot number `snapshot`. */
  async add(snapshot: SnapshotId, spec: HeapSpec, process = 'one'): Promise<ImportedHeap> {
    return this.addDump(snapshot, this.dump(dumpOf(spec)), process);
  }

  async addDump(snapshot: SnapshotId, path: string, process = 'one'): Promise<ImportedHeap> {
    const pieces: StoredColumn[] = [];
    const imported = await this.analysis.importDump({
      path,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onColumn: (column) => void pieces.push(column),
    });
    this.sources.set(snapshot, { snapshot, key: `k${snapshot}`, process, pieces, tables: () => imported.tables, columns: () => pieces });
    return imported;
  }

  query<M extends HeapQuery>(method: M, args: Args<M>, signal = new AbortController().signal): Promise<Result<M>> {
    const source = ({ snapshot }: SnapshotRef): SnapshotSource => {
      const found = this.sources.get(snapshot);
      if (!found) throw new HeapscopeError('snapshot.missing', { snapshot });
      return found;
    };
    return this.analysis.query(method, args, { source, history: () => [...this.sources.values()], signal, onProgress: () => undefined });
  }

  async dispose(): Promise<void> {
    await this.analysis.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A heap for queries without threads, by the names of its objects. Snapshot 1; others are of the same process. */
export class Bench {
  readonly scope: Scope;
  readonly #specs: readonly HeapSpec[];
  readonly #views: readonly HeapView[];

  constructor(...specs: HeapSpec[]) {
    this.#specs = specs;
    this.#views = specs.map((spec, i) => new HeapView({ key: `k${i + 1}`, snapshot: i + 1 }, readHeap(dumpOf(spec))));
    this.scope = {
      control: UNWATCHED,
      view: ({ snapshot }) => this.view(snapshot),
      rows: ({ snapshot }, by) => groupsOfAll(this.view(snapshot), by),
      waiting: ({ snapshot }, by) => waitingGroups(this.view(snapshot), by),
      parents: ({ snapshot }) => groupsOf(this.view(snapshot), 'hierarchy').parent ?? [],
      sameProcess: () => true,
    };
  }

  view(snapshot = 1): HeapView {
    const view = this.#views[snapshot - 1];
    if (!view) throw new HeapscopeError('snapshot.missing', { snapshot });
    return view;
  }

  graph(snapshot = 1): HeapGraph {
    return this.view(snapshot).graph;
  }

  node(id: string, snapshot: SnapshotId = 1): number {
    return this.graph(snapshot).address.indexOf(addressOf(this.#specs[snapshot - 1]!, id));
  }

  name(node: number, snapshot = 1): string {
    const spec = this.#specs[snapshot - 1]!;
    const address = this.graph(snapshot).address[node];
    return spec.objects.find(({ id }) => addressOf(spec, id) === address)?.id ?? `root ${node}`;
  }

  names(nodes: Iterable<number>, snapshot = 1): string[] {
    return [...nodes].map((node) => this.name(node, snapshot));
  }
}
