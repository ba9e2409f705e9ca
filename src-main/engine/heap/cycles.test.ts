import { describe, expect, it } from 'vitest';
import { findCycles, type CycleGraph } from './cycles.ts';
import { NONE } from './graph.ts';
import { finish, STEP } from './in-steps.ts';
import { attribute, modules, type NamedEdge, type ObjectSpec, type TypeSpec } from './testing/dump-builder.ts';
import { drawn } from './testing/drawn.ts';
import { edgesOf, heapOf, type NamedHeap } from './testing/heap-of.ts';

function cyclesOf({ graph, name }: NamedHeap): string[] {
  const { start, member } = finish(findCycles(graph));
  return Array.from(start.subarray(1), (end, i) => [...member.subarray(start[i], end)].map(name).sort().join(' ')).sort();
}

describe('reference cycles', () => {
  it('finds none in a tree and in shared objects', () => {
    expect(cyclesOf(drawn('root > a, b > c > d'))).toEqual([]);
  });

  it('finds a ring, a pair, and an object that holds itself', () => {
    const heap = drawn(`
      root > a > b > c > a
      root > x > y > x
      root > s > s`);
    expect(cyclesOf(heap)).toEqual(['a b c', 's', 'x y']);
  });

  it('finds what no root reaches', () => {
    expect(cyclesOf(drawn('root > a \n p > q > p'))).toEqual(['p q']);
  });

  it('is one where rings share an object, and two where only one reference leads from one to the other', () => {
    expect(cyclesOf(drawn('root > a > b, c > a'))).toEqual(['a b c']);
    expect(cyclesOf(drawn('root > a > b > a \n b > c > d > c'))).toEqual(['a b', 'c d']);
  });

  it('goes not through types and the globals of functions', () => {
    const heap = heapOf({
      objects: [
        { id: 'd', type: 'dict', edges: ['f', 'T'] },
        { id: 'f', type: 'function', edges: [attribute('__globals__', 'd')] },
        { id: 'T', type: 'type', flags: 2, edges: ['d'] },
      ],
      roots: [{ kind: 1, refs: ['d'] }],
    });
    expect(cyclesOf(heap)).toEqual([]);
  });

  const TIES = ['__globals__', '__builtins__', 'f_globals', 'f_builtins', '__module__', 'f_back', 'gi_frame', 'cr_frame'];
  it.each(TIES)('goes not through %s, but through all else of such an object', (tie) => {
    const tied = (...edges: (string | NamedEdge)[]): string[] =>
      cyclesOf(heapOf({ objects: [{ id: 'd', edges: ['f'] }, { id: 'f', edges }, { id: 'x' }], roots: [modules('d')] }));
    expect(tied(attribute(tie, 'd'))).toEqual([]);
    expect(tied(attribute('before', 'x'), attribute(tie, 'd'), attribute('after', 'x'))).toEqual([]);
    expect(tied(attribute(tie, 'x'), attribute('other', 'd'))).toEqual(['d f']);
    expect(tied(attribute(tie, 'x'), 'd')).toEqual(['d f']);
    expect(tied(attribute('other', 'd'), attribute(tie, 'x'))).toEqual(['d f']);
  });

  it('goes not through modules, but through what is only called so', () => {
    const through = (type: TypeSpec): string[] =>
      cyclesOf(
        heapOf({
          objects: [
            { id: 'm', type: type.name, edges: ['d'] },
            { id: 'd', type: 'dict', edges: ['m'] },
          ],
          types: [{ name: 'dict' }, type],
          roots: [modules('d')],
        }),
      );
    expect(through({ name: 'module', module: 'builtins' })).toEqual([]);
    expect(through({ name: 'module', module: '' })).toEqual([]);
    expect(through({ name: 'module', module: 'app' })).toEqual(['d m']);
    expect(through({ name: 'Module', module: 'builtins' })).toEqual(['d m']);
  });

  it('leaves nothing out of what no root reaches', () => {
    const objects: ObjectSpec[] = [
      { id: 'x' },
      { id: 'd', type: 'dict', edges: ['f', 'T', 'm'] },
      { id: 'f', type: 'function', edges: [attribute('__globals__', 'd')] },
      { id: 'T', type: 'type', flags: 2, edges: ['d'] },
      { id: 'm', type: 'module', edges: ['d'] },
    ];
    expect(cyclesOf(heapOf({ objects, roots: [modules('x')] }))).toEqual(['T d f m']);
    expect(cyclesOf(heapOf({ objects, roots: [modules('x', 'd')] }))).toEqual([]);
  });

  it('come in the order of their first members, and these ascend', () => {
    const { graph } = drawn(`
      root > z > c > b > a > c
      root > z > y > x > y
      root > q > q`);
    const { start, member } = finish(findCycles(graph));
    const cycles = Array.from(start.subarray(1), (end, i) => [...member.subarray(start[i], end)]);
    expect(cycles.map((cycle) => cycle.length).toSorted()).toEqual([1, 2, 3]);
    for (const cycle of cycles) expect(cycle).toEqual(cycle.toSorted((a, b) => a - b));
    expect(cycles).toEqual(cycles.toSorted((a, b) => a[0]! - b[0]!));
  });

  it('lets others have their turn after so many looks: of a ring at each object, and its reference, twice', () => {
    const turns = (nodes: number): number => {
      const steps = findCycles(ringOf(nodes));
      let count = 0;
      while (steps.next().done !== true) count++;
      return count;
    };
    expect([STEP, STEP, 3 * STEP].map((looks, i) => turns(looks / 4 + [-10, 10, 10][i]!))).toEqual([0, 1, 3]);
  });

  it('agrees with a naive search on random graphs', () => {
    let state = 7;
    const next = (below: number): number => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8) % below;
    for (let round = 0; round < 200; round++) {
      const count = 2 + next(9);
      const edges: Record<string, string> = { root: 'n0' };
      for (let i = 0; i < count; i++) edges[`n${i}`] = Array.from({ length: next(3) }, () => `n${next(count)}`).join(' ');
      expect(cyclesOf(edgesOf(edges))).toEqual(naive(edges, count));
    }
  });

  it('does not recurse: a ring of 300,000', () => {
    const { start } = finish(findCycles(ringOf(300_000)));
    expect([...start]).toEqual([0, 300_000]);
  });
});

