import { expect, it } from 'vitest';
import type { ObjectSet } from '../../../src-preload/contract/index.ts';
import { NODE_FLAG, TYPE_FLAG } from '../heap/dump-numbers.ts';
import { modules, type HeapSpec } from '../heap/testing/dump-builder.ts';
import { cycles } from './queries/cycles.ts';
import { object } from './queries/object.ts';
import { objects } from './queries/objects.ts';
import { summarize } from './summary.ts';
import { ALL, Bench, refTo } from './testing.ts';

const TRACKED = NODE_FLAG.tracked;
const FROZEN = NODE_FLAG.tracked | NODE_FLAG.permanent;

/** Three rings that nothing holds: one through an array, which the collector knows nothing of; one that is frozen; one that only waits. */
const RINGS: HeapSpec = {
  objects: [
    { id: 'kept', type: 'Node', flags: TRACKED },
    { id: 'n', type: 'Node', flags: TRACKED, edges: ['arr', 'pay'] },
    { id: 'arr', type: 'ndarray', edges: ['n'] },
    { id: 'pay', type: 'bytearray', size: 10_000 },
    { id: 'f', type: 'Node', flags: FROZEN, edges: ['g'] },
    { id: 'g', type: 'Node', flags: FROZEN, edges: ['f'] },
    { id: 'x', type: 'Node', flags: TRACKED, edges: ['y'] },
    { id: 'y', type: 'Node', flags: TRACKED, edges: ['x'] },
  ],
  roots: [modules('kept')],
  types: [
    { name: 'Node', module: 'app', flags: TYPE_FLAG.python },
    { name: 'ndarray', module: 'numpy', flags: TYPE_FLAG.uncollected },
    { name: 'bytearray', flags: TYPE_FLAG.uncollected },
  ],
};
const REF = refTo(1);
const { scope, view, node } = ((bench) => ({ scope: bench.scope, view: bench.view(), node: (id: string) => bench.node(id) }))(
  new Bench(RINGS),
);

it('lists the cycles that no collection frees, and says why', () => {
  const found = cycles(scope, { ...REF, ...ALL, only: 'uncollectable' });
  expect(found.rows).toMatchObject([
    { objects: 2, unreachable: true, blocker: { type: { module: 'numpy', name: 'ndarray' }, frozen: false } },
    { objects: 2, unreachable: true, blocker: { type: { module: 'app', name: 'Node' }, frozen: true } },
  ]);
  expect(cycles(scope, { ...REF, ...ALL, only: 'unreachable' }).total).toBe(3);
  expect(cycles(scope, { ...REF, ...ALL, only: 'all', filter: { kind: 'word', text: 'numpy.ndarray' } }).total).toBe(1);
});

it('says why of each object that stays', () => {
  expect(object(scope, { ...REF, node: node('pay') })).toMatchObject({ garbage: 'uncollectable', blocker: { type: { name: 'ndarray' } } });
  expect(object(scope, { ...REF, node: node('x') })).toMatchObject({ garbage: 'waits', blocker: null });
  expect(object(scope, { ...REF, node: node('kept') })).toMatchObject({ garbage: null, blocker: null });
});

it('tells what stays from what waits, in sets, filters and sums', () => {
  const listed = (set: ObjectSet): number => objects(scope, { ...REF, ...ALL, set }).total;
  expect([listed({ of: 'garbage' }), listed({ of: 'uncollectable' })]).toEqual([2, 5]);
  const filter = { kind: 'text', column: 'garbage', operator: '=', value: 'uncollectable' } as const;
  expect(objects(scope, { ...REF, ...ALL, set: { of: 'all' }, filter }).total).toBe(5);
  const { garbage, uncollectable, roots } = summarize(view);
  expect([garbage, uncollectable]).toEqual([
    { objects: 2, shallow: 128 },
    { objects: 5, shallow: 10_000 + 4 * 64 },
  ]);
  expect(roots.map(({ kind, objects: n }) => `${kind} ${n}`)).toEqual(['uncollectable 5', 'unreachable 2', 'modules 1']);
});
