import type { AllocationState, SessionTime } from '../../../src-preload/contract/index.ts';

/** What one agent reported at once: one epoch. Nodes and strings are numbered on from the epochs before. */
export interface AllocationEpoch {
  t: SessionTime;
  strings: readonly string[];
  /** parent (-1: none), name, file, line */
  nodes: readonly (readonly [number, number, number, number])[];
  /** node, bytes, blocks, variance */
  made: readonly (readonly [number, number, number, number])[];
  /** node, epoch in which they were made, bytes, blocks, variance */
  freed: readonly (readonly [number, number, number, number, number])[];
}

/** The state of a track as last reported. */
export type TrackState = Pick<AllocationState, 'state' | 'why' | 'mean' | 'live' | 'merged'>;

/** Sums of estimates, in columns. */
export interface Estimates {
  bytes: Float64Array;
  blocks: Float64Array;
  variance: Float64Array;
}

/** The rows of consecutive epochs, in columns. */
export interface EpochRows {
  /** Number of the first. */
  first: number;
  /** When each was reported; the rows of epoch i are those from starts[i] to starts[i + 1]. */
  times: Float64Array;
  made: Estimates & { starts: Float64Array; node: Float64Array };
  freed: Estimates & { starts: Float64Array; node: Float64Array; birth: Float64Array };
}

/**
 * The sums of a part. With two nodes, where node 1 made 100 bytes in epoch 7 and freed 60 of epoch 2 (part 0):
 * `node [1]`, `made.bytes [100]`, `freed.bytes [60]`, `earlier.node [1]`, `earlier.part [0]`, `earlier.bytes [60]`, `birth [2]`, `died [60]`.
 */
export interface PartSums {
  first: number;
  times: Float64Array;
  /** Bytes made in each epoch. */
  allocated: Float64Array;
  /** Nodes that made or freed something. */
  node: Float64Array;
  made: Estimates;
  freed: Estimates;
  /** Of what was freed, that which was made in an earlier part. */
  earlier: Estimates & { node: Float64Array; part: Float64Array };
  /** Bytes that were freed, by the epoch in which they were made. */
  birth: Float64Array;
  died: Float64Array;
}

/** Nodes and strings as they are numbered on from `firstString` and `firstNode`. */
export interface TreePart {
  firstString: number;
  firstNode: number;
  strings: readonly string[];
  parent: Float64Array;
  name: Float64Array;
  file: Float64Array;
  line: Float64Array;
}
