import { describe, expect, it } from 'vitest';
import type { RowRequest } from '../../../src-preload/contract/index.ts';
import { REST } from '../heap/graph.ts';
import { modules, type HeapSpec, type ObjectSpec } from '../heap/testing/dump-builder.ts';
import { compareObjects } from './queries/compare-objects.ts';
import { ALL, Bench, refTo } from './testing.ts';

/** A list with three objects: `kept` has the same size in both snapshots, `grown` has not. */
function heap(grown: number): HeapSpec {
  const items: ObjectSpec[] = [
    { id: 'kept', type: 'Item', size: 64, address: 2048 },
    { id: 'grown', type: 'Item', size: grown, address: 4096 },
  ];
  return {
    objects: [{ id: 'list', type: 'list', rest: REST.items, edges: ['kept', 'grown'], address: 1024, size: 72 }, ...items],
    roots: [modules('list')],
    types: [{ name: 'list' }, { name: 'Item', module: 'app' }],
  };
}

describe('objects of a comparison', () => {
  const bench = new Bench(heap(64), heap(128));
  const set = { of: 'changed', base: refTo(1), part: 'survived', by: null, key: 0 } as const;
  const survivors = (request: Partial<RowRequest>) =>
    compareObjects(bench.scope, { ...refTo(2), set, ...ALL, ...request }).rows.map(({ node }) => bench.name(node, 2));

  it('know no column that they have not', () => {
    expect(() => survivors({ sort: { column: 'colour', descending: true } })).toThrow('filter.unknown-column');
    expect(() => survivors({ filter: { kind: 'text', column: 'colour', operator: '~', value: 'x' } })).toThrow('filter.unknown-column');
  });

  it('are filtered and sorted by how sure their match is', () => {
    const rows = compareObjects(bench.scope, { ...refTo(2), set, ...ALL }).rows;
    const sure = new Map(rows.map(({ node, confidence }) => [bench.name(node, 2), confidence]));
    expect(sure.get('kept')).not.toBe(sure.get('grown'));
    expect(survivors({ sort: { column: 'confidence', descending: false } })[0]).toBe('grown');
    const value = sure.get('grown') ?? '';
    expect(survivors({ filter: { kind: 'text', column: 'confidence', operator: '=', value } })).toContain('grown');
    expect(survivors({ filter: { kind: 'text', column: 'confidence', operator: '!=', value } })).not.toContain('grown');
  });

  it('that are gone are told anew for each later snapshot', () => {
    const empty: HeapSpec = { ...heap(64), objects: [{ id: 'list', type: 'list', rest: REST.items, edges: [], address: 1024, size: 56 }] };
    const three = new Bench(heap(64), heap(128), empty);
    const gone = (later: number) =>
      compareObjects(three.scope, { ...refTo(later), set: { ...set, part: 'gone' }, ...ALL }).rows.map(({ node }) => three.name(node));
    expect(gone(2)).toEqual([]);
    expect(gone(3).sort()).toEqual(['grown', 'kept']);
  });

  it('without traced allocations have no line, and can be sorted by it all the same', () => {
    expect(survivors({ sort: { column: 'site', descending: true } })).toHaveLength(3);
    expect(survivors({ filter: { kind: 'text', column: 'site', operator: '~', value: '.py' } })).toEqual([]);
  });
});
