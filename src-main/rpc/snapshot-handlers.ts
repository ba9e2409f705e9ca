import type { HeapMethods, RunMethods, SnapshotMethods } from '../../src-preload/contract/index.ts';
import type { Engine } from '../engine/index.ts';
import type { CallContext } from './router.ts';

type Handled<Methods extends { [M in keyof Methods]: { args: unknown; result: unknown } }> = {
  [M in keyof Methods]: (args: Methods[M]['args'], context: CallContext) => Promise<Methods[M]['result']> | Methods[M]['result'];
};

/** Taking, listing and naming snapshots, and what is kept beside them. */
export function snapshotHandlers({ snapshots, projects }: Engine): Handled<SnapshotMethods> {
  return {
    'snapshots.plan': ({ project, session, method }) => snapshots.plan(project, session, method),
    'snapshots.take': ({ project, session, ...asked }) => snapshots.take(project, session, asked),
    'snapshots.cancel': (ref) => nothing(snapshots.cancel(ref)),
    'snapshots.rules': ({ project, session, ...planning }) => nothing(snapshots.setPlanning(project, session, planning)),
    'snapshots.getRules': ({ project, session }) => snapshots.planning(project, session),
    'snapshots.list': ({ project, session }) => projects.file(project).snapshots.list(session),
    'snapshots.update': ({ project, snapshot, ...patch }) => projects.writable(project).snapshots.update(snapshot, patch),
    'snapshots.delete': ({ project, snapshots: ids }) => nothing(snapshots.delete(project, ids)),
    'snapshots.restore': ({ project, snapshots: ids }) => nothing(snapshots.restore(project, ids)),
    'bookmarks.list': ({ project }) => projects.file(project).bookmarks.list(),
    'bookmarks.set': ({ project, ...bookmark }) => projects.writable(project).bookmarks.set(bookmark),
    'bookmarks.delete': ({ project, id }) => nothing(projects.writable(project).bookmarks.delete(id)),
  };
}

/** Each question goes to the analysis as it is. */
export function heapHandlers({ snapshots }: Engine): Handled<HeapMethods> {
  const ask =
    <M extends keyof HeapMethods>(method: M) =>
    (args: HeapMethods[M]['args'], context: CallContext): Promise<HeapMethods[M]['result']> =>
      snapshots.query(method, args, context);
  return {
    'heap.summary': ask('heap.summary'),
    'heap.groups': ask('heap.groups'),
    'heap.history': ask('heap.history'),
    'heap.objects': ask('heap.objects'),
    'heap.object': ask('heap.object'),
    'heap.edges': ask('heap.edges'),
    'heap.paths': ask('heap.paths'),
    'heap.dominated': ask('heap.dominated'),
    'heap.icicle': ask('heap.icicle'),
    'heap.cycles': ask('heap.cycles'),
    'heap.duplicates': ask('heap.duplicates'),
    'heap.waste': ask('heap.waste'),
    'heap.measure': ask('heap.measure'),
    'compare.groups': ask('compare.groups'),
    'compare.objects': ask('compare.objects'),
  };
}

export function runHandlers({ runs, projects }: Engine): Handled<RunMethods> {
  return {
    'runs.source': ({ path }) => runs.source(path),
    'runs.figures': ({ project, runs: wanted, align }) => runs.figures(project, wanted, align),
    'runs.list': ({ project }) => projects.file(project).comparisons.list(),
    'runs.save': ({ project, comparison }) => projects.writable(project).comparisons.save(comparison),
    'runs.delete': ({ project, id }) => nothing(projects.writable(project).comparisons.delete(id)),
  };
}

/** For methods whose result has no fields. */
function nothing(_done: void): Record<never, never> {
  return {};
}
