import { describe, expect, it } from 'vitest';
import type { SiteTree } from '../project/index.ts';
import { Sites } from './sites.ts';
import type { Slices } from './slices.ts';

const STRINGS = ['MainThread', '', 'main', '/srv/app.py', 'loads', '/usr/lib/python3.12/json/__init__.py', 'hook'];

function treeOf(...nodes: [number, number, number, number][]): SiteTree {
  const column = (at: 0 | 1 | 2 | 3): number[] => nodes.map((node) => node[at]);
  return { strings: STRINGS, parent: column(0), name: column(1), file: column(2), line: column(3) };
}

function all<T>(slices: Slices<T>): T {
  for (;;) {
    const { done, value } = slices.next();
    if (done === true) return value;
  }
}

const TREE = treeOf([-1, 0, 1, 0], [0, 2, 3, 5], [1, 4, 5, 300], [2, 6, 3, 9], [0, 4, 5, 300]);

describe('the sites of a tree', () => {
  it('are its nodes, and equal paths of another process are the same', () => {
    const sites = new Sites(false);
    expect(all(sites.add(TREE, []))).toEqual([0, 1, 2, 3, 4]);
    expect(all(sites.add(treeOf([-1, 0, 1, 0], [0, 4, 5, 300], [0, 2, 3, 6]), []))).toEqual([0, 4, 5]);
    expect(sites.list[3]).toMatchObject({ parent: 2, depth: 3, function: 'hook', file: '/srv/app.py', line: 9, place: { own: true } });
  });

  it('are those of my code: a library belongs to its caller, and to the thread where it has none', () => {
    expect(all(new Sites(true).add(TREE, []))).toEqual([0, 1, 1, 2, 0]);
  });

  it('go on where a tree has grown', () => {
    const sites = new Sites(false);
    const known = all(sites.add(treeOf([-1, 0, 1, 0]), []));
    expect([known, all(sites.add(TREE, known))]).toEqual([[0], [0, 1, 2, 3, 4]]);
  });

  it('of a damaged tree have lost names, no endless path, and no parent that comes later', () => {
    const broken = treeOf([1, 0, 1, 0], [-7, 99, 1, 0], [0, 2, 77, 5]);
    const sites = new Sites(false);
    expect(all(sites.add(broken, []))).toEqual([0, 1, 2]);
    expect(sites.list.map(({ parent, function: name, file }) => [parent, name, file])).toEqual([
      [-1, 'MainThread', ''],
      [-1, '?', ''],
      [0, 'main', '?'],
    ]);
    const deep = new Sites(false);
    all(deep.add(treeOf(...Array.from({ length: 3000 }, (_, i): [number, number, number, number] => [i - 1, 2, 3, i])), []));
    expect(deep.list).toHaveLength(1025);
  });
});
