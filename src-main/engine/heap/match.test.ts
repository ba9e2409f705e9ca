import { describe, expect, it } from 'vitest';
import { NONE, REST } from './graph.ts';
import { CONFIDENCE, matchHeaps, type HeapMatch, type MatchSide } from './match.ts';
import { modules, type HeapSpec, type ObjectSpec } from './testing/dump-builder.ts';
import { heapOf, type NamedHeap } from './testing/heap-of.ts';

/** A registry that holds the given objects. */
function registry(...objects: (ObjectSpec & { address: number })[]): HeapSpec {
  const cache: ObjectSpec = { id: 'cache', type: 'dict', address: 1024, size: 232, edges: objects.map(({ id }) => id), rest: REST.values };
  return { objects: [cache, ...objects], roots: [modules('cache')], types: [{ name: 'dict' }, { name: 'str' }, { name: 'tuple' }] };
}

function side({ graph }: NamedHeap): MatchSide {
  const nodes = Array.from({ length: graph.nodes }, (_, node) => node);
  const byAddress = nodes.filter((node) => graph.address[node] !== 0).sort((x, y) => graph.address[x]! - graph.address[y]!);
  const inside = (node: number, holder: number): boolean => holder < node && node < holder + graph.subtree[holder]!;
  const dominators = nodes.map((node) => nodes.findLast((holder) => inside(node, holder)) ?? NONE);
  return { graph, byAddress: Uint32Array.from(byAddress), dominators: Uint32Array.from(dominators) };
}

function matchOf(a: NamedHeap, b: NamedHeap): HeapMatch {
  return matchHeaps(side(a), side(b));
}

function matched(before: HeapSpec, after: HeapSpec): { a: NamedHeap; b: NamedHeap; of(id: string): [string, number] } {
  const [a, b] = [heapOf(before), heapOf(after)];
  const match = matchOf(a, b);
  return {
    a,
    b,
    of: (id) => {
      const old = match.earlier[b.node(id)]!;
      if (old !== NONE) expect(match.later[old]).toBe(b.node(id));
      return [old === NONE ? 'new' : a.name(old), match.confidence[b.node(id)]!];
    },
  };
}

describe('matching two snapshots', () => {
  it('refuses another type at the same address', () => {
    const { of } = matched(registry({ id: 'x', type: 'Session', address: 4096 }), registry({ id: 'y', type: 'Request', address: 4096 }));
    expect(of('y')).toEqual(['new', CONFIDENCE.none]);
  });

  it('refuses a string whose digest is another', () => {
    const text = (id: string, hash: bigint): HeapSpec => registry({ id, type: 'str', address: 4096, hash });
    expect(matched(text('x', 7n), text('y', 8n)).of('y')).toEqual(['new', CONFIDENCE.none]);
    expect(matched(text('x', 7n), text('y', 7n)).of('y')).toEqual(['x', CONFIDENCE.certain]);
  });

  it('refuses an object that another line made, and is certain where the same line did', () => {
    const made = (id: string, line: number): HeapSpec => registry({ id, type: 'Session', address: 4096, site: [`app.py:${line}`] });
    expect(matched(made('x', 3), made('y', 4)).of('y')).toEqual(['new', CONFIDENCE.none]);
    expect(matched(made('x', 3), made('y', 3)).of('y')).toEqual(['x', CONFIDENCE.certain]);
  });

  it('refuses a tuple with other items: a tuple never changes', () => {
    const pair = (id: string, at: number): HeapSpec => ({
      ...registry({ id, type: 'tuple', address: 4096, edges: [`${id}1`] }, { id: `${id}1`, type: 'Session', address: at }),
    });
    expect(matched(pair('x', 8192), pair('y', 9216)).of('y')).toEqual(['new', CONFIDENCE.none]);
    expect(matched(pair('x', 8192), pair('y', 8192)).of('y')).toEqual(['x', CONFIDENCE.likely]);
  });

  it('is not sure of an object with another holder, whatever else agrees', () => {
    const boxed = (id: string, type: string): HeapSpec =>
      registry(
        { id, type, address: 4096, edges: [`${id}1`] },
        { id: `${id}1`, type: 'Bag', address: 8192, edges: [`${id}2`] },
        { id: `${id}2`, type: 'Coin', address: 9216 },
      );
    const inside = (spec: HeapSpec): HeapSpec => ({
      ...spec,
      objects: spec.objects.map((o) => (o.id === 'cache' ? { ...o, edges: o.edges!.slice(0, 1) } : o)),
    });
    const { of } = matched(inside(boxed('x', 'Session')), inside(boxed('y', 'Request')));
    expect([of('y')[0], of('y1'), of('y2')]).toEqual(['new', ['x1', CONFIDENCE.possible], ['x2', CONFIDENCE.possible]]);
    const same = matched(inside(boxed('x', 'Session')), inside(boxed('y', 'Session')));
    expect([same.of('y')[1], same.of('y1')[1], same.of('y2')[1]]).toEqual([CONFIDENCE.likely, CONFIDENCE.likely, CONFIDENCE.likely]);
  });

  it('takes a container that grew, with less confidence when nothing else agrees', () => {
    const list = (id: string, size: number, item: number): HeapSpec =>
      registry({ id, type: 'Bag', address: 4096, size, edges: [`${id}1`] }, { id: `${id}1`, type: 'Session', address: item });
    expect(matched(list('x', 64, 8192), list('y', 128, 8192)).of('y')).toEqual(['x', CONFIDENCE.likely]);
    expect(matched(list('x', 64, 8192), list('y', 128, 9216)).of('y')).toEqual(['x', CONFIDENCE.possible]);
  });

  it('knows a class that was defined anew from the old one of the same name', () => {
    const classAt = (id: string, address: number): HeapSpec => ({
      ...registry({ id: 'x', type: 'Session', address: 4096 }, { id, type: 'type', address, flags: 2 }),
      types: [{ name: 'dict' }, { name: 'type' }, { name: 'Session', module: 'app', object: id }],
    });
    expect(matched(classAt('C', 8192), classAt('C', 8192)).of('x')[0]).toBe('x');
    expect(matched(classAt('C', 8192), classAt('D', 9216)).of('x')).toEqual(['new', CONFIDENCE.none]);
  });

  it('pairs roots by what they are, and tells what is gone', () => {
    const { a, b, of } = matched(registry({ id: 'x', address: 4096 }, { id: 'y', address: 8192 }), registry({ id: 'y', address: 8192 }));
    const match = matchOf(a, b);
    expect(match.later[a.node('x')]).toBe(NONE);
    expect(match.earlier[0]).toBe(0);
    expect(of('y')).toEqual(['y', CONFIDENCE.likely]);
    expect(of('cache')[0]).toBe('cache');
  });
});
