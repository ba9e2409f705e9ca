/**
 * The synthetic nodes and their edges: super root, groups, threads, frames, and the two placeholders. One frame with the
 * local `x`, and one object held by C code:
 *
 *     0 super → 1 2    1 threads → 3    2 held by C → (object)    3 thread → 4    4 frame → x (object)
 *
 * Named roots come first, so that they come first in a depth-first search. Object `i` is node `count + i` of the plan.
 */
import { DUMP_ROOT } from './dump-numbers.ts';
import { FLAG, NONE, ROOT } from './graph.ts';
import type { HeapRoot } from './graph.ts';
import type { RawHeap, RawRoot } from './raw-heap.ts';
import { BELONGS, type Reach } from './reach.ts';

/** A synthetic node, not numbered yet. */
export interface PlannedRoot {
  /** `node` is its number in the plan; `parent` too, `NONE` for the super root. */
  readonly root: HeapRoot;
  /** Objects it holds. */
  readonly refs: Uint32Array;
  /** One for each of `refs`; null: unnamed. */
  readonly labels: Uint32Array | null;
  /** Synthetic nodes it holds, after its objects. */
  readonly children: number[];
}

export interface RootPlan {
  readonly roots: readonly PlannedRoot[];
  /** The placeholders' numbers; `NONE` if nothing refers to one. */
  readonly missing: number;
  readonly agent: number;
}

export function planRoots(raw: RawHeap, reached: Reach): RootPlan {
  const plan = new Planner();
  const { belongs } = reached;
  const ours = (node: number): boolean => belongs[node] !== BELONGS.agent;
  const top = plan.add(ROOT.super, NONE);
  plan.addAll(reached.roots, top);
  const immortal = objectsWhere(raw.nodes, (node) => (raw.flags[node]! & FLAG.immortal) !== 0 && ours(node));
  plan.addGroup(ROOT.heldByC, top, reached.heldByC.filter(ours));
  plan.addGroup(ROOT.immortal, top, immortal);
  plan.addGroup(ROOT.unreachable, top, reached.representatives);
  plan.addGroup(ROOT.uncollectable, top, reached.uncollectable);
  const gone = raw.missing > 0 || reached.roots.some(({ refs }) => refs.includes(NONE));
  return {
    roots: plan.roots,
    missing: gone ? plan.add(ROOT.missing, top) : NONE,
    agent: reached.agentObjects > 0 ? plan.add(ROOT.agent, top) : NONE,
  };
}

class Planner {
  readonly roots: PlannedRoot[] = [];

  add(kind: number, parent: number, from: RawRoot | null = null): number {
    const node = this.roots.length;
    const labelled = from !== null && from.labels.some((label) => label !== 0);
    this.roots.push({
      root: {
        kind,
        node,
        parent,
        name: from?.name ?? '',
        file: from?.file ?? '',
        line: from?.line ?? 0,
        ident: kind === ROOT.thread ? (from?.ident ?? 0) : 0,
        depth: kind === ROOT.frame ? (from?.ident ?? 0) : 0,
      },
      refs: from?.refs ?? new Uint32Array(0),
      labels: labelled ? from.labels : null,
      children: [],
    });
    if (parent !== NONE) this.roots[parent]!.children.push(node);
    return node;
  }

  addGroup(kind: number, parent: number, refs: Uint32Array): void {
    if (refs.length === 0) return;
    const node = this.add(kind, parent);
    this.roots[node] = { ...this.roots[node]!, refs };
  }

  /** Modules before threads before what the interpreter holds itself, whatever the order in the dump. */
  addAll(roots: readonly RawRoot[], top: number): void {
    const numbers = new Map<number, number>();
    const addKind = (kind: number, parentOf: (root: RawRoot) => number): void => {
      for (const [index, root] of roots.entries()) {
        if (root.kind === kind) numbers.set(index, this.add(kind, parentOf(root), root));
      }
    };
    addKind(DUMP_ROOT.modules, () => top);
    if (roots.some(({ kind }) => kind === DUMP_ROOT.thread || kind === DUMP_ROOT.frame)) {
      const threads = this.add(ROOT.threads, top);
      addKind(DUMP_ROOT.thread, () => threads);
      addKind(DUMP_ROOT.frame, ({ parent }) => numbers.get(parent) ?? threads);
    }
    for (const kind of [DUMP_ROOT.interpreter, DUMP_ROOT.staticTypes, DUMP_ROOT.garbageList, DUMP_ROOT.interned]) addKind(kind, () => top);
  }
}

function objectsWhere(nodes: number, test: (node: number) => boolean): Uint32Array {
  let count = 0;
  for (let node = 0; node < nodes; node++) if (test(node)) count++;
  const found = new Uint32Array(count);
  for (let node = 0, at = 0; node < nodes; node++) if (test(node)) found[at++] = node;
  return found;
}
