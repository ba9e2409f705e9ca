import { describe, expect, it } from 'vitest';
import { addressesFrom, addressSteps, addressUnit, codeEdges, decodeEdges, differences, sums } from './codings.ts';

describe('differences', () => {
  it('are small where numbers ascend, and wrap where they do not', () => {
    expect([...differences(Uint32Array.of(4, 7, 9))]).toEqual([4, 3, 2]);
    expect([...differences(Uint32Array.of(9, 7))]).toEqual([9, 2 ** 32 - 2]);
  });

  it.each([[[]], [[0]], [[4, 7, 9]], [[9, 7, 2 ** 32 - 1, 0, 1]]])('of %j give the numbers back', (numbers) => {
    const column = Uint32Array.from(numbers);
    const coded = differences(column);
    expect([...column]).toEqual(numbers);
    sums(coded);
    expect([...coded]).toEqual(numbers);
  });
});

describe('addresses', () => {
  const coded = (...address: number[]): { unit: number; codes: number[] } => {
    const unit = addressUnit(Float64Array.from(address));
    const steps = addressSteps(Float64Array.from(address), unit);
    return { unit, codes: address.map((_, i) => steps[i * 2]! + steps[i * 2 + 1]! * 2 ** 32) };
  };

  it('are steps from the one before, of 8 bytes where all are multiples of 8', () => {
    expect(coded(4096, 4160, 4112)).toEqual({ unit: 8, codes: [1025, 17, 12] });
    expect(coded(4096, 4161)).toEqual({ unit: 1, codes: [8193, 131] });
  });

  it('that are none stay none, and no step begins there', () => {
    expect(coded(0, 4096, 0, 4096, 4104)).toEqual({ unit: 8, codes: [0, 1025, 0, 1, 3] });
  });

  it.each([
    [[]],
    [[0, 0]],
    [[8, 16, 8, 8, 0, 8]],
    [[1, 2 ** 31, 2 ** 32, 2 ** 33 + 1]],
    [[2 ** 47 - 8, 8, 2 ** 47 - 8, 2 ** 52]],
    [[2 ** 52 - 1, 1, 2 ** 52 - 1]],
  ])('%j are given back exactly', (numbers) => {
    const unit = addressUnit(Float64Array.from(numbers));
    const steps = addressSteps(Float64Array.from(numbers), unit);
    expect([...addressesFrom(steps, unit)]).toEqual(numbers);
  });
});

describe('edges', () => {
  const NEAR = 2 ** 15;
  /** The edges of node 10. */
  const coded = (...to: number[]): Uint32Array => codeEdges(Uint32Array.of(...Array<number>(11).fill(0), to.length), Uint32Array.from(to));

  it('are distances where they are near and lead forward, else the target itself, odd', () => {
    expect([...coded(11, 10 + NEAR - 1, 10 + NEAR, 10, 9, 0)]).toEqual([2, (NEAR - 1) * 2, (10 + NEAR) * 2 + 1, 21, 19, 1]);
  });

  it('are given back, each of its own node', () => {
    const starts = Uint32Array.of(0, 2, 2, 6);
    const to = [1, 2 ** 31 - 1, 3, 2, 0, 2 ** 31 - 2];
    const edges = codeEdges(starts, Uint32Array.from(to));
    decodeEdges(starts, edges);
    expect([...edges]).toEqual(to);
  });
});
