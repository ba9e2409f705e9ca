import { describe, expect, it } from 'vitest';
import type { Samples } from './sample-tables.ts';
import { SeriesReader } from './series-reader.ts';

const CHUNK = 4096;

/** Samples at 10 Hz from one ordinal up to another, whose values are their ordinals. */
function samples(from: number, to: number): Samples {
  const values = Float64Array.from({ length: to - from }, (_, i) => from + i);
  return { t: values.map((value) => value * 100), values };
}

/** A reader of a file whose chunks are whole, but for those with these numbers. */
function readerOf(damaged: readonly number[] = []): SeriesReader {
  return new SeriesReader(1, ({ id, first, n }) => (damaged.includes(id) ? null : samples(first, first + n)));
}

/** Another process has sealed this chunk; `sound`: its blocks can be read. */
function addChunk(reader: SeriesReader, first: number, sound = true): void {
  reader.addSealed({ id: first / CHUNK, first, n: CHUNK, dataCrc: 0 }, (blocks) => {
    const { t, values } = samples(first, first + CHUNK);
    if (sound) for (let i = 0; i < CHUNK; i += 64) blocks.addBlocks(blockOf(t.subarray(i, i + 64), values.subarray(i, i + 64)));
    return sound;
  });
}

function blockOf(t: Float64Array, values: Float64Array): Parameters<SeriesReader['blocks']['addBlocks']>[0] {
  const one = (value: number): Float64Array => Float64Array.of(value);
  const sum = values.reduce((a, b) => a + b, 0);
  return { t0: one(t[0]!), t1: one(t.at(-1)!), min: one(values[0]!), max: one(values.at(-1)!), sum: one(sum), count: one(t.length) };
}

/** The values of the blocks from one up to another. */
function read(reader: SeriesReader, fromBlock = 0, toBlock = reader.blocks.length): number[] {
  const found: number[] = [];
  reader.forEachPiece(fromBlock, toBlock, (t, values, start, end) => {
    expect(t.length).toBe(values.length);
    found.push(...values.subarray(start, end));
  });
  return found;
}

const ordinals = (from: number, to: number): number[] => [...samples(from, to).values];

describe('a series that another process writes', () => {
  it('is read from its chunks, then from its fragments; what is known of both is kept once', () => {
    const reader = readerOf();
    expect(reader.lastTime).toBeNull();
    reader.addFragment(0, samples(0, CHUNK + 50));
    addChunk(reader, 0);
    expect([reader.sealed, reader.flushed, reader.total, reader.chunks.length]).toEqual([CHUNK, CHUNK + 50, CHUNK + 50, 1]);
    expect([read(reader), reader.blocks.next, reader.lastTime]).toEqual([ordinals(0, CHUNK + 50), CHUNK + 50, (CHUNK + 49) * 100]);
    addChunk(reader, 0);
    expect([reader.sealed, reader.chunks.length]).toEqual([CHUNK, 1]);
  });

  it('has nothing behind a chunk that ends where it ended', () => {
    const reader = readerOf();
    reader.addFragment(0, samples(0, CHUNK));
    addChunk(reader, 0);
    expect([reader.total, reader.flushed, read(reader)]).toEqual([CHUNK, CHUNK, ordinals(0, CHUNK)]);
  });

  it('gives only what of its chunks and its tail is asked for', () => {
    const reader = readerOf();
    addChunk(reader, 0);
    addChunk(reader, CHUNK);
    reader.addFragment(2 * CHUNK, samples(2 * CHUNK, 2 * CHUNK + 100));
    expect(read(reader, 63, 65)).toEqual(ordinals(CHUNK - 64, CHUNK + 64));
    expect(read(reader, 127, 129)).toEqual(ordinals(2 * CHUNK - 64, 2 * CHUNK + 64));
    expect(read(reader, 129)).toEqual(ordinals(2 * CHUNK + 64, 2 * CHUNK + 100));
    expect([read(reader, 5, 5), read(reader, 6, 5)]).toEqual([[], []]);
  });

  it('has a gap for a chunk that is missing, and for one whose blocks cannot be read; samples behind keep their places', () => {
    const reader = readerOf();
    addChunk(reader, CHUNK);
    addChunk(reader, 2 * CHUNK, false);
    addChunk(reader, 3 * CHUNK);
    expect([reader.sealed, reader.total, reader.chunks.map(({ first }) => first)]).toEqual([4 * CHUNK, 4 * CHUNK, [CHUNK, 3 * CHUNK]]);
    expect(read(reader)).toEqual([NaN, ...ordinals(CHUNK, 2 * CHUNK), NaN, ...ordinals(3 * CHUNK, 4 * CHUNK)]);
    expect(reader.blocks.next).toBe(4 * CHUNK);
    expect([reader.blocks.t0.at(0), reader.blocks.t1.at(65)]).toEqual([0, (2 * CHUNK - 1) * 100]);
  });

  it('has a gap where a chunk began whose samples turn out to be damaged', () => {
    const reader = readerOf([1]);
    for (const first of [0, CHUNK, 2 * CHUNK]) addChunk(reader, first);
    expect(read(reader)).toEqual([...ordinals(0, CHUNK), NaN, ...ordinals(2 * CHUNK, 3 * CHUNK)]);
    const times: number[] = [];
    reader.forEachPiece(64, 128, (t, _, start, end) => times.push(...t.subarray(start, end)));
    expect(times).toEqual([CHUNK * 100]);
  });
});

