import type { Args, Blocker, CycleRow, Rows } from '../../../../src-preload/contract/index.ts';
import { FLAG, ROOT, TYPE_FLAG } from '../../heap/graph.ts';
import { staysInCycle } from '../../heap/uncollectable.ts';
import { pageOf, type RowColumns } from '../../rows/arrange.ts';
import { blockerOf } from '../blockers.ts';
import { cyclesOf } from '../cycles.ts';
import type { HeapView } from '../heap-view.ts';
import { typeOf } from '../node-rows.ts';
import type { JobControl } from '../../worker/job-control.ts';
import type { Scope } from './scope.ts';

/** Most types listed in a row. */
const MOST_TYPES = 5;
const CHECK_EVERY = 1024;

export function cycles(scope: Scope, args: Args<'heap.cycles'>): Rows<CycleRow> {
  const view = scope.view(args);
  const all = view.once('cycleRows', () => allRows(view, scope.control));
  const rows = all.filter((row) => args.only === 'all' || (args.only === 'unreachable' ? row.unreachable : row.blocker !== null));
  const { total, rows: page } = pageOf(rows, args, COLUMNS);
  return { total, rows: page };
}

function allRows(view: HeapView, control: JobControl): CycleRow[] {
  const table = cyclesOf(view, control);
  const garbage = garbageList(view);
  return Array.from({ length: table.count }, (_, cycle) => {
    if (cycle % CHECK_EVERY === 0) control.progress({ step: 'cycles', done: cycle / table.count });
    const members = table.members(cycle);
    return { ...rowOf(view, cycle, members, garbage), blocker: blockerOfCycle(view, members, control) };
  }).sort((a, b) => b.retained - a.retained || a.cycle - b.cycle);
}

function rowOf(view: HeapView, cycle: number, members: Uint32Array, garbage: ReadonlySet<number>): Omit<CycleRow, 'blocker'> {
  const { flags, type, types } = view.graph;
  const counts = new Map<number, number>();
  let shallow = 0;
  for (const node of members) {
    shallow += view.shallow(node);
    counts.set(type[node]!, (counts.get(type[node]!) ?? 0) + 1);
  }
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST_TYPES);
  const sample = members.find((node) => type[node] === frequent[0]?.[0]) ?? members[0]!;
  return {
    cycle,
    objects: members.length,
    shallow,
    retained: retainedOf(view, members),
    types: frequent.map(([index, count]) => ({
      type: typeOf(
        view,
        members.find((node) => type[node] === index)!,
      ),
      count,
    })),
    hasDel: [...counts.keys()].some((index) => (types[index]!.flags & TYPE_FLAG.finalizer) !== 0),
    unreachable: (flags[members[0]!]! & FLAG.unreachable) !== 0,
    uncollectable: members.some((node) => garbage.has(node)),
    sample,
  };
}

/** One of its own, if there is one: else of what holds it. */
function blockerOfCycle(view: HeapView, members: Uint32Array, control: JobControl): Blocker | null {
  if ((view.graph.flags[members[0]!]! & FLAG.uncollectable) === 0) return null;
  return blockerOf(view, members.find((node) => staysInCycle(view.graph, node)) ?? members[0]!, control);
}

/** Members ascend: one inside the subtree of an earlier member is counted with it. */
function retainedOf(view: HeapView, members: Uint32Array): number {
  let bytes = 0;
  let until = 0;
  for (const node of members) {
    if (node < until) continue;
    until = node + view.graph.subtree[node]!;
    bytes += view.retained(node);
  }
  return bytes;
}

/** The objects in the list `gc.garbage`. */
function garbageList(view: HeapView): Set<number> {
  const { roots, edgeStart, edgeTo } = view.graph;
  const targets = (node: number): number[] => [...edgeTo.subarray(edgeStart[node], edgeStart[node + 1])];
  return new Set(roots.filter(({ kind }) => kind === ROOT.garbageList).flatMap(({ node }) => targets(node).flatMap(targets)));
}

function stateOf({ uncollectable, blocker, unreachable }: CycleRow): string {
  if (uncollectable) return 'uncollectable';
  if (blocker !== null) return `cannot be collected ${blocker.frozen ? 'gc.freeze' : [blocker.type.module, blocker.type.name].join('.')}`;
  return unreachable ? 'unreachable' : 'held';
}

const COLUMNS: RowColumns<CycleRow> = {
  texts: {
    state: (row) => `${stateOf(row)}${row.hasDel ? ' __del__' : ''}`,
    types: ({ types }) => types.map(({ type }) => [type.module, type.name].filter((part) => part !== '').join('.')).join(' '),
  },
  numbers: {
    cycle: (row) => row.cycle,
    objects: (row) => row.objects,
    shallow: (row) => row.shallow,
    retained: (row) => row.retained,
    hasDel: (row) => Number(row.hasDel),
    unreachable: (row) => Number(row.unreachable),
    uncollectable: (row) => Number(row.uncollectable),
  },
};
