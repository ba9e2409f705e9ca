import { expect, it } from 'vitest';
import type { ChangePart } from '../../../src-preload/contract/index.ts';
import { NONE } from '../heap/graph.ts';
import { randomHeap } from '../heap/testing/random-heap.ts';
import { changedNodes, matchOf } from './changes.ts';
import { lengthOf } from './edge-names.ts';
import type { HeapView } from './heap-view.ts';
import { garbageState } from './node-rows.ts';
import { compareGroups } from './queries/compare-groups.ts';
import { ALL, Bench, refTo } from './testing.ts';

const SEEDS = 150;

/** A heap, and one in which some of its objects are others: an object's number is its address. */
function benchOf(seed: number): Bench {
  const [first, later] = [randomHeap(seed), randomHeap(seed + 1000)];
  return new Bench(first, { ...later, objects: [...later.objects.slice(0, 3), ...first.objects.slice(3)] });
}

it('lengths are those that each object alone has', () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const { graph, lengths } = benchOf(seed).view();
    expect([...lengths].map((length) => (length === NONE ? null : length))).toEqual([...lengths].map((_, node) => lengthOf(graph, node)));
  }
});

it('what is new, gone, survived and grown is what a look at every object says, for what is held and for what waits', () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const bench = benchOf(seed);
    const [before, after] = [bench.view(1), bench.view(2)];
    const match = matchOf(bench.scope, refTo(1), refTo(2))!;
    const waits = (view: HeapView, node: number): boolean => garbageState(view, node) === 'waits';
    for (const which of ['held', 'waiting'] as const) {
      const own = (view: HeapView): number[] => [...view.objects].filter((node) => waits(view, node) === (which === 'waiting'));
      const survived = own(after).filter((node) => match.earlier[node] !== NONE);
      for (const node of survived) expect(waits(before, match.earlier[node]!)).toBe(which === 'waiting');
      const isMore = (node: number): boolean => {
        const then = match.earlier[node]!;
        return (
          (lengthOf(after.graph, node) ?? 0) > (lengthOf(before.graph, then) ?? Infinity) || after.shallow(node) > before.shallow(then)
        );
      };
      const told: Record<ChangePart, number[]> = {
        new: own(after).filter((node) => match.earlier[node] === NONE),
        gone: own(before).filter((node) => !own(after).some((now) => match.earlier[now] === node)),
        survived,
        grown: survived.filter(isMore),
      };
      for (const part of ['new', 'gone', 'survived', 'grown'] as const)
        expect([...changedNodes(bench.scope, { earlier: refTo(1), later: refTo(2) }, part, which)]).toEqual(told[part]);
    }
  }
});

it('the sums of all rows, and of the row of what waits, are those of the lists', () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const bench = benchOf(seed);
    const snapshots = [refTo(1), refTo(2)];
    const listed = (part: ChangePart, which: 'held' | 'waiting'): number =>
      changedNodes(bench.scope, { earlier: refTo(1), later: refTo(2) }, part, which).length;
    for (const by of ['type', 'module', 'holder', 'site'] as const) {
      const { sums, waits } = compareGroups(bench.scope, { snapshots, by, growing: false, changed: false, below: 'all', ...ALL });
      const figures = ({ fresh, gone, survived, grown }: Record<'fresh' | 'gone' | 'survived' | 'grown', number | null>) =>
        [fresh, gone, survived, grown].map((figure) => figure ?? 0);
      const parts = ['new', 'gone', 'survived', 'grown'] as const;
      expect(figures(sums)).toEqual(parts.map((part) => listed(part, 'held')));
      if (waits !== null) expect(figures(waits)).toEqual(parts.map((part) => listed(part, 'waiting')));
      const objects = [1, 2].map((snapshot) => bench.view(snapshot).objects.length);
      expect(objects).toEqual([0, 1].map((i) => (sums.counts[i] ?? 0) + (waits?.counts[i] ?? 0)));
    }
  }
});
