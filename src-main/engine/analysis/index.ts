import { totalmem } from 'node:os';
import type { HeapMethods } from '../../../src-preload/contract/index.ts';
import type { Log } from '../base/log.ts';
import type { Analysis, HeapQuery, ImportedHeap, ImportRequest, QueryContext, SnapshotSource } from './face.ts';
import { cacheBudget } from './memory-budget.ts';
import { refsOf } from './snapshot-refs.ts';
import type { SourceInfo } from './wire.ts';
import { WorkerHost } from './worker-host.ts';

export type * from './face.ts';

export interface AnalysisOptions {
  log: Log;
  /** Bytes of heaps that may stay in memory when nobody looks at them; by default a part of the machine's. */
  cache?: number;
  /** Bytes that an import may take; by default what the machine, or the container, has free just then. */
  importMemory?: number;
}

/** Two threads: one for looking, one for imports, so that an import never keeps anybody from looking. */
export function createAnalysis(o: AnalysisOptions): Analysis {
  return new AnalysisThreads(o);
}

class AnalysisThreads implements Analysis {
  readonly #sources = new Map<string, SnapshotSource>();
  readonly #looking: WorkerHost;
  readonly #importing: WorkerHost;
  readonly #importMemory: number | undefined;
  #imports: Promise<unknown> = Promise.resolve();

  constructor({ log, importMemory, cache = cacheBudget(totalmem(), process.constrainedMemory()) }: AnalysisOptions) {
    this.#importMemory = importMemory;
    const source = (key: string) => this.#sources.get(key);
    this.#looking = new WorkerHost({ name: 'heap queries', limits: { cache }, source, log });
    this.#importing = new WorkerHost({ name: 'heap imports', limits: { cache: 0 }, source, log });
  }

  importDump(request: ImportRequest): Promise<ImportedHeap> {
    const run = async (): Promise<ImportedHeap> => {
      const job = { path: request.path, available: this.#importMemory ?? process.availableMemory() };
      return (await this.#importing.call({ k: 'import', job }, request)) as ImportedHeap;
    };
    const done = this.#imports.then(run);
    this.#imports = done.catch(() => undefined);
    return done;
  }

  async query<M extends HeapQuery>(method: M, args: HeapMethods[M]['args'], context: QueryContext): Promise<HeapMethods[M]['result']> {
    const sources = refsOf(args).map((ref) => ({ project: ref.project, ...this.#known(context.source(ref)) }));
    const history = method === 'heap.history' ? this.#history(args, context) : [];
    const job = { method, args, sources, history };
    return (await this.#looking.call({ k: 'query', job }, context)) as HeapMethods[M]['result'];
  }

  forget(keys: readonly string[]): void {
    for (const key of keys) this.#sources.delete(key);
    this.#looking.forget(keys);
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#looking.dispose(), this.#importing.dispose()]);
    this.#sources.clear();
  }

  #history(args: HeapMethods[HeapQuery]['args'], context: QueryContext): SourceInfo[] {
    return refsOf(args).flatMap((ref) => context.history(ref).map((source) => ({ project: ref.project, ...this.#known(source) })));
  }

  #known(source: SnapshotSource): Omit<SourceInfo, 'project'> {
    this.#sources.set(source.key, source);
    return { snapshot: source.snapshot, key: source.key, process: source.process };
  }
}
