import { describe, expect, it } from 'vitest';
import { LONGEST_SESSION } from './cells.ts';
import { ChunkCache } from './chunk-cache.ts';
import { packColumns, rowChecksum } from './chunk-codec.ts';
import { CodecError } from './column-codec.ts';
import { Blocks } from './pyramid.ts';
import { addSummary, packSummary, readChunk, readFragmentRow, readIndexRow, type IndexRow } from './sample-tables.ts';
import type { Row, Sqlite } from './sqlite.ts';

/** Blocks of a full chunk: a climb, a gap, a pause, a constant. */
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

describe('a row of the index', () => {
  const summary = Uint8Array.of(1, 2, 3);
  /** As it is stored, with a checksum that is right. */
  function indexRow(patch: Partial<Record<'id' | 'series' | 'first' | 'n' | 'blocks' | 'data_crc', number>>): Row {
    const row = { id: 5, series: 1, first: 4096, n: 4096, blocks: 64, data_crc: 77, ...patch };
    return { ...row, summary, crc: rowChecksum([row.id, row.series, row.first, row.n, row.blocks, row.data_crc], summary) };
  }

  it('is what was written', () => {
    expect(readIndexRow(indexRow({}))).toEqual({ series: 1, entry: { id: 5, first: 4096, n: 4096, dataCrc: 77 }, blocks: 64, summary });
  });

  it.each([
    [
      { n: 1, blocks: 1 },
      { n: 0, blocks: 0 },
    ],
    [{ n: 4096 }, { n: 4097 }],
    [{ blocks: 1 }, { blocks: 0 }],
    [
      { n: 64, blocks: 64 },
      { n: 63, blocks: 64 },
    ],
    [{ first: 0 }, { first: -1 }],
    [{ first: 2 ** 48 }, { first: 2 ** 48 + 1 }],
  ])('can be trusted with %j, and not with %j', (good, bad) => {
    expect([readIndexRow(indexRow(good)) === null, readIndexRow(indexRow(bad))]).toEqual([false, null]);
  });

  it('is not trusted where any of it was changed', () => {
    for (const column of ['id', 'series', 'first', 'n', 'blocks', 'data_crc', 'crc'])
      expect(readIndexRow({ ...indexRow({}), [column]: Number(indexRow({})[column]) + 1 })).toBeNull();
    expect(readIndexRow({ ...indexRow({}), summary: Uint8Array.of(1, 2, 4) })).toBeNull();
  });
});

describe('samples from a file', () => {
  function fragment(t: number[], values: number[], patch: Row = {}): Row {
    const data = Uint8Array.from(packColumns([Float64Array.from(t), Float64Array.from(values)]));
    return { series: 1, first: 3, n: t.length, data, crc: rowChecksum([1, 3, t.length], data), ...patch };
  }

  it('are what was written; what is not finite is a gap', () => {
    const read = readFragmentRow(fragment([0, 0, 9], [Infinity, NaN, 7]));
    expect(read).toEqual({ first: 3, t: Float64Array.of(0, 0, 9), values: Float64Array.of(NaN, NaN, 7) });
  });

  it('are none where their row was changed, or where their times go back, or end never', () => {
    expect(readFragmentRow(fragment([0, 1], [0, 1], { first: 4 }))).toBeNull();
    expect(readFragmentRow(fragment([0, 1], [0, 1], { series: 2 }))).toBeNull();
    for (const t of [
      [5, 4],
      [-1, 0],
      [0, LONGEST_SESSION + 1],
      [0, NaN],
    ])
      expect(() => readFragmentRow(fragment(t, [0, 0]))).toThrow(CodecError);
    expect(readFragmentRow(fragment([0, LONGEST_SESSION], [0, 0]))?.t[1]).toBe(LONGEST_SESSION);
  });

  it('of a chunk are those of its index, or none', () => {
    const data = Uint8Array.from(packColumns([Float64Array.of(1, 2), Float64Array.of(3, 4)]));
    const dbOf = (row: Row | undefined): Pick<Sqlite, 'get'> => ({ get: () => row });
    const entry = { id: 1, first: 0, n: 2, dataCrc: rowChecksum([], data) };
    expect(readChunk(dbOf({ data }), entry)).toEqual({ t: Float64Array.of(1, 2), values: Float64Array.of(3, 4) });
    expect(readChunk(dbOf(undefined), entry)).toBeNull();
    expect(readChunk(dbOf({ data }), { ...entry, dataCrc: 1 })).toBeNull();
  });
});

