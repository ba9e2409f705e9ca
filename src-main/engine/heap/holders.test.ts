import { describe, expect, it } from 'vitest';
import { NO_COUNT } from './dump-format.ts';
import { DUMP_ROOT } from './dump-numbers.ts';
import { FLAG, LABEL, REST, ROOT } from './graph.ts';
import { attribute, local, modules, weak, type ObjectSpec, type RootSpec } from './testing/dump-builder.ts';
import { heapOf, type NamedHeap } from './testing/heap-of.ts';

const targets = ({ graph, node, name }: NamedHeap, id: string): string[] =>
  [...graph.edgeTo.subarray(graph.edgeStart[node(id)], graph.edgeStart[node(id) + 1])].map(name);

const weakOf = ({ graph, name }: NamedHeap): string[] =>
  [...graph.weak.node].map((node, i) => `${name(node)} ${graph.weak.place[i]} ${name(graph.weak.to[i]!)}`);

const externalOf = ({ graph, name }: NamedHeap): string[] =>
  [...graph.external.node].map((node, i) => `${name(node)} ${graph.external.value[i]}`);

describe('weak references', () => {
  it('stand apart with their places, and the strong ones of all objects stay in order', () => {
    const heap = heapOf({
      objects: [
        { id: 'before', edges: ['x', 'y'] },
        { id: 'mixed', edges: [weak('w', 'x'), attribute('a', 'y'), weak('v', 'nowhere'), 'z', 'x'] },
        { id: 'between', edges: ['z', 'y'] },
        { id: 'last', edges: [attribute('a', 'x'), weak('w', 'z')] },
        { id: 'after', edges: ['y', 'x', 'z'] },
        { id: 'x' },
        { id: 'y' },
        { id: 'z' },
      ],
      roots: [modules('before', 'mixed', 'between', 'last', 'after')],
    });
    expect(['before', 'mixed', 'between', 'last', 'after'].map((id) => targets(heap, id).join(' '))).toEqual([
      'x y',
      'y z x',
      'z y',
      'x',
      'y x z',
    ]);
    expect(weakOf(heap).toSorted()).toEqual(['last 1 z', `mixed 0 x`, `mixed 2 root ${ROOT.missing}`].toSorted());
    expect(externalOf(heap)).toEqual([]);
  });

  it('hold nothing, and are no part of a reference count', () => {
    const heap = heapOf({
      objects: [
        { id: 'a', edges: [weak('w', 'b')] },
        { id: 'b', refs: 1 },
      ],
      roots: [modules('a')],
    });
    expect([externalOf(heap), heap.graph.subtree[heap.node('a')]]).toEqual([['b 1'], 1]);
  });

  it('of the table of interned strings are those to strings that may go', () => {
    const heap = heapOf({
      objects: [
        { id: 'table', rest: REST.pairs, edges: ['kept', 'nowhere', 'mortal', 'mortal'] },
        { id: 'kept', flags: FLAG.immortal },
        { id: 'mortal', refs: 0 },
        { id: 'other', edges: ['mortal', 'kept'] },
      ],
      roots: [modules('other'), { kind: DUMP_ROOT.interned, refs: ['table'] }],
    });
    expect(targets(heap, 'table')).toEqual(['kept', `root ${ROOT.missing}`]);
    expect(weakOf(heap)).toEqual(['table 2 mortal', 'table 3 mortal']);
    expect(targets(heap, 'other')).toEqual(['mortal', 'kept']);
  });
});

describe('what is left of a reference count', () => {
  const left = (refs: number, edges: string[] = []): { external: string[]; immortal: boolean } => {
    const heap = heapOf({
      objects: [
        { id: 'a', edges },
        { id: 'b', refs },
      ],
      roots: [modules('a')],
    });
    return { external: externalOf(heap), immortal: (heap.graph.flags[heap.node('b')]! & FLAG.immortal) !== 0 };
  };

  it('is held from outside; it is never less than nothing', () => {
    expect(left(3, ['b'])).toEqual({ external: ['b 2'], immortal: false });
    expect(left(2, ['b', 'b'])).toEqual({ external: [], immortal: false });
    expect(left(1, ['b', 'b', 'b'])).toEqual({ external: [], immortal: false });
  });

  it('is nothing where nobody counts', () => {
    expect(left(NO_COUNT)).toEqual({ external: [], immortal: false });
    expect(left(NO_COUNT, ['b'])).toEqual({ external: [], immortal: false });
  });

  it('is more than anything can have from 2^29 on: such an object is never freed', () => {
    expect(left(2 ** 29 - 1)).toEqual({ external: [`b ${2 ** 29 - 1}`], immortal: false });
    expect(left(2 ** 29)).toEqual({ external: [], immortal: true });
    expect(left(NO_COUNT - 1)).toEqual({ external: [], immortal: true });
  });

  it('is that of each object, in their order in the heap', () => {
    const objects: ObjectSpec[] = ['a', 'b', 'c', 'd'].map((id, i) => ({ id, external: i }));
    const heap = heapOf({ objects, roots: [modules('d', 'a')] });
    expect(externalOf(heap).toSorted()).toEqual(['b 1', 'c 2', 'd 3']);
    expect([...heap.graph.external.node]).toEqual([...heap.graph.external.node].toSorted((a, b) => a - b));
  });
});

