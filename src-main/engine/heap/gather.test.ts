import { describe, expect, it } from 'vitest';
import { gatherAddresses, gatherArrays, gatherFlags, gatherNumbers, gatherStrings, gatherU32, gatherWeak, placeEntries } from './gather.ts';
import type { Placing } from './gather.ts';
import { FLAG, NONE } from './graph.ts';
import type { Strings } from './graph.ts';
import { stringAt } from './strings.ts';

/** The objects a b c d of the dump, in the graph `super d (group) a c`; `b` is not in it. */
const PLACING: Placing = { nodes: 5, origin: Uint32Array.of(NONE, 3, NONE, 0, 2), target: Uint32Array.of(3, NONE, 4, 1) };
const [A, B, C, D, NOBODY] = [0, 1, 2, 3, NONE];

const strings = (...texts: string[]): Strings => {
  const ends = texts.map((_, i) => texts.slice(0, i + 1).join('').length);
  return { start: Uint32Array.of(0, ...ends), bytes: new TextEncoder().encode(texts.join('')) };
};

describe('columns', () => {
  it('follow their objects; synthetic nodes get what is said for them', () => {
    const sizes = Uint32Array.of(10, 20, 30, 40);
    expect([...gatherU32(sizes, PLACING, 7)]).toEqual([7, 40, 7, 10, 30]);
    expect(sizes.length).toBe(0);
  });

  it('of addresses have both halves; synthetic nodes have none', () => {
    const pairs = Uint32Array.of(8, 0, 16, 0, 24, 2 ** 20, 32, 1);
    expect([...gatherAddresses(pairs, PLACING)]).toEqual([0, 32 + 2 ** 32, 0, 8, 24 + 2 ** 52]);
    expect(pairs.length).toBe(0);
  });

  it('of flags have those that a dump can set', () => {
    const flags = Uint8Array.of(1, 2, 255, 64);
    expect([...gatherFlags(flags, PLACING)]).toEqual([FLAG.synthetic, 64, FLAG.synthetic, 1, 127]);
    expect(flags.length).toBe(0);
  });
});

describe('sparse tables', () => {
  const placed = (...objects: number[]): unknown => {
    const { entries, node } = placeEntries(Uint32Array.from(objects), PLACING);
    return [...node].map((each, i) => [each, entries[i]]);
  };

  it('are sorted by node, without objects that are not in the graph, or that nobody knows', () => {
    expect(placed(A, D, C)).toEqual([
      [1, 1],
      [3, 0],
      [4, 2],
    ]);
    expect(placed(B, C, NOBODY, D)).toEqual([
      [1, 3],
      [4, 1],
    ]);
    expect([placed(), placed(B), placed(NOBODY, B)]).toEqual([[], [], []]);
  });

  it('of few entries are placed as those of many', () => {
    const nodes = 1000;
    const turned = Uint32Array.from({ length: nodes }, (_, i) => (i * 7 + 3) % nodes);
    const placing: Placing = { nodes, origin: new Uint32Array(nodes), target: turned };
    for (const count of [1, 2, 62, 63, 64, 200, 1500]) {
      const objects = Uint32Array.from({ length: count }, (_, i) => (i % 7 === 6 ? NONE : (i * 31) % nodes));
      const expected = [...objects.entries()]
        .filter(([i, object]) => object !== NONE && objects.indexOf(object) === i)
        .map(([i, object]) => [turned[object], i])
        .toSorted(([a], [b]) => a! - b!);
      const { entries, node } = placeEntries(objects, placing);
      expect([...node].map((each, i) => [each, entries[i]])).toEqual(expected);
    }
  });

  it('have of several entries for one object the first', () => {
    expect(placed(C, A, C, A, D, A)).toEqual([
      [1, 4],
      [3, 1],
      [4, 0],
    ]);
  });

  it('keep the numbers, texts and arrays of their entries', () => {
    const node = Uint32Array.of(C, B, D, C);
    expect(gatherNumbers({ node, value: Float64Array.of(1.5, 2.5, 3.5, 4.5) }, PLACING)).toEqual({
      node: Uint32Array.of(1, 4),
      value: Float64Array.of(3.5, 1.5),
    });
    const texts = gatherStrings({ node, strings: strings('ccc', 'b', '', 'again') }, PLACING);
    expect([[...texts.node], [0, 1].map((i) => stringAt(texts.strings, i))]).toEqual([
      [1, 4],
      ['', 'ccc'],
    ]);
    const raw = { node, bytes: Float64Array.of(9, 8, 2 ** 40, 6), owns: Uint8Array.of(1, 0, 0, 0) };
    const arrays = gatherArrays({ ...raw, dtype: strings('i', 'x', 'f', 'x'), shape: strings('(1,)', '', '(2,)', '') }, PLACING);
    expect([[...arrays.node], [...arrays.bytes], [...arrays.owns]]).toEqual([
      [1, 4],
      [2 ** 40, 9],
      [0, 1],
    ]);
    expect([arrays.dtype, arrays.shape].map((each) => [0, 1].map((i) => stringAt(each, i)))).toEqual([
      ['f', 'i'],
      ['(2,)', '(1,)'],
    ]);
  });
});

it('weak references are sorted by node, and lead to a placeholder where their object is missing or left out', () => {
  const [missing, agent] = [100, 200];
  const raw = { node: Uint32Array.of(C, C, B, D, A), place: Uint32Array.of(1, 4, 0, 2, 3), to: Uint32Array.of(A, NOBODY, A, B, D) };
  const weak = gatherWeak(raw, PLACING, missing, agent);
  expect([...weak.node].map((node, i) => [node, weak.place[i], weak.to[i]])).toEqual([
    [1, 2, agent],
    [3, 3, 1],
    [4, 1, 3],
    [4, 4, missing],
  ]);
});
