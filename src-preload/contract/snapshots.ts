import type { ErrorData } from './errors.ts';
import type { Bytes, Milliseconds, ProcessId, SessionId, SessionTime, SnapshotId } from './units.ts';

/**
 * How a heap is captured. `fork`: by the C core in a forked child, while the program goes on; `in-place`: by the C core while the program
 * is paused; `python`: the same in pure Python. `census`: not walked, but counted by type: objects that the collector tracks and their
 * shallow bytes, for heaps that are too large for a walk.
 */
export type CaptureMethod = 'fork' | 'in-place' | 'python' | 'census';

/** What asked for a snapshot. */
export type SnapshotTrigger = 'user' | 'interval' | 'rss' | 'growth' | 'mark' | 'exit' | 'program';

/** `capturing`: the heap is being walked; `importing`: it is being analysed and stored; `ready`; `failed`: see `error`. */
export type SnapshotState = 'capturing' | 'importing' | 'ready' | 'failed';

/** A heap snapshot of one process. Stored in the project file with the results of the analysis. */
export interface SnapshotRow {
  id: SnapshotId;
  session: SessionId;
  process: ProcessId;
  pid: number;
  t: SessionTime;
  name: string;
  note: string;
  trigger: SnapshotTrigger;
  state: SnapshotState;
  error: ErrorData | null;
  /** null until it is known. */
  method: CaptureMethod | null;
  /** Why a better method was not used; '' if none is better. */
  methodReason: string;
  /** A full collection ran just before. */
  collected: boolean;
  /** Values of objects were recorded. */
  previews: boolean;
  /** Frames of allocation tracebacks: 0, none. */
  frames: number;
  python: string | null;
  /** How long the program was paused, measured inside it. */
  pause: Milliseconds | null;
  /** From the request until the dump was complete, and until it was analysed. */
  captureTime: Milliseconds | null;
  importTime: Milliseconds | null;
  dumpBytes: Bytes | null;
  /** Size in the project file. */
  storedBytes: Bytes | null;
  objects: number | null;
  /** How many of them the collector tracks. */
  tracked: number | null;
  references: number | null;
  /** Sum of the shallow sizes. */
  size: Bytes | null;
  /** Objects that nothing holds any more, not yet freed. */
  garbage: number | null;
  /** RSS of the process then. */
  rss: Bytes | null;
}

/** Progress of a snapshot; sent about five times a second. */
export interface SnapshotProgress {
  id: SnapshotId;
  session: SessionId;
  state: SnapshotState;
  /** Message key of the step: 'walking', 'writing', 'reading', 'dominators', 'storing', … */
  step: string;
  /** 0 to 1; null: unknown. */
  done: number | null;
  objects: number | null;
}

/** What one click on Snapshot would do in one process. */
export interface SnapshotForecast {
  process: ProcessId;
  pid: number;
  method: CaptureMethod;
  methodReason: string;
  expectedPause: Milliseconds;
}

/** How snapshots of a session are taken, kept with the session. */
export interface SnapshotOptions {
  method: 'auto' | CaptureMethod;
  /** Run a full collection first: it changes what is measured. */
  collectFirst: boolean;
  /** Record short texts of values, which may be secrets. */
  previews: boolean;
  /** Keys and attributes whose values are never recorded, as case-insensitive parts of a name. */
  redact: string[];
  /** Extra memory that a capture may take; null: no limit. */
  memoryLimit: Bytes | null;
  /** Join the program's memory pages into large ones before a fork: the program is slower for longer, but paused for less time. */
  joinPages: boolean;
}

/** How snapshots of a session are taken, and the rules for automatic ones. */
export interface SnapshotPlan {
  rules: SnapshotRules;
  options: SnapshotOptions;
}

/** Rules for automatic snapshots. Null: disabled. */
export interface SnapshotRules {
  every: Milliseconds | null;
  /** Once the RSS of a process exceeds it. */
  rssAbove: Bytes | null;
  /** Each time the RSS of a process has grown by it since its last snapshot. */
  rssStep: Bytes | null;
  /** At each mark of this name ('*': at any). */
  atMark: string | null;
  atExit: boolean;
  /** At most this many by rules, in one session. */
  limit: number;
}