describe('roots', () => {
  const ROOTS: RootSpec[] = [
    { kind: DUMP_ROOT.interned, name: 'interned', refs: ['t'] },
    { kind: DUMP_ROOT.garbageList, name: 'garbage', refs: ['g'] },
    { kind: DUMP_ROOT.staticTypes, name: 'static', refs: ['s'] },
    { kind: DUMP_ROOT.interpreter, name: 'interpreter', refs: ['i'] },
    { kind: DUMP_ROOT.frame, name: 'inner', parent: 6, ident: 0, line: 3, file: 'a.py', refs: [local('x', 'x'), 'y'] },
    { kind: DUMP_ROOT.frame, name: 'outer', parent: 6, ident: 1, line: 9, file: 'b.py', refs: ['x'] },
    { kind: DUMP_ROOT.thread, name: 'Main', ident: 77, refs: ['m'] },
    modules('app'),
  ];
  const ids = ['t', 'g', 's', 'i', 'x', 'y', 'm', 'app'];
  const heapWithRoots = (): NamedHeap =>
    heapOf({
      objects: [
        ...ids.map((id) => ({ id })),
        { id: 'forever', flags: FLAG.immortal },
        { id: 'held', external: 1 },
        { id: 'lost', edges: ['no'] },
      ],
      roots: ROOTS,
    });

  it('come in one order, whatever the order in the dump: named ones first, then what is left, then what is not there', () => {
    const { graph, name } = heapWithRoots();
    const of = graph.edgeTo.subarray(graph.edgeStart[0], graph.edgeStart[1]);
    expect([...of].map(name)).toEqual(
      [
        ROOT.modules,
        ROOT.threads,
        ROOT.interpreter,
        ROOT.staticTypes,
        ROOT.garbageList,
        ROOT.interned,
        ROOT.heldByC,
        ROOT.immortal,
        ROOT.unreachable,
        ROOT.missing,
      ].map((kind) => `root ${kind}`),
    );
  });

  it('have what the dump says of them: a thread its ident, a frame its depth, file and line', () => {
    const { roots } = heapWithRoots().graph;
    const said = (wanted: string): object => {
      const { kind, ident, depth, file, line, parent } = roots.find((root) => root.name === wanted)!;
      return { kind, ident, depth, file, line, under: roots[parent]?.name };
    };
    expect(said('Main')).toEqual({ kind: ROOT.thread, ident: 77, depth: 0, file: '', line: 0, under: '' });
    expect(said('inner')).toEqual({ kind: ROOT.frame, ident: 0, depth: 0, file: 'a.py', line: 3, under: 'Main' });
    expect(said('outer')).toEqual({ kind: ROOT.frame, ident: 0, depth: 1, file: 'b.py', line: 9, under: 'Main' });
  });

  it('name their references where the dump does', () => {
    const { shape, shapes, labels, roots } = heapWithRoots().graph;
    const namesOf = (wanted: string): unknown[] => {
      const id = shape[roots.find((root) => root.name === wanted)!.node]!;
      return [...shapes.label.subarray(shapes.start[id], shapes.start[id + 1])].map((label) => labels[label]);
    };
    expect(namesOf('inner')[0]).toEqual({ kind: LABEL.local, name: 'x' });
    expect(namesOf('outer')).toEqual([]);
  });

  it('without a thread of their own are among the threads', () => {
    const alone = heapOf({ objects: [{ id: 'x' }], roots: [{ kind: DUMP_ROOT.frame, name: 'f', refs: ['x'] }] });
    const { roots } = alone.graph;
    expect(roots[roots.find((root) => root.name === 'f')!.parent]?.kind).toBe(ROOT.threads);
  });

  it('are only those that hold something', () => {
    const kinds = (objects: ObjectSpec[]): number[] => heapOf({ objects, roots: [modules('a')] }).graph.roots.map((root) => root.kind);
    expect(kinds([{ id: 'a' }])).toEqual([ROOT.super, ROOT.modules]);
    expect(kinds([{ id: 'a', flags: FLAG.immortal }])).toEqual([ROOT.super, ROOT.modules, ROOT.immortal]);
    expect(kinds([{ id: 'a' }, { id: 'b' }])).toEqual([ROOT.super, ROOT.modules, ROOT.unreachable]);
  });
});