describe('fragments of a series', () => {
  it('add what is not known yet; where some are missing between, they are gaps', () => {
    const reader = readerOf();
    reader.addFragment(0, samples(0, 10));
    expect(reader.addFragment(5, samples(5, 12))).toBe(true);
    expect(reader.addFragment(14, samples(14, 16))).toBe(true);
    expect([read(reader), reader.flushed]).toEqual([[...ordinals(0, 12), NaN, NaN, 14, 15], 16]);
    expect(reader.tail(12, 14).t).toEqual(Float64Array.of(1400, 1400));
    expect(reader.addFragment(3, samples(3, 6))).toBe(true);
    expect(reader.total).toBe(16);
  });

  it('that begin more than a chunk ahead cannot belong to it, nor can more than two chunks', () => {
    const reader = readerOf();
    expect([reader.addFragment(CHUNK + 1, samples(0, 1)), reader.total]).toEqual([false, 0]);
    expect([reader.addFragment(0, samples(0, 2 * CHUNK + 1)), reader.total]).toEqual([false, 0]);
    expect([reader.addFragment(CHUNK, samples(CHUNK, CHUNK + 1)), reader.total]).toEqual([true, CHUNK + 1]);
    expect([readerOf().addFragment(0, samples(0, 2 * CHUNK)), reader.addFragment(CHUNK + 1, samples(0, CHUNK))]).toEqual([true, false]);
  });
});

it('samples that are sealed here are read from their chunk, and the tail goes on behind', () => {
  const reader = readerOf();
  for (const [i, value] of samples(0, CHUNK + 10).values.entries()) reader.append(i * 100, value);
  reader.seal({ id: 0, first: 0, n: CHUNK, dataCrc: 0 });
  expect([reader.sealed, reader.total, read(reader)]).toEqual([CHUNK, CHUNK + 10, ordinals(0, CHUNK + 10)]);
  expect([...reader.tail(CHUNK + 2, CHUNK + 4).values]).toEqual([CHUNK + 2, CHUNK + 3]);
  expect(reader.blocks.first.at(64)).toBe(CHUNK);
});

it('a block ends where a chunk does, however the blocks before it lie', () => {
  const reader = readerOf();
  for (let i = 0; i < CHUNK + 10; i++) reader.append(i * 100, i === 10 ? NaN : i);
  const { blocks } = reader;
  expect(blocks.first.at(blocks.blockStartingAt(CHUNK))).toBe(CHUNK);
  reader.append(0, 7);
  expect(reader.lastTime).toBe((CHUNK + 9) * 100);
});