describe('the figures of a summary', () => {
  const SOUND = { t0: [0, 100], length: [50, 0], min: [1, NaN], max: [3, NaN], mean: [32_767.5, 0], count: [4, 1] };
  function added(patch: Partial<typeof SOUND>, coarse = false, blocks = new Blocks()): Blocks | null {
    const { t0, length, min, max, mean, count } = { ...SOUND, ...patch };
    const summary = packColumns([t0, length, min, max, mean, count].map((column) => Float64Array.from(column)));
    const n = count.reduce((a, b) => a + b, 0);
    return addSummary(blocks, { series: 1, entry: { id: 1, first: 0, n, dataCrc: 0 }, blocks: t0.length, summary }, coarse) ? blocks : null;
  }

  it('are the means of theirs between lowest and highest', () => {
    const blocks = added({});
    expect([blocks?.sum.at(0), blocks?.sum.at(1), blocks?.count.at(0)]).toEqual([8, NaN, 4]);
    expect(added({ mean: [0, 0] })?.sum.at(0)).toBe(4);
    expect(added({ mean: [65_535, 0] })?.sum.at(0)).toBe(12);
  });

  it.each<[string, Partial<typeof SOUND>]>([
    ['times that go back', { t0: [100, 100], length: [1, 0] }],
    ['a length below nothing', { length: [-1, 0] }],
    ['a block of no samples', { count: [5, 0] }],
    ['an end that never comes', { length: [50, LONGEST_SESSION] }],
    ['a lowest without a highest', { max: [3, 5] }],
    ['a highest without a lowest', { min: [1, 5] }],
    ['a lowest that is endless', { min: [-Infinity, NaN] }],
    ['a highest that is endless', { max: [Infinity, NaN] }],
    ['a lowest above the highest', { min: [4, NaN] }],
    ['a mean below the lowest', { mean: [-1, 0] }],
    ['a mean above the highest', { mean: [65_536, 0] }],
    ['a mean that is none', { mean: [NaN, 0] }],
  ])('are refused with %s', (_, patch) => {
    expect(added(patch)).toBeNull();
  });

  it('are taken up to the last moment there can be, and from the end of what is there', () => {
    expect(added({ length: [50, LONGEST_SESSION - 100] })).not.toBeNull();
    const before = (): Blocks => {
      const blocks = new Blocks();
      blocks.add(3, 1);
      blocks.add(10, 1);
      return blocks;
    };
    expect([added({ t0: [10, 100] }, false, before())?.length, added({ t0: [9, 100] }, false, before())]).toEqual([3, null]);
  });

  it('are joined as one block, gaps left out of the mean', () => {
    const joined = added(
      { t0: [0, 100, 200], length: [50, 0, 7], min: [1, NaN, 0], max: [3, NaN, 9], mean: [65_535, 0, 0], count: [4, 3, 4] },
      true,
    );
    expect([joined?.length, joined?.t1.at(0), joined?.min.at(0), joined?.max.at(0), joined?.count.at(0)]).toEqual([1, 207, 0, 9, 11]);
    expect(joined!.sum.at(0) / 11).toBeCloseTo(12 / 8, 9);
    const gaps = added({ min: [NaN, NaN], max: [NaN, NaN] }, true);
    expect([gaps?.min.at(0), gaps?.max.at(0), gaps?.sum.at(0), gaps?.count.at(0)]).toEqual([NaN, NaN, NaN, 5]);
  });
});

describe('the cache of decoded chunks', () => {
  const kilobytes = (n: number) => ({ t: new Float64Array(64 * n), values: new Float64Array(64 * n) });
  const filled = (ids: readonly number[], limit = 4): ChunkCache => {
    const cache = new ChunkCache(limit * 1024);
    for (const id of ids) cache.set(id, kilobytes(1));
    return cache;
  };
  const kept = (cache: ChunkCache, ids: readonly number[]): number[] => ids.filter((id) => cache.get(id) !== undefined);

  it('stays within its limit and keeps what is used', () => {
    const cache = new ChunkCache(20 * 1024);
    const used = kilobytes(1);
    cache.set(0, used);
    for (let id = 1; id < 1000; id++) {
      cache.set(id, kilobytes(1));
      expect(cache.get(0)).toBe(used);
    }
    const ids = Array.from({ length: 1000 }, (_, id) => id);
    expect(kept(cache, ids)).toEqual([0, ...ids.slice(-19)]);
  });

  it('holds as much as its limit says; of more, what was used least recently goes', () => {
    expect(kept(filled([1, 2, 3, 4]), [1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
    const cache = filled([1, 2, 3]);
    cache.get(1);
    for (const id of [4, 5, 6]) cache.set(id, kilobytes(1));
    expect(kept(cache, [1, 2, 3, 4, 5, 6])).toEqual([1, 4, 5, 6]);
  });

  it('counts a chunk once, however often it is set, and by its latest size', () => {
    const cache = filled([1, 2, 2, 2, 3]);
    expect(kept(cache, [1, 2, 3])).toEqual([1, 2, 3]);
    cache.set(3, kilobytes(2));
    expect(kept(cache, [1, 2, 3])).toEqual([1, 2, 3]);
    cache.set(3, kilobytes(1));
    cache.set(4, kilobytes(1));
    expect(kept(cache, [1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
  });

  it('makes room for a large one by as many as it takes; of one beyond the limit nothing stays', () => {
    const cache = filled([1, 2, 3, 4]);
    cache.set(5, kilobytes(3));
    expect(kept(cache, [1, 2, 3, 4, 5])).toEqual([4, 5]);
    cache.set(6, kilobytes(5));
    expect(kept(cache, [4, 5, 6])).toEqual([]);
    cache.set(7, kilobytes(4));
    expect(kept(cache, [7])).toEqual([7]);
  });
});
