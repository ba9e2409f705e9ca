import type { Interpreter } from './launch.ts';
import type { SessionOrigin } from './origin.ts';
import type { Bytes, Milliseconds, ProcessId, ProjectId, SessionId, SessionTime, UnixTime } from './units.ts';

/** One session of one open project. */
export interface SessionRef {
  project: ProjectId;
  session: SessionId;
}

export interface ProjectInfo {
  id: ProjectId;
  path: string;
  /** File name without its extension. */
  name: string;
  /** In the app's data folder and not yet saved by the user. */
  untitled: boolean;
  access: 'write' | 'read-only';
  /** Why it is read-only. */
  readOnlyReason: 'in-use' | 'permission' | 'name' | 'lock' | 'damaged' | 'disk-full' | null;
  /** What could not be read when it was opened; null: the file is intact. */
  damage: DamageReport | null;
  size: Bytes;
  formatVersion: number;
}

/** What a damaged file has lost. The damaged file itself is left unchanged. */
export interface DamageReport {
  /** The damaged file. */
  path: string;
  detail: string;
  sessionsRead: number;
  /** Rows per table that could not be read: at least so many, since those after the last readable one cannot be counted. */
  lost: { table: string; rows: number }[];
  /** Stretches of time without samples, over all series. */
  lostSamples: number;
}

export interface RecentProject {
  path: string;
  name: string;
  lastOpened: UnixTime;
  exists: boolean;
  untitled: boolean;
}

/**
 * State of a session. `running`: being recorded. `ended`: the program ended by itself or was stopped. `interrupted`: the app ended while it
 * recorded. `stopped-recording`: recording ended before the program (disk full).
 */
export type SessionState = 'running' | 'ended' | 'interrupted' | 'stopped-recording';

export interface SessionRow {
  id: SessionId;
  /** Unchanged when the session is copied into another project. */
  uuid: string;
  name: string;
  note: string;
  state: SessionState;
  /** What ran, in one line. */
  program: string;
  origin: SessionOrigin;
  interpreter: Interpreter | null;
  startedAt: UnixTime;
  /** Until the end, or until the last known data. */
  duration: Milliseconds;
  /** Highest RSS summed over the tree; null before the first sample. */
  peakRss: Bytes | null;
  exit: ExitStatus | null;
  processes: number;
  samples: number;
  /** The agent joined at least one process. */
  agent: boolean;
}

export interface ExitStatus {
  /** Exit code; null if a signal ended it or it is unknown. */
  code: number | null;
  /** "SIGSEGV"; null if there was none. */
  signal: string | null;
  /** The kernel killed it because memory ran out. */
  outOfMemory: boolean;
}

/** State of a process's agent. */
export type AgentState = 'none' | 'connected' | 'not-answering' | 'gone' | 'refused';

export interface ProcessRow {
  id: ProcessId;
  session: SessionId;
  pid: number;
  parent: ProcessId | null;
  /** Order of appearance in the session, from 0; determines its colour everywhere. */
  ordinal: number;
  /** What it runs, in one line. */
  command: string;
  /** "3.12.1"; null: not Python, or no agent. */
  python: string | null;
  start: SessionTime;
  /** null while it runs. */
  end: SessionTime | null;
  /** null: running, or not observed. */
  exit: ExitStatus | null;
  agent: AgentState;
}

export type EventKind =
  | 'mark' // { name, source: 'user' | 'program' }
  | 'process-start' // { pid, command }
  | 'process-end' // { pid, code, signal }
  | 'agent-connected' // { pid, python }
  | 'agent-lost' // { pid }
  | 'agent-silent' // { pid }: no answer for a while
  | 'agent-refused' // { pid, reason }
  | 'agent-fault' // { pid, where, message }
  | 'agent-dropped' // { pid, samples }
  | 'agent-unidentified' // { pid, python }: recorded, but not watched and never signalled; the pid is its own claim
  | 'agent-unrelated' // { pid, python }: its descent from the program cannot be shown; recorded, never signalled, not awaited
  | 'stranger' // { address, reason, count }: the last one, and the number of all
  | 'exec' // { pid, command }
  | 'tracemalloc' // { pid, frames }: 0 when it stops
  | 'collect' // { pid, collected, uncollectable, duration }
  | 'garbage' // { pid, total, types }: gc.garbage changed
  | 'collections-sampled' // { pid }: from here on collections are counted, and only a sample of their pauses is measured
  | 'sampling' // { paused }
  | 'snapshot' // { pid, snapshot, name, trigger }
  | 'snapshot-failed' // { pid, name, code, detail }, and the other facts of its error
  | 'stop' // { how }
  | 'console-cut' // { bytes }
  | 'recording-fault'; // { code, detail }

export interface EventRow {
  id: number;
  session: SessionId;
  process: ProcessId | null;
  t: SessionTime;
  kind: EventKind;
  facts: import('./errors.ts').Facts;
}
