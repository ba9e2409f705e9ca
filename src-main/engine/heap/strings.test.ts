import { describe, expect, it } from 'vitest';
import { release, U32Stack } from './memory.ts';
import { indexOf, lowerBound, pickStrings, stringAt, StringSink, stringOf } from './strings.ts';

const stored = (...texts: string[]) => {
  const sink = new StringSink();
  for (const text of texts) sink.pushText(text);
  return sink.finish();
};

describe('many strings in one buffer', () => {
  it('are each what they were, empty ones and those of several bytes too', () => {
    const texts = ['ab', '', 'c', 'ü', '🐍', ''];
    const strings = stored(...texts);
    expect([...strings.start]).toEqual([0, 2, 2, 3, 5, 9, 9]);
    expect(texts.map((_, i) => stringAt(strings, i))).toEqual(texts);
    expect(stored()).toEqual({ start: Uint32Array.of(0), bytes: new Uint8Array(0) });
  });

  it('may be more than the buffer begins with, together or one alone', () => {
    for (const texts of [Array.from({ length: 3000 }, (_, i) => `text ${i}`), ['a', 'b'.repeat(10_000), 'c'], ['d'.repeat(4096), 'e']]) {
      const strings = stored(...texts);
      expect(texts.map((_, i) => stringAt(strings, i))).toEqual(texts);
    }
  });

  it('are copied: what came may be overwritten', () => {
    const sink = new StringSink();
    const bytes = Uint8Array.of(97, 98);
    sink.push(bytes);
    bytes.fill(120);
    expect([sink.count, stringAt(sink.finish(), 0)]).toEqual([1, 'ab']);
  });

  it('that are no UTF-8 are read with a mark', () => {
    const sink = new StringSink();
    sink.push(Uint8Array.of(97, 0xff));
    expect(stringAt(sink.finish(), 0)).toBe('a\ufffd');
  });

  it('are picked in any order, some twice', () => {
    const picked = pickStrings(stored('ab', '', 'c', 'def'), Uint32Array.of(3, 0, 1, 3));
    expect([...picked.start]).toEqual([0, 3, 5, 5, 8]);
    expect([0, 1, 2, 3].map((i) => stringAt(picked, i))).toEqual(['def', 'ab', '', 'def']);
  });

  it('belong to nodes, or not', () => {
    const strings = { node: Uint32Array.of(3, 5, 9), strings: stored('three', 'five', 'nine') };
    expect([0, 3, 4, 5, 9, 10].map((node) => stringOf(strings, node))).toEqual([null, 'three', null, 'five', 'nine', null]);
  });
});

describe('a place in an ascending list', () => {
  const sorted = Uint32Array.of(2, 4, 4, 8);
  it('is the first that is not below', () => {
    expect([0, 2, 3, 4, 5, 8, 9].map((value) => lowerBound(sorted, value))).toEqual([0, 0, 1, 1, 3, 3, 4]);
    expect(lowerBound(new Uint32Array(0), 5)).toBe(0);
  });
  it('is that of a value, if it is there', () => {
    expect([0, 2, 3, 4, 8, 9].map((value) => indexOf(sorted, value))).toEqual([-1, 0, -1, 1, 3, -1]);
  });
});

describe('a stack of numbers', () => {
  it('grows, and gives back the last one first', () => {
    const stack = new U32Stack();
    for (let i = 0; i < 5000; i++) stack.push(i);
    expect([...stack.toArray()]).toEqual(Array.from({ length: 5000 }, (_, i) => i));
    expect([stack.pop(), stack.pop(), stack.length]).toEqual([4999, 4998, 4998]);
    stack.push(7);
    expect([...stack.toShared().subarray(4997)]).toEqual([4997, 7]);
  });

  it('keeps no part of what was taken from it', () => {
    const stack = new U32Stack();
    stack.push(1);
    const [copy, shared] = [stack.toArray(), stack.toShared()];
    stack.pop();
    stack.push(2);
    expect([copy[0], shared[0]]).toEqual([1, 1]);
  });
});

describe('releasing', () => {
  it('empties arrays of their own memory, once or again, and leaves shared memory', () => {
    const [own, shared] = [new Uint32Array(4), new Uint32Array(new SharedArrayBuffer(16))];
    release(own, null, shared);
    release(own);
    expect([own.length, shared.length]).toEqual([0, 4]);
  });
});
