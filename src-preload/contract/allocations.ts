import type { Bytes, ProcessId, ProjectId, SessionId, SessionTime } from './units.ts';

/**
 * Sampled allocations: what lines of the program allocated, and what of it is still alive. All figures are estimates from a sample.
 *
 * In a range [from, to): `allocated` is made in it; `live` is made in it and still alive at its end; `freed` is freed in it, whenever it was
 * made; `growth` is made minus freed in it. From the start of the session `live` is all that is alive at the end.
 */
export type AllocationMeasure = 'live' | 'allocated' | 'freed' | 'growth';

/** What the blocks of one row have in common. */
export type AllocationGrouping = 'line' | 'function' | 'file' | 'module' | 'package' | 'traceback' | 'thread';

/** The blocks that a question is about. */
export interface AllocationScope {
  project: ProjectId;
  session: SessionId;
  /** null: all of them. */
  process: ProcessId | null;
  /** null: the start of the session. */
  from: SessionTime | null;
  /** null: its end, or now. */
  to: SessionTime | null;
  /** My code only: what libraries allocate belongs to the nearest caller of the user's own code. */
  mine: boolean;
}

/** One process of a session, and whether it is sampled. */
export interface AllocationState {
  process: ProcessId;
  /** `lost`: something else took our place among the interpreter's allocators. */
  state: 'on' | 'off' | 'lost' | 'unavailable';
  /** Empty, or a code of PROTOCOL.md. */
  why: string;
  /** Mean distance between two samples; 0: off now. */
  mean: Bytes;
  /** Sampled blocks alive now. */
  live: number;
  /** Tracebacks that have no place of their own, since there were too many. */
  merged: number;
  from: SessionTime;
  to: SessionTime;
}

/** Of each bucket of time. */
export interface AllocationTimeline {
  /** Borders of the buckets: one more than there are buckets. */
  times: Float64Array;
  /** Bytes allocated in each. */
  allocated: Float64Array;
  /** Of these, bytes still alive at the end of the session, or now. */
  alive: Float64Array;
}

export interface AllocationFrame {
  function: string;
  file: string;
  line: number;
  own: boolean;
}

export interface AllocationRow {
  /** The same for the same row whenever it is asked for, while the project is open. */
  key: number;
  function: string;
  file: string;
  line: number;
  module: string;
  package: string;
  /** Innermost first; null unless rows are tracebacks. */
  frames: AllocationFrame[] | null;
  /** The user's own code, no library's. */
  own: boolean;
  /** By the measure that was asked for. */
  bytes: number;
  blocks: number;
  /** One standard deviation of `bytes`. */
  error: number;
  allocated: Bytes;
  freed: Bytes;
  /** `bytes` for each minute of the range. */
  perMinute: number;
  /** 0 to 1, of `bytes` of all rows. */
  share: number;
  /** Live bytes at 24 instants of the session, evenly spaced. */
  spark: number[];
}

export interface AllocationTable {
  rows: AllocationRow[];
  /** Rows that match the filter. */
  total: number;
  /** Over these rows. */
  sums: { bytes: number; blocks: number; error: number; allocated: Bytes; freed: Bytes };
}

/** Parallel arrays, parents before their children; node 0 is all. */
export interface AllocationFlame {
  /** -1 for node 0. */
  parent: Float64Array;
  bytes: Float64Array;
  blocks: Float64Array;
  function: string[];
  file: string[];
  line: Float64Array;
  own: Uint8Array;
  total: Bytes;
  /** Nodes that are left out, since they are too small. */
  left: number;
}
