import { describe, expect, it } from 'vitest';
import { deflate, packColumns, unpackColumns } from './chunk-codec.ts';
import { CodecError, largestColumn, readColumn, writeColumn } from './column-codec.ts';

function roundTrip(values: number[]): number[] {
  const bytes = new Uint8Array(largestColumn(values.length));
  const end = writeColumn(bytes, 0, Float64Array.from(values));
  const { values: read, next } = readColumn(bytes.subarray(0, end), 0, values.length);
  expect(next).toBe(end);
  return [...read];
}

describe('a column of numbers', () => {
  it.each([
    ['one number', [42]],
    ['whole numbers', [1, 5, -3, 0, 1_000_000]],
    ['pages', [4096 * 100, 4096 * 101, 4096 * 7]],
    ['one value throughout', [7, 7, 7, 7]],
    ['short decimals', [0.1, 0.25, 12.3, -0.05]],
    ['floats', [Math.PI, Math.E, 1e300, -1e-300]],
    ['numbers too large for differences', [2 ** 53, -(2 ** 53), 5]],
    ['the largest differences', [2 ** 50, -(2 ** 50), 2 ** 50]],
    ['differences of five bytes', [0, 2 ** 34, 3, 2 ** 39]],
    ['differences of exactly four bytes', [0, 2 ** 31 - 1, -1, 2 ** 30]],
    ['gaps within', [1, NaN, 3, NaN, NaN, 6]],
    ['a gap first', [NaN, 2, 3]],
    ['gaps alone', [NaN, NaN]],
    ['a gap among floats', [Math.PI, NaN, Math.E]],
  ])('comes back: %s', (_, values) => {
    expect(roundTrip(values)).toEqual(values);
  });

  it('comes back whatever the numbers are', () => {
    for (let n = 1; n < 300; n += 7) {
      const values = Array.from({ length: n }, (_, i) =>
        i % 11 === 0 ? NaN : Math.round(Math.sin(i * n) * 10 ** (n % 14)) * (n % 3 === 0 ? 0.001 : 1) + 0,
      );
      expect(roundTrip(values)).toEqual(values);
    }
  });

  it('takes a byte or so a sample for memory that moves by pages', () => {
    const values = Float64Array.from({ length: 4096 }, (_, i) => 4096 * (50_000 + ((i * 31) % 90)));
    expect(packColumns([values]).length).toBeLessThan(4096 * 1.5);
  });
});

describe('damaged columns', () => {
  const good = packColumns([
    Float64Array.from({ length: 1000 }, (_, i) => i * 100),
    Float64Array.from({ length: 1000 }, (_, i) => (i * i) % 9973),
  ]);

  it('are refused when cut short anywhere', () => {
    for (let end = 0; end < good.length; end += 13) expect(() => unpackColumns(good.subarray(0, end), 1000, 2)).toThrow(CodecError);
  });

  it('are refused when the number of samples is not theirs', () => {
    for (const n of [0, -1, 1.5, 999, 1001, 4097, NaN, Infinity]) expect(() => unpackColumns(good, n, 2)).toThrow(CodecError);
  });

  it('never take more memory than their samples', () => {
    const bomb = Buffer.concat([Buffer.of(1), deflate(new Uint8Array(50_000_000))]);
    expect(bomb.length).toBeLessThan(10_000);
    expect(() => unpackColumns(bomb, 4096, 2)).toThrow(CodecError);
  });

  it('never fail otherwise, whichever byte is wrong', () => {
    const plain = packColumns([Float64Array.of(1, 2, 300, NaN), Float64Array.of(0.5, 1, 2, 3)]);
    for (let at = 0; at < plain.length; at++) {
      for (const value of [0, 1, 127, 128, 255]) {
        const bad = plain.slice();
        bad[at] = value;
        try {
          expect(unpackColumns(bad, 4, 2)).toHaveLength(2);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(CodecError);
        }
      }
    }
  });
});
