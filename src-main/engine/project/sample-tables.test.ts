import { describe, expect, it } from 'vitest';
import { ChunkCache } from './chunk-cache.ts';
import { CodecError } from './column-codec.ts';
import { Blocks } from './pyramid.ts';
import { addSummary, packSummary, type IndexRow } from './sample-tables.ts';

/** Blocks of a full chunk: a climb, a gap, a silence, a constant. */
function chunkOfBlocks(): Blocks {
  const blocks = new Blocks();
  for (let i = 0; i < 4096; i++) blocks.add(i * 100 + (i > 2000 ? 60_000 : 0), i === 1000 ? NaN : Math.min(i, 3000) * 4096);
  return blocks;
}

function rowOf(blocks: Blocks, n = 4096): IndexRow {
  return { series: 1, entry: { id: 1, first: 0, n, dataCrc: 0 }, blocks: blocks.length, summary: packSummary(blocks, 0, blocks.length) };
}

describe('the summary of a chunk', () => {
  it('gives the blocks back: times, extremes and counts exactly, means nearly', () => {
    const blocks = chunkOfBlocks();
    const read = new Blocks();
    expect(addSummary(read, rowOf(blocks), false)).toBe(true);
    for (const column of ['t0', 't1', 'min', 'max', 'count', 'first'] as const)
      expect([...read[column].view()]).toEqual([...blocks[column].view()]);
    read.sum.view().forEach((sum, i) => {
      if (!Number.isNaN(sum))
        expect(Math.abs(sum - blocks.sum.at(i))).toBeLessThanOrEqual((blocks.count.at(i) * (blocks.max.at(i) - blocks.min.at(i))) / 65535);
    });
    expect(read.next).toBe(4096);
    expect(read.typicalSpan).toBe(blocks.typicalSpan);
  });

  it('takes less than a kilobyte for a chunk of memory that moves', () => {
    expect(rowOf(chunkOfBlocks()).summary.length).toBeLessThan(1024);
  });

  it('becomes one block where memory is short, with the same extremes', () => {
    const read = new Blocks();
    expect(addSummary(read, rowOf(chunkOfBlocks()), true)).toBe(true);
    expect([read.length, read.t0.at(0), read.t1.at(0), read.min.at(0), read.max.at(0), read.count.at(0)]).toEqual([
      1,
      0,
      469_500,
      0,
      3000 * 4096,
      4096,
    ]);
  });

  it('is refused where it contradicts its row or goes back in time, and adds nothing', () => {
    const blocks = chunkOfBlocks();
    const read = new Blocks();
    expect(addSummary(read, rowOf(blocks, 4095), false)).toBe(false);
    expect(() => addSummary(read, { ...rowOf(blocks), blocks: 3 }, false)).toThrow(CodecError);
    expect(read.length).toBe(0);
    read.add(1000, 5);
    expect(addSummary(read, rowOf(blocks), false)).toBe(false);
    expect(read.length).toBe(1);
  });
});

describe('the cache of decoded chunks', () => {
  it('stays within its limit and keeps what is used', () => {
    const samples = { t: new Float64Array(64), values: new Float64Array(64) };
    const cache = new ChunkCache(20 * 1024);
    for (let id = 0; id < 1000; id++) {
      cache.set(id, samples);
      expect(cache.get(0)).toBe(samples);
    }
    const kept = Array.from({ length: 1000 }, (_, id) => id).filter((id) => cache.get(id) !== undefined);
    expect(kept.length).toBeLessThanOrEqual(21);
    expect(kept).toContain(999);
  });

  it('holds as much as its limit says; of more, what was not used since then goes', () => {
    const kilobyte = { t: new Float64Array(64), values: new Float64Array(64) };
    const holds = (id: number): boolean => {
      const cache = new ChunkCache(4 * 1024);
      for (const each of [1, 2, 3, 4]) cache.set(each, kilobyte);
      return cache.get(id) === kilobyte;
    };
    expect([1, 2, 3, 4, 5].map(holds)).toEqual([true, true, true, true, false]);
    const cache = new ChunkCache(4 * 1024);
    for (const id of [1, 2, 3]) cache.set(id, kilobyte);
    cache.get(2);
    for (const id of [4, 5]) cache.set(id, kilobyte);
    expect([1, 2, 3, 4, 5].map((id) => cache.get(id) !== undefined)).toEqual([false, true, false, true, true]);
  });
});
