import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compress, packPlanes, unpackPlanes } from './planes.ts';

const bytesOf = (numbers: Uint32Array | Uint16Array | Float64Array): Uint8Array => new Uint8Array(numbers.buffer);
const words = (...numbers: number[]): Uint8Array => bytesOf(Uint32Array.from(numbers));

it('are one for each byte of the numbers, without those that are zero', () => {
  const planes = (bytes: Uint8Array, width: number): number[] => [...zstdDecompressSync(packPlanes(bytes, width))];
  expect(planes(words(1, 2, 258), 4)).toEqual([0b0011, 1, 2, 2, 0, 0, 1]);
  expect(planes(words(0, 0), 4)).toEqual([0]);
  expect(planes(words(2 ** 24, 3), 4)).toEqual([0b1001, 0, 3, 1, 0]);
  expect(planes(Uint8Array.of(5, 0, 6), 1)).toEqual([1, 5, 0, 6]);
  expect(planes(Uint8Array.of(), 4)).toEqual([0]);
});

describe('give back', () => {
  it.each<[string, Uint8Array, number]>([
    ['bytes', Uint8Array.of(1, 0, 255), 1],
    ['halves', bytesOf(Uint16Array.of(1, 0, 65535, 256)), 2],
    ['words of one plane', words(1, 2, 3), 4],
    ['words of two', words(1, 65535, 256), 4],
    ['words of three', words(1, 2 ** 24 - 1, 2 ** 16), 4],
    ['words of four', words(2 ** 32 - 1, 0, 0x01020304), 4],
    ['words of the highest plane alone', words(2 ** 31, 0), 4],
    ['doubles', bytesOf(Float64Array.of(0, -1.5, 2 ** 53, NaN)), 8],
    ['nothing', new Uint8Array(0), 4],
    ['zeros', words(0, 0, 0), 4],
  ])('%s', (_, bytes, width) => {
    const into = new Uint8Array(bytes.length);
    expect(unpackPlanes(packPlanes(bytes, width), into, width)).toBe(true);
    expect(into).toEqual(bytes);
  });
});

describe('that are refused', () => {
  const unpacked = (width: number, ...planes: number[]): boolean =>
    unpackPlanes(compress(Uint8Array.from(planes)), new Uint8Array(8), width);

  it('are no whole planes, or planes that the numbers do not have', () => {
    expect(unpacked(4, 0b0001, 1, 2)).toBe(true);
    expect(unpacked(4, 0b0001, 1)).toBe(false);
    expect(unpacked(4, 0b0001, 1, 2, 3)).toBe(false);
    expect(unpacked(4, 0b1000, 1, 2)).toBe(true);
    expect(unpacked(4, 0b1_0000, 1, 2)).toBe(false);
    expect(unpacked(8, 0b1000_0000, 1)).toBe(true);
    expect(unpacked(2, 0b0100, 1, 2, 3, 4)).toBe(false);
    expect(unpacked(4)).toBe(false);
  });

  it('are not compressed, or larger than the numbers', () => {
    expect(unpackPlanes(Uint8Array.of(0), new Uint8Array(8), 4)).toBe(false);
    expect(unpackPlanes(compress(new Uint8Array(10)), new Uint8Array(8), 4)).toBe(false);
  });
});
