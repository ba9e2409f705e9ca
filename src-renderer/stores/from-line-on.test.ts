import { expect, it } from 'vitest';
import type { ConsolePart } from '../../src-preload/contract/index.ts';
import { fromLineOn } from './from-line-on.ts';

const decoder = new TextDecoder();
const parts = (from: number, ...texts: string[]): ConsolePart[] => {
  let offset = from;
  return texts.map((text) => {
    const part = { offset, t: 0, data: new TextEncoder().encode(text) };
    offset += text.length;
    return part;
  });
};

it.each([
  ['from its very beginning all is kept', parts(0, 'one\ntwo\n'), 5, [0, 'one\ntwo\n']],
  ['the rest of a line is left out', parts(10, 'rest\ntwo\n', 'three\n'), 16, [15, 'two\nthree\n']],
  ['however many parts it has', parts(10, 're', 'st', '\ntwo\n'), 16, [15, 'two\n']],
  ['unless the place is in it', parts(10, 'rest of it\ntwo\n'), 12, [10, 'rest of it\ntwo\n']],
  ['which may be all there is', parts(10, 'no', ' end'), 12, [10, 'no end']],
])('%s', (_, read, place, expected) => {
  const kept = fromLineOn(read, place);
  expect([kept[0]?.offset, kept.map(({ data }) => decoder.decode(data)).join('')]).toEqual(expected);
});