function ringOf(nodes: number): CycleGraph {
  const numbers = Uint32Array.from({ length: nodes + 1 }, (_, i) => i);
  return {
    nodes,
    edgeStart: numbers,
    edgeTo: numbers.subarray(0, nodes).map((i) => (i + 1) % nodes),
    flags: new Uint16Array(nodes),
    type: new Uint32Array(nodes),
    types: [{ module: 'app', name: 'Node', base: NONE, flags: 0, node: NONE }],
    shape: new Uint32Array(nodes),
    shapes: { start: new Uint32Array(2), label: new Uint32Array(0), rest: new Uint8Array(1) },
    labels: [],
  };
}

/** Two objects are in one cycle when each reaches the other. */
function naive(edges: Record<string, string>, count: number): string[] {
  const reach = (from: string): Set<string> => {
    const seen = new Set<string>();
    const open = [from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const to of (edges[at] ?? '').split(' ').filter(Boolean)) {
        if (!seen.has(to)) open.push(to);
        seen.add(to);
      }
    }
    return seen;
  };
  const found = new Set<string>();
  const names = new Set(Object.entries(edges).flatMap(([from, to]) => (from === 'root' ? [] : [from, ...to.split(' ').filter(Boolean)])));
  for (let i = 0; i < count; i++) {
    const id = `n${i}`;
    if (!names.has(id) || !reach(id).has(id)) continue;
    found.add(
      [...names]
        .filter((other) => other === id || (reach(id).has(other) && reach(other).has(id)))
        .sort()
        .join(' '),
    );
  }
  return [...found].sort();
}
