import { HeapscopeError } from '../base/errors.ts';
import { NONE } from '../heap/graph.ts';
import type { Cycles } from '../heap/cycles.ts';
import { lowerBound } from '../heap/strings.ts';
import type { HeapView } from './heap-view.ts';
import type { JobControl } from '../worker/job-control.ts';

/** The cycles of a heap, and which of them a node is in. */
export class CycleTable {
  readonly #cycles: Cycles;
  /** Members of all cycles, ascending, and the cycle of each. */
  readonly #node: Uint32Array;
  readonly #of: Uint32Array;

  constructor(cycles: Cycles) {
    this.#cycles = cycles;
    const { start, member } = cycles;
    const cycle = new Uint32Array(member.length);
    for (let c = 0; c < start.length - 1; c++) cycle.fill(c, start[c], start[c + 1]);
    const order = new Uint32Array(member.length).map((_, i) => i).sort((a, b) => member[a]! - member[b]!);
    this.#node = order.map((i) => member[i]!);
    this.#of = order.map((i) => cycle[i]!);
  }

  get count(): number {
    return this.#cycles.start.length - 1;
  }

  members(cycle: number): Uint32Array {
    if (cycle >= this.count) throw new HeapscopeError('snapshot.object-missing', { snapshot: null, node: null });
    return this.#cycles.member.subarray(this.#cycles.start[cycle], this.#cycles.start[cycle + 1]);
  }

  /** `NONE`: it is in no cycle. */
  cycleOf(node: number): number {
    const at = lowerBound(this.#node, node);
    return this.#node[at] === node ? this.#of[at]! : NONE;
  }
}

export function cyclesOf(view: HeapView, control: JobControl): CycleTable {
  control.progress({ step: 'cycles', done: null });
  return view.once('cycleTable', () => new CycleTable(view.cycles));
}
