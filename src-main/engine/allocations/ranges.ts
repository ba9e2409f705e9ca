import type { SessionTime } from '../../../src-preload/contract/index.ts';
import type { EpochRows, PartSums } from '../project/index.ts';
import { RangeSums } from './estimates.ts';
import type { Slices } from './slices.ts';
import type { Stretch, TrackReader } from './track-reader.ts';

/** After `from` and up to `to`: an epoch belongs to the moment at which it was reported. */
export interface Range {
  from: SessionTime;
  to: SessionTime;
}

/** What happened at each node in a range. Only at its borders, and for births in the part that its start is in, are epochs read. */
export function* rangeSums(reader: TrackReader, nodes: number, range: Range): Slices<RangeSums> {
  const sums = new RangeSums(nodes);
  const start = yield* startOf(reader, range.from);
  for (const stretch of reader.stretches()) {
    yield;
    const { times, earlier } = stretch.sums;
    if (!(times[0]! <= range.to && times.at(-1)! > range.from)) continue;
    const whole = times[0]! > range.from && times.at(-1)! <= range.to;
    if (whole && !earlier.part.includes(start.splitPart)) addWhole(sums, stretch.sums, start);
    else addRows(sums, stretch, range, start.epoch);
  }
  return sums;
}

/** Where a range begins. */
interface Start {
  /** The first epoch in it. */
  epoch: number;
  /** The first part that has such an epoch. */
  part: number;
  /** The same part, if it has epochs from before, too; -1: none is split. */
  splitPart: number;
}

function* startOf(reader: TrackReader, from: SessionTime): Slices<Start> {
  for (const { part, sums } of reader.stretches()) {
    yield;
    const { first, times } = sums;
    const at = times.findIndex((t) => t > from);
    if (at >= 0) return { epoch: first + at, part, splitPart: at > 0 ? part : -1 };
  }
  return { epoch: Infinity, part: Infinity, splitPart: -1 };
}

function addWhole(sums: RangeSums, { node, made, freed, earlier }: PartSums, start: Start): void {
  const last = sums.made.bytes.length;
  for (let i = 0; i < node.length; i++) {
    const at = node[i]!;
    if (!(at < last)) continue; // lost with a damaged piece
    sums.made.add(at, made, i);
    sums.freed.add(at, freed, i);
    sums.within.add(at, freed, i);
  }
  for (let i = 0; i < earlier.node.length; i++) {
    const at = earlier.node[i]!;
    if (earlier.part[i]! >= start.part || !(at < last)) continue;
    sums.within.bytes[at]! -= earlier.bytes[i]!;
    sums.within.blocks[at]! -= earlier.blocks[i]!;
    sums.within.variance[at]! -= earlier.variance[i]!;
  }
}

function addRows(sums: RangeSums, stretch: Stretch, range: Range, firstEpoch: number): void {
  const rows = stretch.rows();
  if (rows === null) return;
  const last = sums.made.bytes.length;
  const { made, freed } = rows;
  for (const i of epochsIn(rows, range)) {
    for (let row = made.starts[i]!; row < made.starts[i + 1]!; row++) if (made.node[row]! < last) sums.made.add(made.node[row]!, made, row);
    for (let row = freed.starts[i]!; row < freed.starts[i + 1]!; row++) {
      const at = freed.node[row]!;
      if (!(at < last)) continue;
      sums.freed.add(at, freed, row);
      if (freed.birth[row]! >= firstEpoch) sums.within.add(at, freed, row);
    }
  }
}

function* epochsIn({ times }: EpochRows, { from, to }: Range): Generator<number> {
  for (let i = 0; i < times.length; i++) if (times[i]! > from && times[i]! <= to) yield i;
}

/**
 * Live bytes of each row at each instant (in order), row after row. `rowOf`: the row of each node; -1: none.
 */
export function* levels(reader: TrackReader, rowOf: Int32Array, rows: number, instants: readonly SessionTime[]): Slices<Float64Array> {
  const out = new Float64Array(rows * instants.length);
  const level = new Float64Array(rows);
  let next = 0;
  const note = (): void => {
    level.forEach((bytes, row) => (out[row * instants.length + next] = bytes));
    next += 1;
  };
  const change = (node: number, bytes: number): void => {
    const row = rowOf[node] ?? -1;
    if (row >= 0) level[row]! += bytes;
  };
  for (const stretch of reader.stretches()) {
    yield;
    const { times, node, made, freed } = stretch.sums;
    while (next < instants.length && instants[next]! < times[0]!) note();
    const inside = next < instants.length && instants[next]! < times.at(-1)! ? stretch.rows() : null;
    if (inside === null) node.forEach((at, i) => change(at, made.bytes[i]! - freed.bytes[i]!));
    else
      for (let i = 0; i < times.length; i++) {
        while (next < instants.length && instants[next]! < times[i]!) note();
        for (let row = inside.made.starts[i]!; row < inside.made.starts[i + 1]!; row++)
          change(inside.made.node[row]!, inside.made.bytes[row]!);
        for (let row = inside.freed.starts[i]!; row < inside.freed.starts[i + 1]!; row++)
          change(inside.freed.node[row]!, -inside.freed.bytes[row]!);
      }
  }
  while (next < instants.length) note();
  return out;
}

/** Bytes made in each bucket, and those of them that were still alive at the end. `borders`: one more than buckets. */
export function* timeline(reader: TrackReader, borders: Float64Array): Slices<{ allocated: Float64Array; alive: Float64Array }> {
  const buckets = borders.length - 1;
  const result = { allocated: new Float64Array(buckets), alive: new Float64Array(buckets) };
  const width = (borders[buckets]! - borders[0]!) / buckets;
  /** The bucket of each epoch so far; births are among them. */
  const bucketOf: number[] = [];
  for (const { sums } of reader.stretches()) {
    yield;
    const { first, times, allocated, birth, died } = sums;
    for (let i = 0; i < times.length; i++) {
      const at = width > 0 ? Math.ceil((times[i]! - borders[0]!) / width) - 1 : -1;
      // The start of a session belongs to its first bucket.
      const bucket = at === -1 && borders[0]! <= 0 && times[i] === borders[0] ? 0 : at;
      bucketOf[first + i] = bucket;
      if (bucket < 0 || bucket >= buckets) continue;
      result.allocated[bucket]! += allocated[i]!;
      result.alive[bucket]! += allocated[i]!;
    }
    for (let i = 0; i < birth.length; i++) {
      const bucket = bucketOf[birth[i]!] ?? -1;
      if (bucket >= 0 && bucket < buckets) result.alive[bucket]! -= died[i]!;
    }
  }
  for (let i = 0; i < buckets; i++) if (result.alive[i]! <= 1e-6 * result.allocated[i]!) result.alive[i] = 0;
  return result;
}
