import { describe, expect, it } from 'vitest';
import { release, scratchU16, scratchU32, scratchU8, widened } from './memory.ts';

describe('scratch memory', () => {
  it.each([0, 5, 600_000, 9_000_000])('has so many zeros, and nothing once it is released: %d', (length) => {
    for (const made of [scratchU8(length), scratchU16(length), scratchU32(length)]) {
      expect([made.length, made.byteOffset, made.every((value) => value === 0)]).toEqual([length, 0, true]);
      release(made);
      expect(made.length).toBe(0);
    }
  });
});

describe('a column with more numbers', () => {
  it('is in its own memory where that has room', () => {
    const roomy = Uint32Array.of(1, 2, 3, 4, 5);
    const wider = widened(roomy.subarray(1, 3), 4);
    expect([[...wider], wider.buffer === roomy.buffer]).toEqual([[2, 3, 4, 5], true]);
  });

  it('is a copy elsewhere, and the old one is freed', () => {
    const column = Uint32Array.of(1, 2, 3);
    const wider = widened(column, 4);
    expect([[...wider.subarray(0, 3)], wider.length, column.length]).toEqual([[1, 2, 3], 4, 0]);
  });
});
