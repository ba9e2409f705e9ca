import { describe, expect, it } from 'vitest';
import { DUMP_ROOT } from './dump-numbers.ts';
import { FLAG, NONE, REST } from './graph.ts';
import { CONFIDENCE, matchHeaps, type HeapMatch, type MatchSide } from './match.ts';
import { local, modules, type HeapSpec, type ObjectSpec } from './testing/dump-builder.ts';
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
        { id: `${id}2`, type: 'Coin', address: 9216, edges: [`${id}3`] },
        { id: `${id}3`, type: 'Metal', address: 10_240 },
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

/** The confidence in one object: `before` and `after` are what is said of it, with the addresses of what it refers to. */
describe('the evidence for one object', () => {
  interface Said {
    type?: string;
    module?: string;
    size?: number;
    flags?: number;
    hash?: bigint;
    line?: number;
    refs?: readonly number[];
    /** Flags of what it refers to. */
    refFlags?: number;
    /** The address of the object that alone holds it; none: two roots do, so that its holder says nothing. */
    holder?: number;
  }

  function heapWith({ type = 'Bag', module = 'app', size = 64, flags = 0, hash, line, refs = [], refFlags = 0, holder }: Said): HeapSpec {
    const targets = [...new Set(refs)].map((address) => ({ id: `at ${address}`, type: 'Item', address, flags: refFlags }));
    const object: ObjectSpec & { address: number } = { id: 'x', type, size, flags, address: 4096, edges: refs.map((at) => `at ${at}`) };
    if (hash !== undefined) object.hash = hash;
    if (line !== undefined) object.site = [`app.py:${line}`];
    const held = [...(holder === undefined ? ['x'] : []), ...targets.map(({ id }) => id)];
    const keep = { id: 'keep', type: 'dict', address: holder ?? 512, edges: ['x'] };
    return {
      objects: [keep, object, ...targets, { id: 'traced', type: 'Item', address: 2 ** 20, site: ['other.py:1'] }],
      types: [{ name: 'dict' }, { name: 'Item', module: 'app' }, { name: type, module }],
      roots: [modules('keep', 'traced'), { kind: DUMP_ROOT.frame, name: 'main', refs: held.map((id) => local(id, id)) }],
    };
  }
  const judged = (before: Said, after: Said = before): number => matched(heapWith(before), heapWith(after)).of('x')[1];
  const { none, possible, likely, certain } = CONFIDENCE;

  const [ten, other] = [Array.from({ length: 20 }, (_, i) => 8192 + 64 * i), (i: number): number => 32_768 + 64 * i];
  const items = (n: number): number[] => ten.slice(0, n);

  it.each<[string, Said, Said, number]>([
    ['its size alone', {}, {}, possible],
    ['its size and what it refers to', { refs: items(2) }, { refs: items(2) }, likely],
    ['its size and half of what it refers to', { refs: items(2) }, { refs: [ten[0]!, other(0)] }, likely],
    ['its size and a third of what it refers to', { refs: items(3) }, { refs: [ten[0]!, other(0), other(1)] }, possible],
    ['what it refers to, and not its size', { refs: items(2) }, { refs: items(2), size: 128 }, possible],
    ['its line, and what it refers to, and not its size', { line: 3, refs: items(2) }, { line: 3, refs: items(2), size: 128 }, likely],
    ['its line and its size', { line: 3 }, { line: 3 }, likely],
    ['its line and its size, and nothing that it refers to', { line: 3, refs: items(1) }, { line: 3, refs: [other(0)] }, possible],
    ['its line, its size and what it refers to', { line: 3, refs: items(2) }, { line: 3, refs: items(2) }, certain],
    ['its size, with a line that only one knows', { line: 3 }, {}, possible],
    ['its size, with a line that only the other knows', {}, { line: 3 }, possible],
    ['its holder and its size', { holder: 640 }, { holder: 640 }, likely],
    ['its holder, and not its size', { holder: 640 }, { holder: 640, size: 128 }, possible],
    ['its holder, its size and nothing that it refers to', { holder: 640, refs: items(1) }, { holder: 640, refs: [other(0)] }, possible],
    ['its holder, its line and its size', { holder: 640, line: 3 }, { holder: 640, line: 3 }, certain],
    ['its line and its size, with another holder', { holder: 640, line: 3 }, { holder: 704, line: 3 }, possible],
    ['its size, held by one thing only before', { holder: 640 }, {}, possible],
    ['its size, held by one thing only now', {}, { holder: 640 }, possible],
    ['its size and what it refers to, held by one thing only before', { holder: 640, refs: items(2) }, { refs: items(2) }, likely],
    ['its size and what it refers to, held by one thing only now', { refs: items(2) }, { holder: 640, refs: items(2) }, likely],
    ['its size and what it refers to, with another holder', { holder: 640, refs: items(2) }, { holder: 704, refs: items(2) }, possible],
    ['a digest', { hash: 7n }, { hash: 7n }, certain],
    ['a digest that only one knows', { hash: 7n }, {}, possible],
    ['a digest that only the other knows', {}, { hash: 7n }, possible],
  ])('%s', (_, before, after, confidence) => expect(judged(before, after)).toBe(confidence));

  it('is not needed for classes, and for what lives as long as the process, if both say so', () => {
    for (const flags of [FLAG.type, FLAG.immortal]) {
      expect(judged({ flags }, { flags, size: 128 })).toBe(certain);
      expect(judged({ flags }, { size: 128 })).toBe(possible);
      expect(judged({}, { flags, size: 128 })).toBe(possible);
    }
  });

  it('is against what cannot change and has another size or other items: of the built-in types alone', () => {
    const tuple = { type: 'tuple', module: 'builtins' };
    expect(judged({ ...tuple, refs: items(2) }, { ...tuple, refs: items(2) })).toBe(likely);
    expect(judged({ ...tuple, refs: items(2) }, { ...tuple, refs: [ten[0]!, other(0)] })).toBe(none);
    expect(judged(tuple, { ...tuple, size: 128 })).toBe(none);
    expect(judged({ type: 'tuple' }, { type: 'tuple', size: 128 })).toBe(possible);
  });

  it('of references is the first sixteen', () => {
    const changed = (from: number, to: number): number[] => items(20).map((at, i) => (i >= from && i < to ? other(i) : at));
    expect(judged({ refs: items(20) }, { refs: changed(16, 20) })).toBe(likely);
    expect(judged({ refs: items(20) }, { refs: changed(8, 16) })).toBe(likely);
    expect(judged({ refs: items(20) }, { refs: changed(7, 16) })).toBe(possible);
    expect(judged({ refs: changed(0, 16) }, { refs: [...items(20).slice(16), ...items(4)] })).toBe(possible);
  });

  it('of references is there where others before them are gone, or were put before them', () => {
    expect(judged({ refs: items(4) }, { refs: items(4).slice(1) })).toBe(likely);
    expect(judged({ refs: items(3).slice(1) }, { refs: [other(0), ...items(3).slice(1)] })).toBe(likely);
    expect(judged({ refs: items(2) }, { refs: [other(0), other(1), other(2), ...items(2)] })).toBe(possible);
  });

  it('of references is none where they lead to classes and immortals, or where there were none', () => {
    expect(judged({ refs: items(2), refFlags: FLAG.immortal })).toBe(possible);
    expect(judged({ refs: items(2), refFlags: FLAG.type })).toBe(possible);
    expect(judged({ refs: [] }, { refs: items(2) })).toBe(possible);
    expect(judged({ refs: [], line: 3 }, { refs: items(2), line: 3 })).toBe(likely);
  });
});

