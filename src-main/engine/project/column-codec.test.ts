import { describe, expect, it } from 'vitest';
import { deflate, inflate, packColumns, unpackColumns } from './chunk-codec.ts';
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
    ['differences of seven bytes', [1, 2 ** 50 - 1, -(2 ** 50) + 1]],
    ['even decimals', [0.2, 0.4, 12.8]],
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

describe('the bytes of a column', () => {
  const bytesOf = (...values: number[]): number[] => {
    const bytes = new Uint8Array(largestColumn(values.length));
    return [...bytes.subarray(0, writeColumn(bytes, 0, Float64Array.from(values)))];
  };
  const f64 = (value: number): number[] => [...new Uint8Array(Float64Array.of(value).buffer)];

  it('are those of the format: differences of whole numbers, in planes', () => {
    expect(bytesOf(1, 5, -3)).toEqual([0, 0, 0, 1, ...f64(1), 8, 15]);
    expect(bytesOf(0, 300, 300)).toEqual([0, 0, 2, 1, ...f64(0), 150, 0]);
    expect(bytesOf(1, 301, 1)).toEqual([0, 0, 0, 2, ...f64(1), 88, 87, 2, 2]);
    expect(bytesOf(7, 7)).toEqual([0, 0, 0, 0, ...f64(7)]);
    expect(bytesOf(4096, 8192)).toEqual([0, 0, 12, 1, ...f64(1), 2]);
    expect(bytesOf(2 ** 30, 2 ** 31)).toEqual([0, 0, 20, 2, ...f64(2 ** 10), 0, 8]);
    expect(bytesOf(1, 1 + 2 ** 33, 1)).toEqual([0, 0, 0, 5, ...f64(1), 0, 255, 0, 255, 0, 255, 0, 255, 4, 3]);
  });

  it('have the fewest decimals that lose nothing, six at most; else they are floats', () => {
    const kindAndDecimals = (...values: number[]): number[] => bytesOf(...values).slice(0, 2);
    expect(kindAndDecimals(0.5, 1)).toEqual([0, 1]);
    expect(kindAndDecimals(1, 0.25)).toEqual([0, 2]);
    expect(kindAndDecimals(0.000001, 3)).toEqual([0, 6]);
    expect(bytesOf(0.0000001)[0]).toBe(1);
    expect([bytesOf(2 ** 52, 0.1)[0], bytesOf(2 ** 49, 0.1)[0]]).toEqual([1, 1]);
    expect([bytesOf(2 ** 50)[0], bytesOf(2 ** 50 + 1)[0], bytesOf(-(2 ** 50))[0], bytesOf(-(2 ** 50) - 1)[0]]).toEqual([0, 1, 0, 1]);
    expect(bytesOf(Math.PI)).toEqual([1, ...f64(Math.PI)]);
  });

  it('say where gaps are; a gap has the number before it, or the first there is', () => {
    expect(bytesOf(NaN, 3, NaN)).toEqual([128, 0b101, 0, 0, 0, ...f64(3)]);
    expect(bytesOf(NaN, NaN).slice(0, 2)).toEqual([128, 0b11]);
    expect(bytesOf(...Array.from({ length: 9 }, (_, i) => (i === 8 ? NaN : 1))).slice(0, 3)).toEqual([128, 0, 1]);
  });

  it('stay within their bound, whatever the numbers are', () => {
    for (const values of [[NaN], [Math.PI, NaN], [0, 2 ** 50, -(2 ** 50)], Array.from({ length: 17 }, () => NaN)])
      expect(bytesOf(...values).length).toBeLessThanOrEqual(largestColumn(values.length));
  });
});

describe('damaged columns', () => {
  const column = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
  const eight = [0, 0, 0, 0, 0, 0, 0, 0];

  it.each([
    ['an unknown kind', column(2, 0, 0, 0, ...eight), 1],
    ['an unknown kind with gaps', column(130, 0, 0, 0, 0, ...eight), 1],
    ['seven decimals', column(0, 7, 0, 0, ...eight), 1],
    ['a shift of 21', column(0, 0, 21, 0, ...eight), 1],
    ['differences of eight bytes', column(0, 0, 0, 8, ...eight, ...eight), 2],
    ['a difference less', column(0, 0, 0, 1, ...eight, 2), 3],
    ['no width', column(0, 0, 0), 1],
    ['a float cut short', column(1, 0, 0, 0, 0, 0, 0, 0), 1],
    ['gaps cut short', column(129), 1],
  ])('are refused with %s', (_, bytes, n) => {
    expect(() => readColumn(bytes, 0, n)).toThrow(CodecError);
  });

  it('are none at the limits of that', () => {
    expect([...readColumn(column(0, 6, 20, 0, ...eight), 0, 1).values]).toEqual([0]);
    expect([...readColumn(column(0, 0, 0, 7, ...eight, 2, 0, 0, 0, 0, 0, 0), 0, 2).values]).toEqual([0, 1]);
  });

  it('are refused in a packing that is unknown, or longer than their numbers can be', () => {
    const one = packColumns([Float64Array.of(7)]);
    expect(unpackColumns(one, 1, 1)).toEqual([Float64Array.of(7)]);
    expect(() => unpackColumns(Uint8Array.from([2, ...one.subarray(1)]), 1, 1)).toThrow('unknown packing');
    const bound = largestColumn(1);
    expect(() => unpackColumns(new Uint8Array(bound + 1), 1, 1)).toThrow('left over');
    expect(() => unpackColumns(new Uint8Array(bound + 2), 1, 1)).toThrow('unknown packing');
    const packed = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i === 0 ? 1 : 0));
    expect(() => unpackColumns(packed(bound + 64), 1, 1)).toThrow('damaged');
    expect(() => unpackColumns(packed(bound + 65), 1, 1)).toThrow('unknown packing');
  });

  it('have a chunk of numbers at most', () => {
    const numbers = (n: number): Uint8Array => packColumns([Float64Array.from({ length: n }, (_, i) => i)]);
    expect(unpackColumns(numbers(4096), 4096, 1)[0]).toHaveLength(4096);
    expect(() => unpackColumns(numbers(4097), 4097, 1)).toThrow('number of samples');
    expect(() => unpackColumns(numbers(1), 0, 1)).toThrow('number of samples');
  });

  it('are inflated up to a bound, and one byte more is too much', () => {
    const frame = deflate(new Uint8Array(1000));
    expect(inflate(frame, 1000)).toHaveLength(1000);
    expect(() => inflate(frame, 999)).toThrow(CodecError);
    expect(inflate(deflate(new Uint8Array()), 0)).toHaveLength(0);
  });

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
