import type {
  ErrorData,
  ExitStatus,
  Milliseconds,
  RecordingState,
  SessionRow,
  SessionState,
  SnapshotRow,
} from '../../src-preload/contract/index.ts';

/** What `info` shows. */
export type { ProjectContent } from '../engine/faces/projects.ts';

/** What `record` was asked for. */
export interface RecordRequest {
  /** The program and its arguments, already split. */
  argv: string[];
  /** Project file: a new one, or one to which a session is added. */
  output: string;
  intervalMs: Milliseconds;
  tracemallocFrames: number;
  snapshots: SnapshotRequest;
  cwd: string;
  quiet: boolean;
}

/** When heap snapshots are taken. */
export interface SnapshotRequest {
  every: Milliseconds | null;
  atExit: boolean;
  /** A mark's name, '*': any. */
  atMark: string | null;
}

/** How the program's streams are connected: to a terminal of its own, or to ours. */
export type Streams = { kind: 'pty'; columns: number; rows: number } | { kind: 'pipes' };

/** A program that is being recorded. */
export interface RecordedProgram {
  /** The project's file. */
  path: string;
  onState(listener: (state: RecordingState) => void): void;
  /** Output; where the streams are pipes, before it goes on, unless there is a `showStatus`. */
  onOutput(listener: (data: Uint8Array) => void): void;
  /** Something that did not end the recording, or did not end the program. */
  onFault(listener: (error: ErrorData) => void): void;
  /** A snapshot that a rule asked for was refused or has failed. */
  onSnapshotFailed(listener: (error: ErrorData) => void): void;
  /** The program itself has ended; processes that it started may go on and are still recorded. */
  onProgramEnd(listener: () => void): void;
  /** Shows a line below the program's output, empty: none; false: nobody is there any more to do it. null: its output passes through us. */
  showStatus: ((text: string) => boolean) | null;
  write(data: string): void;
  resize(columns: number, rows: number): void;
  stop(how: 'interrupt' | 'terminate'): void;
  /** Closes the file with what was recorded and ends this process; the program goes on as after a kill of ours. */
  letGo(): Promise<never>;
  /** Settles when nothing of it runs any more. */
  ended: Promise<{ state: SessionState; exit: ExitStatus | null }>;
  /** Settles when the snapshots that were taken are in the file; aborted, those that are not have failed. */
  imported(signal: AbortSignal): Promise<void>;
  /** The session and its snapshots as they are in the file. */
  row(): SessionRow;
  snapshots(): SnapshotRow[];
}

/** The engine, as far as `record` needs it. */
export interface Recorder {
  start(request: RecordRequest, streams: Streams): Promise<RecordedProgram>;
}

/** What the commands do; given by the composition root. Each returns the exit status. */
export interface Actions {
  open(targets: string[], options: { browser: boolean; port: number | null; electron: boolean }): Promise<number>;
  serve(targets: string[], options: { port: number | null; open: boolean }): Promise<number>;
  record(request: RecordRequest): Promise<number>;
  info(path: string, options: { json: boolean }): Promise<number>;
}
