import { encode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import { isShallow } from './frame-depth.ts';

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

describe('the depth of a frame', () => {
  it('is found in whatever is encoded', () => {
    const values = [
      null,
      true,
      -5,
      1.5,
      'x',
      'y'.repeat(300),
      new Uint8Array(70_000),
      { a: { b: [1, 2, { c: [] }] } },
      2 ** 40,
      -(2 ** 33),
    ];
    const whole = encode({ values, more: Array.from({ length: 20 }, (_, i) => ({ [`k${i}`]: [i, [i]] })) });
    expect(isShallow(whole, 6)).toBe(true);
    expect(isShallow(whole, 5)).toBe(false);
    for (const depth of [1, 2, 15])
      expect([isShallow(encode(nested(depth)), depth), isShallow(encode(nested(depth)), depth - 1)]).toEqual([true, false]);
  });

  it.each([
    ['an array', (last: unknown): unknown => [...Array.from({ length: 19 }, () => 1), last]],
    ['a large array', (last: unknown): unknown => [...Array.from({ length: 70_000 }, () => 1), last]],
    ['a map', (last: unknown): unknown => Object.fromEntries([...Array.from({ length: 19 }, (_, i) => [`k${i}`, 1]), ['last', last]])],
    [
      'a large map',
      (last: unknown): unknown => Object.fromEntries([...Array.from({ length: 70_000 }, (_, i) => [`k${i}`, 1]), ['last', last]]),
    ],
  ])('is found in the last value of %s, and ends with it', (_, holder) => {
    const value = encode(holder(nested(2)));
    expect([isShallow(value, 3), isShallow(value, 2)]).toEqual([true, false]);
    const beside = encode([holder(1), nested(2)]);
    expect([isShallow(beside, 3), isShallow(beside, 2)]).toEqual([true, false]);
  });

  it('does not add up over values beside each other', () => {
    expect(isShallow(encode(Array.from({ length: 1000 }, () => [[1]])), 3)).toBe(true);
  });

  it('goes with a number of values, keys and what holds them included', () => {
    const six = encode([1, { a: 'x', b: null }]);
    expect([isShallow(six, 9, 7), isShallow(six, 9, 6)]).toEqual([true, false]);
    expect(isShallow(new Uint8Array(1000).fill(1), 9, 1000)).toBe(true);
  });

  it('leaves malformed bytes to the decoder', () => {
    for (const bytes of [[], [0xc1], [0xdd, 0xff], [0xdb, 0xff, 0xff, 0xff, 0xff]]) expect(isShallow(Uint8Array.from(bytes), 1)).toBe(true);
  });
});
