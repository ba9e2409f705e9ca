import { describe, expect, it } from 'vitest';
import { firstOf, orderBy, sortKeys, type SortKeys } from './order.ts';

function naive(keys: readonly number[], descending: boolean): number[] {
  return keys.map((_, i) => i).sort((a, b) => (descending ? keys[b]! - keys[a]! : keys[a]! - keys[b]!) || a - b);
}

function random(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

describe('sorting by a number', () => {
  for (const [what, top] of [
    ['few values', 5],
    ['below 2^32', 2 ** 32 - 1],
    ['beyond 2^32', 2 ** 50],
  ] as const) {
    it(`agrees with a naive sort: ${what}`, () => {
      const next = random(top % 1000);
      for (let round = 0; round < 60; round++) {
        const keys = Array.from({ length: Math.floor(next() * 300) }, () => Math.floor(next() * top));
        for (const descending of [true, false]) {
          const want = naive(keys, descending);
          expect([
            ...orderBy(
              sortKeys(keys.length, (i) => keys[i]!),
              descending,
            ),
          ]).toEqual(want);
          for (const count of [0, 1, 7, keys.length, keys.length + 5]) {
            expect([
              ...firstOf(
                sortKeys(keys.length, (i) => keys[i]!),
                descending,
                count,
              ),
            ]).toEqual(want.slice(0, count));
          }
        }
      }
    });
  }

  it('is right where a key needs one more bit, and where it needs a second word', () => {
    const around = (value: number): number[] => [value, value - 1, value + 1];
    const keys = [2 ** 11, 2 ** 16, 2 ** 22, 2 ** 32, 2 ** 33, 3 * 2 ** 32, 2 ** 48].flatMap(around).concat(2 ** 53 - 1, 0);
    for (const descending of [true, false]) {
      const order = naive(keys, descending);
      const sorted = (): SortKeys => sortKeys(keys.length, (i) => keys[i]!);
      expect([...orderBy(sorted(), descending)]).toEqual(order);
      for (let count = 0; count <= keys.length; count++)
        expect([...firstOf(sorted(), descending, count)], `${count}`).toEqual(order.slice(0, count));
    }
  });

  it('counts what is below zero as zero', () => {
    expect([
      ...orderBy(
        sortKeys(3, (i) => [4, -1, 0][i]!),
        false,
      ),
    ]).toEqual([1, 2, 0]);
  });
});
