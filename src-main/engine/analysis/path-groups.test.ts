import { describe, expect, it } from 'vitest';
import type { PathStep } from '../../../src-preload/contract/index.ts';
import { DUMP_ROOT } from '../heap/dump-numbers.ts';
import { REST } from '../heap/graph.ts';
import { attribute, local, modules, type HeapSpec, type ObjectSpec, type RootSpec } from '../heap/testing/dump-builder.ts';
import { paths } from './queries/paths.ts';
import { Bench, refTo } from './testing.ts';

/** The merged paths to the objects whose names begin so, a line for each step. */
function lines(spec: HeapSpec, begin: string): string[] {
  const bench = new Bench(spec);
  const nodes = spec.objects.filter(({ id }) => id.startsWith(begin)).map(({ id }) => bench.node(id));
  const { roots } = paths(bench.scope, { ...refTo(1), set: { of: 'nodes', nodes }, ignore: [], limit: 100 });
  const found: string[] = [];
  const show = (steps: readonly PathStep[], depth: number): void => {
    for (const { kind, type, name, merged, count, preview, next } of steps) {
      const what = kind === 'object' ? type.name : [kind, preview].join(' ').trim();
      const way = name === null || name.text === '' ? '' : `${name.text} `;
      found.push(`${'  '.repeat(depth)}${way}${what}${merged === 1 ? '' : ` × ${merged}`} (${count})`);
      show(next, depth + 1);
    }
  };
  show(roots, 0);
  return found;
}

const many = (count: number, make: (i: number) => ObjectSpec): ObjectSpec[] => Array.from({ length: count }, (_, i) => make(i));
const ids = (objects: readonly ObjectSpec[]): string[] => objects.map(({ id }) => id);

describe('merged paths', () => {
  it('tell entries that are alike as one, and what is held by each of them in the same way', () => {
    const data = many(6, (i) => ({ id: `data${i}`, type: 'tuple' }));
    const jobs = many(6, (i) => ({ id: `job${i}`, type: 'Job', edges: [attribute('data', `data${i}`)] }));
    const other: ObjectSpec = { id: 'other', type: 'Other', edges: [attribute('data', 'data6')] };
    const list: ObjectSpec = { id: 'list', type: 'list', rest: REST.items, edges: [...ids(jobs), 'other'] };
    const top: ObjectSpec = { id: 'top', edges: [attribute('kept', 'list')] };
    const objects = [top, list, ...jobs, other, ...data, { id: 'data6', type: 'tuple' }];
    expect(lines({ objects, roots: [modules('top')] }, 'data')).toEqual([
      'modules (7)',
      '  object (7)',
      '    kept list (7)',
      '      * Job × 6 (6)',
      '        data tuple × 6 (6)',
      '      6 Other (1)',
      '        data tuple (1)',
    ]);
  });

  it('leave a few entries, and names, as they are', () => {
    const held: ObjectSpec[] = many(3, (i) => ({ id: `x${i}`, type: 'Item' }));
    const list: ObjectSpec = { id: 'list', type: 'list', rest: REST.items, edges: ids(held) };
    const top: ObjectSpec = { id: 'top', edges: [attribute('a', 'list'), attribute('b', 'x3'), attribute('c', 'x4')] };
    const objects = [top, list, ...held, ...many(2, (i) => ({ id: `x${i + 3}`, type: 'Item' }))];
    const found = lines({ objects, roots: [modules('top')] }, 'x').map((line) => line.trim());
    expect(found).toEqual([
      'modules (5)',
      'object (5)',
      'a list (3)',
      '0 Item (1)',
      '1 Item (1)',
      '2 Item (1)',
      'b Item (1)',
      'c Item (1)',
    ]);
  });

  it('tell threads by the function they run', () => {
    const roots: RootSpec[] = [modules('top')];
    for (let i = 0; i < 5; i++) {
      const parent = roots.push({ kind: DUMP_ROOT.thread, name: `Thread-${i} (${i})`, ident: i + 1 }) - 1;
      const frame = { kind: DUMP_ROOT.frame, parent };
      roots.push({ ...frame, name: i === 4 ? 'listen' : 'worker', file: 'app.py', refs: [local('item', `x${i}`)] });
      roots.push({ ...frame, name: 'run', file: '/lib/threading.py' });
    }
    const objects = [{ id: 'top' }, ...many(5, (i) => ({ id: `x${i}`, type: 'Item' }))];
    expect(lines({ objects, roots }, 'x')).toEqual([
      'threads (5)',
      '  thread worker() × 4 (4)',
      '    frame worker() × 4 (4)',
      '      item Item × 4 (4)',
      '  thread Thread-4 (4) (1)',
      '    frame listen() (1)',
      '      item Item (1)',
    ]);
  });
});

describe('other ways', () => {
  it('are holders that the object itself does not keep alive', () => {
    const spec: HeapSpec = {
      objects: [
        { id: 'top', edges: [attribute('a', 'list'), attribute('b', 'one'), attribute('c', 'two')] },
        { id: 'one', type: 'Holder', edges: [attribute('x', 'list')] },
        { id: 'two', type: 'Holder', edges: [attribute('x', 'list'), attribute('y', 'list')] },
        { id: 'list', type: 'list', rest: REST.items, edges: ['child'] },
        { id: 'child', type: 'Child', edges: [attribute('parent', 'list')] },
      ],
      roots: [modules('top')],
    };
    const bench = new Bench(spec);
    const { roots } = paths(bench.scope, { ...refTo(1), set: { of: 'nodes', nodes: [bench.node('child')] }, ignore: [], limit: 100 });
    const others: [string, number][] = [];
    for (let step = roots[0]; step !== undefined; step = step.next[0]) others.push([bench.name(step.node), step.others]);
    expect(others.slice(1)).toEqual([
      ['top', 0],
      ['list', 2],
      ['child', 0],
    ]);
  });
});
