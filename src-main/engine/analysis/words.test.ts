import { describe, expect, it } from 'vitest';
import { randomHeap } from '../heap/testing/random-heap.ts';
import { randomBelow } from '../heap/testing/oracle.ts';
import { modules, attribute, type HeapSpec } from '../heap/testing/dump-builder.ts';
import { REST } from '../heap/graph.ts';
import { holderText, previewOf, typeOf } from './node-rows.ts';
import { Bench } from './testing.ts';
import { nodesWithWord } from './words.ts';

/** The reference result, from reading the three texts of each object. */
function naive(bench: Bench, word: string): number[] {
  const view = bench.view();
  const has = (text: string): boolean => text.toLowerCase().includes(word);
  return [...view.objects].filter((node) => {
    const { module, name } = typeOf(view, node);
    return has(module === '' ? name : `${module}.${name}`) || has(previewOf(view, node)) || has(holderText(view, node));
  });
}

function fast(bench: Bench, word: string): number[] | null {
  const found = nodesWithWord(bench.view(), word);
  return found && [...bench.view().objects].filter((node) => found[node] === 1);
}

const NAMED: HeapSpec = {
  objects: [
    { id: 'sys', type: 'dict', rest: REST.pairs, edges: ['k', 'app'] },
    { id: 'k', type: 'str', text: 'app17', preview: "'Key'" },
    { id: 'app', type: 'module', edges: [attribute('__dict__', 'ns')] },
    { id: 'ns', type: 'dict', rest: REST.pairs, flags: 16, edges: ['k2', 'list', 'odd', 'value'] },
    { id: 'k2', type: 'str', text: 'Sessions', preview: "'ab" },
    { id: 'odd', type: 'tuple', preview: "c'" },
    { id: 'value', type: 'Thing' },
    { id: 'list', type: 'list', rest: REST.items, edges: Array.from({ length: 20 }, (_, i) => `s${i}`) },
    ...Array.from({ length: 20 }, (_, i) => ({ id: `s${i}`, type: 'Session', edges: [attribute('user', `u${i}`)] })),
    ...Array.from({ length: 20 }, (_, i) => ({ id: `u${i}`, type: 'User', preview: `'Name ${i} ÄÖ'` })),
  ],
  roots: [modules('sys')],
};

describe('words among objects', () => {
  it('finds what reading every text finds', () => {
    const bench = new Bench(NAMED);
    for (const word of [
      'sessions',
      'app',
      'app17',
      '17',
      '1',
      'user',
      'name',
      'key',
      'dict',
      'modules',
      'nowhere',
      'abc',
      'tuple',
      '__dict__',
      'x',
    ]) {
      expect([word, fast(bench, word)]).toEqual([word, naive(bench, word)]);
    }
  });

  it('finds none that lies across two previews, and each that is all of one', () => {
    const previews = (...texts: string[]): Bench => {
      const objects = texts.map((preview, i) => ({ id: `o${i}`, type: 'str', preview }));
      return new Bench({
        objects: [{ id: 'list', type: 'list', rest: REST.items, edges: objects.map(({ id }) => id) }, ...objects],
        roots: [modules('list')],
      });
    };
    const same = previews('zq', 'zq', 'zq');
    expect([fast(same, 'zq')?.length, fast(same, 'qz'), fast(same, 'zqz')]).toEqual([3, [], []]);
    const capitals = previews('AZ', 'AZ', 'az');
    expect([fast(capitals, 'az')?.length, fast(capitals, 'za')]).toEqual([3, []]);
  });

  it('leaves to reading what could stand across two names', () => {
    const bench = new Bench(NAMED);
    for (const word of ['app › sessions', "['", 'session.', 'äö']) expect(fast(bench, word)).toBeNull();
  });

  it('agrees on random heaps', () => {
    for (let seed = 1; seed < 80; seed++) {
      const spec = randomHeap(seed);
      const below = randomBelow(seed);
      const bench = new Bench(spec);
      const words = ['modules', 'name', 'dict', String(below(3)), 'a', 'object', 'thread', 'key'];
      for (const word of words) expect([seed, word, fast(bench, word)]).toEqual([seed, word, naive(bench, word)]);
    }
  });
});
