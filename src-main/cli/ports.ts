import type {
  ErrorData,
  ExitStatus,
  Milliseconds,
  RecordingState,
  SessionRow,
  SessionState,
  SnapshotRow,
} from '../../src-preload/contract/index.ts';
import type { AllocationReport, AllocationRequest as Asked } from '../engine/faces/allocations.ts';

/** What `info` shows. */
export type { ProjectContent } from '../engine/faces/projects.ts';

/** Options of `record`. */
export interface RecordRequest {
  /** The program and its arguments, already split. */
  argv: string[];
  /** Project file: a new one, or an existing one to which a session is added. */
  output: string;
  intervalMs: Milliseconds;
  tracemallocFrames: number;
  /** Mean distance in bytes between two sampled allocations; 0: off. */
  sampling: number;
  snapshots: SnapshotRequest;
  manner: SnapshotManner;
  cwd: string;
  quiet: boolean;
}

/** When heap snapshots are taken. */
export interface SnapshotRequest {
  every: Milliseconds | null;
  atExit: boolean;
  /** A mark's name; '*' is any. */
  atMark: string | null;
}

/** How they are taken, those that the program takes itself included. */
export interface SnapshotManner {
  /** Garbage is collected first. */
  collectFirst: boolean;
  /** The beginnings of values are stored. */
  previews: boolean;
}

/** How the program's streams are connected: to its own terminal, or to ours. */
export type Streams = { kind: 'pty'; columns: number; rows: number } | { kind: 'pipes' };

/** A program that is being recorded. */
export interface RecordedProgram {
  /** The project's file. */
  path: string;
  onState(listener: (state: RecordingState) => void): void;
  /** The program's output; with pipes, before it is passed on, unless there is a `showStatus`. */
  onOutput(listener: (data: Uint8Array) => void): void;
  /** A fault that ended neither the recording nor the program. */
  onFault(listener: (error: ErrorData) => void): void;
  /** A snapshot triggered by a rule was refused or failed. */
  onSnapshotFailed(listener: (error: ErrorData) => void): void;
  /** The program itself has ended; processes it started may still run and are still recorded. */
  onProgramEnd(listener: () => void): void;
  /**
   * Shows a line below the program's output; an empty one removes it. False: nothing can show it any more. null: the program's output
   * passes through us.
   */
  showStatus: ((text: string) => boolean) | null;
  write(data: string): void;
  resize(columns: number, rows: number): void;
  stop(how: 'interrupt' | 'terminate'): void;
  /** Closes the file with what was recorded and ends this process; the program goes on, as if we had been killed. */
  letGo(): Promise<never>;
  /** Settles when no process of it runs any more. */
  ended: Promise<{ state: SessionState; exit: ExitStatus | null }>;
  /** Settles when all snapshots taken are in the file; when aborted, the unfinished ones fail. */
  imported(signal: AbortSignal): Promise<void>;
  /** The session and its snapshots as stored in the file. */
  row(): SessionRow;
  snapshots(): SnapshotRow[];
}

/** The part of the engine that `record` needs. */
export interface Recorder {
  /** Programs can have a terminal of their own here. */
  hasTerminals: boolean;
  start(request: RecordRequest, streams: Streams): Promise<RecordedProgram>;
}

/** Options of `allocations`. */
export type AllocationRequest = Asked & { format: 'table' | 'json' | 'csv' };

/** What `allocations` shows; `report` null: the file has no session. */
export interface AllocationAnswer {
  path: string;
  report: AllocationReport | null;
}

/** The implementations of the commands, given by the composition root. Each returns the exit status. */
export interface Actions {
  open(targets: string[], options: { browser: boolean; port: number | null; electron: boolean }): Promise<number>;
  serve(targets: string[], options: { port: number | null; open: boolean }): Promise<number>;
  record(request: RecordRequest): Promise<number>;
  info(path: string, options: { json: boolean }): Promise<number>;
  allocations(path: string, request: AllocationRequest): Promise<number>;
}
