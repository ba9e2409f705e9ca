import { totalmem } from 'node:os';
import type { Args, Result } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { WorkerHost } from '../worker/host.ts';
import type { Analysis, HeapQuery, ImportedHeap, ImportRequest, QueryContext, SnapshotSource } from './face.ts';
import { outOfMemory, type HeapProtocol, type SourceInfo, type WorkerLimits } from './jobs.ts';
import { cacheBudget } from './memory-budget.ts';
import { refsOf } from './snapshot-refs.ts';

export type * from './face.ts';

/** The workers' file: a separate input of the build, beside its caller. In source, `.ts`. */
const WORKER_URL = new URL(`./analysis.worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

/** A person waits for a query; nobody for an import, which runs while the program does. */
const NICE = { looking: 5, importing: 15 };

export interface AnalysisOptions {
  log: Log;
  /** Bytes of heaps that may stay in memory while no query uses them; by default a fraction of the machine's. */
  cache?: number;
  /** Where decoded heaps may be kept, to be opened again quickly; by default nowhere. */
  files?: WorkerLimits['files'];
  /** Bytes that an import may take; by default what the machine, or the container, currently has free. */
  importMemory?: number;
}

/** Two threads: one for queries, one for imports, so that an import never delays a query. */
export function createAnalysis(o: AnalysisOptions): Analysis {
  return new AnalysisThreads(o);
}

class AnalysisThreads implements Analysis {
  readonly #sources = new Map<string, SnapshotSource>();
  readonly #looking: WorkerHost<HeapProtocol>;
  readonly #importing: WorkerHost<HeapProtocol>;
  readonly #importMemory: number | undefined;
  #imports: Promise<unknown> = Promise.resolve();

  constructor({ log, importMemory, files = null, cache = cacheBudget(totalmem(), process.constrainedMemory()) }: AnalysisOptions) {
    this.#importMemory = importMemory;
    const shared = { url: WORKER_URL, read: (source: HeapProtocol['source']) => this.#read(source), outOfMemory, log };
    this.#looking = new WorkerHost({ name: 'heap queries', data: { cache, nice: NICE.looking, files } satisfies WorkerLimits, ...shared });
    this.#importing = new WorkerHost({
      name: 'heap imports',
      data: { cache: 0, nice: NICE.importing, files } satisfies WorkerLimits,
      ...shared,
    });
  }

  importDump(request: ImportRequest): Promise<ImportedHeap> {
    const run = async (): Promise<ImportedHeap> => {
      await request.onTurn?.();
      const job = { path: request.path, available: this.#importMemory ?? process.availableMemory() };
      return (await this.#importing.call(
        { k: 'import', import: job },
        { ...request, onPart: (column) => request.onColumn(column) },
      )) as ImportedHeap;
    };
    const done = this.#imports.then(run);
    this.#imports = done.catch(() => undefined);
    return done;
  }

  async query<M extends HeapQuery>(method: M, args: Args<M>, context: QueryContext): Promise<Result<M>> {
    const sources = refsOf(args).map((ref) => ({ project: ref.project, ...this.#known(context.source(ref)) }));
    const history = method === 'heap.history' ? this.#history(args, context) : [];
    const job = { method, args, sources, history };
    return (await this.#looking.call({ k: 'query', query: job }, context)) as Result<M>;
  }

  forget(keys: readonly string[]): void {
    for (const key of keys) this.#sources.delete(key);
    this.#looking.notify({ forget: keys });
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#looking.dispose(), this.#importing.dispose()]);
    this.#sources.clear();
  }

  async *#read({ key, what }: HeapProtocol['source']): AsyncGenerator<HeapProtocol['piece']> {
    const source = this.#sources.get(key);
    if (!source) throw new HeapscopeError('call.cancelled');
    if (what === 'tables') yield { tables: await source.tables() };
    else for await (const column of source.columns()) yield { column };
  }

  #history(args: Args<HeapQuery>, context: QueryContext): SourceInfo[] {
    return refsOf(args).flatMap((ref) => context.history(ref).map((source) => ({ project: ref.project, ...this.#known(source) })));
  }

  #known(source: SnapshotSource): Omit<SourceInfo, 'project'> {
    this.#sources.set(source.key, source);
    return { snapshot: source.snapshot, key: source.key, process: source.process };
  }
}
