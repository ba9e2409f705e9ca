import type { Args, CompareRows, Grouping, GroupRow, HeapSummary, Result, SnapshotRef } from '../../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../../base/errors.ts';
import type { HeapQuery } from '../face.ts';
import type { HeapCache } from '../heap-cache.ts';
import type { HeapView } from '../heap-view.ts';
import type { JobControl } from '../../worker/job-control.ts';
import { sameSnapshot } from '../snapshot-refs.ts';
import type { StoredTables } from '../stored-tables.ts';
import type { QueryJob, SourceInfo } from '../jobs.ts';
import { compareGroups } from './compare-groups.ts';
import { compareObjects } from './compare-objects.ts';
import { cycles } from './cycles.ts';
import { dominated, icicle } from './dominated.ts';
import { duplicates } from './duplicates.ts';
import { edges } from './edges.ts';
import { groupsOf } from '../groupings.ts';
import { groups, groupsFromTables, groupsOfAll, trackedGroups, waitingGroups } from './groups.ts';
import { history } from './history.ts';
import { measure, object } from './object.ts';
import { objects } from './objects.ts';
import { paths } from './paths.ts';
import type { Scope } from './scope.ts';
import { waste } from './waste.ts';

/** Methods that need heaps; the others try the stored figures first. */
type Looking = Exclude<HeapQuery, 'heap.summary' | 'heap.history' | 'compare.groups'>;

const ANSWERS: { [M in Looking]: (scope: Scope, args: Args<M>) => Result<M> } = {
  'heap.groups': groups,
  'heap.objects': objects,
  'heap.object': object,
  'heap.edges': edges,
  'heap.paths': paths,
  'heap.dominated': dominated,
  'heap.icicle': icicle,
  'heap.cycles': cycles,
  'heap.duplicates': duplicates,
  'heap.waste': waste,
  'heap.measure': measure,
  'compare.objects': compareObjects,
};

/** Answers one query, from stored figures if they suffice, else with the heaps in memory. */
export async function answer(job: QueryJob, heaps: HeapCache, control: JobControl): Promise<Result<HeapQuery>> {
  if (isJob(job, 'heap.summary')) return summary(job, heaps);
  if (isJob(job, 'heap.history')) return history(job, heaps);
  if (isJob(job, 'heap.groups')) {
    const first = groupsFromTables(await heaps.tables(only(job.sources)), job.args);
    // A user who sees the first table clicks on it next.
    heaps.loadSoon(only(job.sources), control);
    if (first !== null) return first;
  }
  if (isJob(job, 'compare.groups')) return compare(job, heaps, control);
  return look(job as QueryJob<Looking>, heaps, control);
}

function isJob<M extends HeapQuery>(job: QueryJob, method: M): job is QueryJob<M> {
  return job.method === method;
}

async function summary({ sources }: QueryJob, heaps: HeapCache): Promise<HeapSummary> {
  return (await heaps.tables(only(sources))).summary;
}

function look<M extends Looking>(job: QueryJob<M>, heaps: HeapCache, control: JobControl): Promise<Result<M>> {
  return heaps.use(job.sources, control, (views) => ANSWERS[job.method](scopeOf(job.sources, views, control), job.args));
}

/** Stored figures show how groups grew; heaps are needed for the objects of the first and the last, if those can be matched. */
async function compare(job: QueryJob<'compare.groups'>, heaps: HeapCache, control: JobControl): Promise<CompareRows> {
  const { args, sources } = job;
  const tables = await Promise.all(sources.map((source) => heaps.tables(source)));
  const first = only(sources);
  const last = sources.find((source) => sameSnapshot(source, args.snapshots.at(-1) ?? first)) ?? first;
  const ends = first.process === last.process ? [first, last].filter((source, i, all) => all.indexOf(source) === i) : [];
  if (tables.some(({ census }) => census)) return compareCensus(job, tables, heaps, control);
  const tablesOf = (ref: SnapshotRef): StoredTables | undefined => tables[sources.findIndex((source) => sameSnapshot(source, ref))];
  const needed = tables.every((one) => one.groups[args.by] && waitingIn(one, args.by)) ? ends : sources;
  return heaps.use(needed, control, (views) => {
    const scope = scopeOf(needed, views, control);
    return compareGroups(
      {
        ...scope,
        sameProcess: () => ends.length > 0,
        rows: (ref, by) => tablesOf(ref)?.groups[by] ?? scope.rows(ref, by),
        waiting: (ref, by) => waitingIn(tablesOf(ref), by) ?? scope.waiting(ref, by),
        parents: (ref) => tablesOf(ref)?.parents ?? scope.parents(ref),
      },
      args,
    );
  });
}

/** undefined: the heap is needed. */
function waitingIn(tables: StoredTables | undefined, by: Grouping): readonly GroupRow[] | undefined {
  return tables?.summary.garbage.objects === 0 ? [] : tables?.waiting?.[by];
}

/** Compared with a census, heaps are counted like one: by type, only what the collector tracks. */
function compareCensus(
  { args, sources }: QueryJob<'compare.groups'>,
  tables: readonly StoredTables[],
  heaps: HeapCache,
  control: JobControl,
): Promise<CompareRows> {
  const whole = sources.filter((_, i) => tables[i]!.census !== true);
  return heaps.use(whole, control, (views) => {
    const scope = scopeOf(whole, views, control);
    const tablesOf = (ref: SnapshotRef): StoredTables => tables[sources.findIndex((source) => sameSnapshot(source, ref))]!;
    const rows = (ref: SnapshotRef, by: Grouping): readonly GroupRow[] => {
      const { census, groups } = tablesOf(ref);
      if (census !== true) return trackedGroups(scope.view(ref), by);
      if (groups[by] === undefined) throw new HeapscopeError('snapshot.census', { snapshot: ref.snapshot });
      return groups[by];
    };
    return compareGroups({ ...scope, sameProcess: () => false, rows, waiting: () => [], parents: (ref) => tablesOf(ref).parents }, args);
  });
}

function scopeOf(sources: readonly SourceInfo[], views: readonly HeapView[], control: JobControl): Scope {
  const indexOf = (ref: SnapshotRef): number => {
    const at = sources.findIndex((source) => sameSnapshot(source, ref));
    if (at < 0) throw new HeapscopeError('snapshot.missing', { snapshot: ref.snapshot });
    return at;
  };
  return {
    control,
    view: (ref) => views[indexOf(ref)]!,
    rows: (ref, by) => groupsOfAll(views[indexOf(ref)]!, by),
    waiting: (ref, by) => waitingGroups(views[indexOf(ref)]!, by),
    parents: (ref) => groupsOf(views[indexOf(ref)]!, 'hierarchy').parent ?? [],
    sameProcess: (a, b) => sources[indexOf(a)]!.process === sources[indexOf(b)]!.process,
  };
}

function only(sources: readonly SourceInfo[]): SourceInfo {
  const first = sources[0];
  if (first === undefined) throw new HeapscopeError('call.invalid', { method: 'heap', detail: 'no snapshot' });
  return first;
}
