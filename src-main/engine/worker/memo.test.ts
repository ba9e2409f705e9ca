import { describe, expect, it, vi } from 'vitest';
import { Memo, bytesIn } from './memo.ts';

const array = (bytes: number) => () => new Uint8Array(bytes);

describe('what is kept', () => {
  it('is made once, until it is forgotten', () => {
    const memo = new Memo(100);
    const make = vi.fn(array(10));
    expect(memo.get('a', make)).toBe(memo.get('a', make));
    expect([make.mock.calls.length, memo.bytes, memo.has('a')]).toEqual([1, 10, true]);
    memo.clear();
    expect([memo.bytes, memo.has('a')]).toEqual([0, false]);
    memo.get('a', make);
    expect(make).toHaveBeenCalledTimes(2);
  });

  it('may fill the budget to its last byte; one more and the oldest goes', () => {
    const memo = new Memo(30);
    for (const key of ['a', 'b', 'c']) memo.get(key, array(10));
    expect([memo.has('a'), memo.bytes]).toEqual([true, 30]);
    memo.get('d', array(1));
    expect([memo.has('a'), memo.has('b'), memo.bytes]).toEqual([false, true, 21]);
  });

  it('goes by when it was last asked for, not by when it was made', () => {
    const memo = new Memo(20);
    memo.get('a', array(10));
    memo.get('b', array(10));
    memo.get('a', array(10));
    memo.get('c', array(10));
    expect([memo.has('a'), memo.has('b'), memo.has('c')]).toEqual([true, false, true]);
  });

  it('is the newest even where that alone is too much, and nothing beside it', () => {
    const memo = new Memo(20);
    memo.get('a', array(10));
    memo.get('large', array(50));
    expect([memo.has('a'), memo.has('large'), memo.bytes]).toEqual([false, true, 50]);
    memo.get('b', array(5));
    expect([memo.has('large'), memo.bytes]).toEqual([false, 5]);
  });

  it('is nothing of what could not be made', () => {
    const memo = new Memo(20);
    const fail = () => {
      throw new Error('no');
    };
    expect(() => memo.get('a', fail)).toThrow('no');
    expect([memo.has('a'), memo.bytes]).toEqual([false, 0]);
  });
});

it('bytes are those of typed arrays at any depth, and 64 for each member of a list', () => {
  expect(bytesIn(new Float64Array(3))).toBe(24);
  expect(bytesIn({ a: new Uint8Array(5), b: { c: new Uint32Array(2) } })).toBe(13);
  expect(bytesIn([1, 2])).toBe(128);
  expect([bytesIn(null), bytesIn(7), bytesIn('text'), bytesIn(new Map([['a', new Uint8Array(5)]]))]).toEqual([0, 0, 0, 0]);
});
