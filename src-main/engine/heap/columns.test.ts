import { describe, expect, it } from 'vitest';
import { U32Column, U8Column } from './columns.ts';

const KB = 1024;

/** Bytes that tell where they stand. */
const counted = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >>> 8)) & 0xff);

function pushed<T extends U32Column | U8Column>(column: T, bytes: Uint8Array, part: number): T {
  for (let at = 0; at < bytes.length; at += part) column.push(bytes.slice(at, at + part));
  return column;
}

describe('a column in parts', () => {
  it.each([1, 7, 4096, 4097, 200 * KB])('is whole again, whatever the parts: %d bytes', (part) => {
    const bytes = counted(part === 1 ? 5000 : 300 * KB);
    const column = pushed(new U8Column(), bytes, part);
    expect(column.length).toBe(bytes.length);
    expect(column.join()).toEqual(bytes);
  });

  it('has numbers of four bytes, of any alignment', () => {
    const numbers = Uint32Array.from({ length: 3000 }, (_, i) => i * 77_777);
    const unaligned = new Uint8Array(numbers.byteLength + 1);
    unaligned.set(new Uint8Array(numbers.buffer), 1);
    const column = new U32Column();
    column.push(unaligned.subarray(1));
    expect(column.length).toBe(3000);
    expect(column.join()).toEqual(numbers);
  });

  it('copies: what came may be overwritten', () => {
    const column = new U8Column();
    const part = Uint8Array.of(1, 2);
    column.push(part);
    part.fill(9);
    expect([...column.join()]).toEqual([1, 2]);
  });

  it.each([0, 4000, 12_000, 12_001, 100_000])('is whole, whatever was expected: %d of 12,000 bytes', (expected) => {
    const bytes = counted(12_000);
    const column = new U8Column();
    column.expect(expected);
    expect(pushed(column, bytes, 1000).join()).toEqual(bytes);
    expect(column.length).toBe(0);
  });

  it('is not copied if its length was known', () => {
    const column = new U32Column();
    column.expect(6);
    column.push(new Uint8Array(Uint32Array.of(7, 8, 9).buffer));
    const joined = column.join();
    expect([[...joined], joined.buffer.byteLength]).toEqual([[7, 8, 9], 24]);
  });

  it('without parts is empty', () => {
    expect(new U8Column().join()).toEqual(new Uint8Array(0));
    expect([new U32Column().length, new U32Column().join().length]).toEqual([0, 0]);
  });

  it('can be filled again once it was taken', () => {
    const column = pushed(new U8Column(), counted(5000), 5000);
    column.join();
    expect(column.length).toBe(0);
    column.push(Uint8Array.of(5));
    expect([...column.join()]).toEqual([5]);
  });

  it('is taken in segments, small ones first, each freed when the next one comes', () => {
    const bytes = counted(140 * KB);
    const taken: Uint32Array[] = [];
    const copies: number[] = [];
    for (const segment of pushed(new U32Column(), bytes, 10 * KB).take()) {
      expect(taken.map((before) => before.length)).toEqual(taken.map(() => 0));
      copies.push(...segment);
      taken.push(segment);
      expect(segment.byteLength).toBe([4, 128, 8][taken.length - 1]! * KB);
    }
    expect(Uint32Array.from(copies)).toEqual(new Uint32Array(bytes.buffer));
  });

  it('grows by segments of 2 MiB at the third, and 48 MiB from the fourth on', () => {
    const column = pushed(new U32Column(), new Uint8Array(60 * KB * KB), KB * KB);
    const before = 4 + 128 + 2 * KB + 48 * KB;
    expect(Array.from(column.take(), ({ byteLength }) => byteLength / KB)).toEqual([4, 128, 2 * KB, 48 * KB, 60 * KB - before]);
  });
});
