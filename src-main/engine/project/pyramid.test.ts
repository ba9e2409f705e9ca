import { describe, expect, it } from 'vitest';
import { Blocks, lowerBound, upperBound } from './pyramid.ts';

/** Blocks of these samples, each as [first time, last time, lowest, highest, sum, count, ordinal of its first]. */
function blocksOf(samples: Iterable<[t: number, value: number]>, blocks = new Blocks()): Blocks {
  for (const [t, value] of samples) blocks.add(t, value);
  return blocks;
}

function rows({ t0, t1, min, max, sum, count, first, length }: Blocks): number[][] {
  return Array.from({ length }, (_, i) => [t0, t1, min, max, sum, count, first].map((column) => column.at(i)));
}

const starts = (times: number[], value = 5): number[] =>
  rows(blocksOf(times.map((t): [number, number] => [t, value]))).map(([t0 = NaN]) => t0);

describe('blocks of samples', () => {
  it('have the extremes and the sum of theirs; a gap is one of its own', () => {
    const values = [2, 3, 1, NaN, NaN, 5, 9];
    expect(rows(blocksOf(values.map((value, i) => [i * 10, value])))).toEqual([
      [0, 20, 1, 3, 6, 3, 0],
      [30, 40, NaN, NaN, NaN, 2, 3],
      [50, 60, 5, 9, 14, 2, 5],
    ]);
  });

  it('hold 64 samples at most', () => {
    const counts = (n: number): (number | undefined)[] => rows(blocksOf(Array.from({ length: n }, (_, i) => [i, i]))).map((row) => row[5]);
    expect([counts(64), counts(65), counts(130)]).toEqual([[64], [64, 1], [64, 64, 2]]);
  });

  it('end at a silence: over two seconds, and over four times the interval before', () => {
    expect(starts([0, 100, 2100])).toEqual([0]);
    expect(starts([0, 100, 2101])).toEqual([0, 2101]);
    expect(starts([0, 1000, 5000])).toEqual([0]);
    expect(starts([0, 1000, 5001])).toEqual([0, 5001]);
    expect(starts([0, 1000, 5001, 5002, 9002])).toEqual([0, 5001, 9002]);
  });

  it('begin anew where they were closed', () => {
    const blocks = blocksOf([
      [0, 1],
      [10, 2],
    ]);
    blocks.close();
    expect(rows(blocksOf([[20, 3]], blocks))).toEqual([
      [0, 10, 1, 2, 3, 2, 0],
      [20, 20, 3, 3, 3, 1, 2],
    ]);
  });

  it('say how long they are on average, silences between them left out', () => {
    expect(new Blocks().typicalSpan).toBe(0);
    const blocks = blocksOf([
      [0, 1],
      [100, 1],
      [9000, 1],
      [9300, 1],
    ]);
    expect([blocks.length, blocks.typicalSpan]).toEqual([2, 200]);
  });

  it('of a file go before those that are added, which never join them', () => {
    const one = (...values: number[]): Float64Array => Float64Array.from(values);
    const blocks = new Blocks();
    blocks.addBlocks({ t0: one(0, 500), t1: one(400, 500), min: one(1, 5), max: one(9, 5), sum: one(20, 5), count: one(4, 1) });
    expect([blocks.next, blocks.typicalSpan]).toEqual([5, 200]);
    expect(rows(blocksOf([[510, 7]], blocks)).at(-1)).toEqual([510, 510, 7, 7, 7, 1, 5]);
  });

  it('are taken away from a sample on, as if it had never come', () => {
    const blocks = blocksOf([
      [0, 1],
      [100, 1],
      [9000, 2],
      [9300, 2],
      [50_000, 3],
    ]);
    blocks.truncate(4);
    expect([blocks.length, blocks.next, blocks.typicalSpan]).toEqual([2, 4, 200]);
    blocks.truncate(2);
    expect([blocks.length, blocks.next, blocks.typicalSpan]).toEqual([1, 2, 100]);
    blocks.truncate(7);
    expect([blocks.length, blocks.next]).toEqual([1, 2]);
    expect(rows(blocksOf([[110, 5]], blocks))[1]).toEqual([110, 110, 5, 5, 5, 1, 2]);
  });

  it('are found by the sample that they start at, or by the next that starts one', () => {
    const blocks = blocksOf(Array.from({ length: 130 }, (_, i) => [i, i]));
    expect([0, 1, 64, 65, 128, 129].map((ordinal) => blocks.blockStartingAt(ordinal))).toEqual([0, 1, 1, 2, 2, 3]);
  });
});

it('bounds in ascending numbers are those of the first, the last, and of none', () => {
  const numbers = Float64Array.of(10, 20, 20, 30);
  const of = (find: typeof lowerBound): number[] => [5, 10, 15, 20, 30, 31].map((value) => find(numbers, value));
  expect([of(lowerBound), of(upperBound), lowerBound(Float64Array.of(), 1)]).toEqual([[0, 0, 1, 1, 3, 4], [0, 1, 1, 3, 4, 4], 0]);
});