it('a holder that is only possibly the same is no evidence for what it holds', () => {
  const heapWith = (size: number): HeapSpec => ({
    objects: [
      { id: 'keep', edges: ['bag'] },
      { id: 'bag', type: 'Bag', size, edges: ['coin'] },
      { id: 'coin', type: 'Coin' },
    ],
    roots: [modules('keep'), { kind: DUMP_ROOT.frame, name: 'main', refs: [local('bag', 'bag')] }],
  });
  const confidences = (before: number, after: number): number[] => {
    const { of } = matched(heapWith(before), heapWith(after));
    return [of('bag')[1], of('coin')[1]];
  };
  expect(confidences(64, 64)).toEqual([CONFIDENCE.likely, CONFIDENCE.likely]);
  expect(confidences(64, 128)).toEqual([CONFIDENCE.possible, CONFIDENCE.possible]);
});

it('one root of several that are alike is paired once', () => {
  const twice = (n: number): NamedHeap => heapOf({ objects: [{ id: 'a' }], roots: Array.from({ length: n }, () => modules('a')) });
  const [one, two] = [twice(1), twice(2)];
  const pairs = matchOf(one, two);
  const [first, second] = two.graph.roots.filter(({ name }) => name === 'sys.modules').map(({ node }) => pairs.earlier[node]);
  expect([first === NONE, second === NONE].toSorted()).toEqual([false, true]);
});

it('addresses beyond the last one of the other heap are new, or gone', () => {
  const at = (...addresses: number[]): NamedHeap => heapOf(registry(...addresses.map((address) => ({ id: `${address}`, address }))));
  const [few, many] = [at(4096, 8192), at(2048, 4096, 6144, 12_288, 16_384)];
  const newer = matchOf(few, many);
  expect([2048, 4096, 6144, 12_288, 16_384].filter((id) => newer.earlier[many.node(`${id}`)] !== NONE)).toEqual([4096]);
  const gone = matchOf(many, few);
  expect([4096, 8192].filter((id) => gone.earlier[few.node(`${id}`)] !== NONE)).toEqual([4096]);
});
