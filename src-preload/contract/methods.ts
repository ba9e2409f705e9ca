import type { ConsoleHit, ConsoleInfo, ConsolePart } from './console.ts';
import type { HeapMethods, RunMethods, SnapshotMethods } from './heap-methods.ts';
import type { Interpreter, LaunchProblem, LaunchSpec, RecentLaunch, Sample } from './launch.ts';
import type { EventRow, ProcessRow, ProjectInfo, RecentProject, SessionRow } from './project.ts';
import type { AppInfo, FileEntry, FileFilter, RecordingState, Settings } from './app.ts';
import type { RangeStats, SeriesInfo, SeriesWindow, WindowRequest } from './timeline.ts';
import type { Bytes, ProjectId, SeriesId, SessionId, SessionTime } from './units.ts';

/** One session of one open project. */
export interface SessionRef {
  project: ProjectId;
  session: SessionId;
}

/**
 * Every call the window can make. Adding one: an entry here, a schema in `src-main/rpc/schemas.ts`,
 * a handler in `src-main/rpc/handlers`, a caller in a store; the compiler finds the rest.
 * Any call can be cancelled; those marked "progress" report `Progress`.
 */
export interface Methods extends SnapshotMethods, HeapMethods, RunMethods {
  // the app
  'app.info': { args: Empty; result: AppInfo };
  'settings.get': { args: Empty; result: Settings };
  'settings.set': { args: Partial<Settings>; result: Settings };

  // choosing a target
  'interpreters.list': { args: { cwd: string; refresh: boolean }; result: Interpreter[] };
  'interpreters.check': { args: { path: string }; result: Interpreter };
  'launch.check': { args: { spec: LaunchSpec }; result: LaunchProblem[] };
  'launch.recents': { args: Empty; result: RecentLaunch[] };
  'launch.forget': { args: { id: number }; result: Empty };
  'launch.samples': { args: Empty; result: Sample[] };

  // files of the machine the engine runs on
  'files.list': { args: { path: string; filter: FileFilter }; result: { path: string; parent: string | null; entries: FileEntry[] } };
  'files.receive': { args: { name: string; data: Uint8Array }; result: { path: string } };

  // projects
  'projects.new': { args: Empty; result: ProjectInfo };
  'projects.open': { args: { path: string }; result: ProjectInfo };
  'projects.list': { args: Empty; result: ProjectInfo[] };
  /** progress */
  'projects.saveAs': { args: { project: ProjectId; path: string; overwrite: boolean }; result: ProjectInfo };
  /** Refused with `project.importing` while snapshots are being read, unless `discard`. */
  'projects.close': { args: { project: ProjectId; discard?: boolean }; result: Empty };
  'projects.recents': { args: Empty; result: RecentProject[] };
  'projects.forget': { args: { path: string }; result: Empty };

  // sessions
  /** With `after`: at most `limit` sessions by number, those after it; a long list is asked for in pieces, each of which takes a moment. */
  'sessions.list': { args: { project: ProjectId; after?: SessionId; limit?: number }; result: SessionRow[] };
  'sessions.update': { args: SessionRef & { name?: string; note?: string }; result: SessionRow };
  /** Marks as deleted; `sessions.restore` undoes it until the project is closed. */
  'sessions.delete': { args: { project: ProjectId; sessions: SessionId[] }; result: Empty };
  'sessions.restore': { args: { project: ProjectId; sessions: SessionId[] }; result: Empty };
  /** progress; into another project's file, which is opened for it where it is not open. */
  'sessions.copy': { args: { project: ProjectId; sessions: SessionId[]; toPath: string }; result: { copied: number; toPath: string } };
  'sessions.processes': { args: SessionRef; result: ProcessRow[] };
  'sessions.series': { args: SessionRef; result: SeriesInfo[] };
  /** At most `limit`, earliest first; `total` counts all that match. */
  'sessions.events': {
    args: SessionRef & { from: SessionTime; to: SessionTime; limit: number };
    result: { total: number; events: EventRow[] };
  };

  // the timeline
  'timeline.window': { args: { project: ProjectId } & WindowRequest; result: SeriesWindow[] };
  'timeline.stats': { args: { project: ProjectId; series: SeriesId[]; from: SessionTime; to: SessionTime }; result: RangeStats[] };

  // the console
  'console.info': { args: SessionRef; result: ConsoleInfo };
  /** From `offset` on, at most `limit` bytes. */
  'console.read': { args: SessionRef & { offset: Bytes; limit: Bytes }; result: ConsolePart[] };
  'console.search': {
    args: SessionRef & { text: string; matchCase: boolean; limit: number };
    result: { total: number; hits: ConsoleHit[] };
  };
  'console.write': { args: SessionRef & { data: string }; result: Empty };
  'console.resize': { args: SessionRef & { columns: number; rows: number }; result: Empty };

  // recording
  /** Into `project`, or into a new untitled one. */
  'recording.start': {
    args: { spec: LaunchSpec; project: ProjectId | null; columns: number; rows: number };
    result: { project: ProjectInfo; session: SessionId };
  };
  'recording.states': { args: Empty; result: RecordingState[] };
  'recording.stop': { args: SessionRef & { how: 'interrupt' | 'terminate' | 'kill' }; result: Empty };
  'recording.collect': { args: SessionRef; result: { processes: number; collected: number; uncollectable: number } };
  /** frames 0 stops it. */
  'recording.tracemalloc': { args: SessionRef & { frames: number }; result: { processes: number } };
  'recording.pause': { args: SessionRef & { paused: boolean }; result: Empty };
  'recording.mark': { args: SessionRef & { name: string }; result: EventRow };
}

export type MethodName = keyof Methods;
export type Args<M extends MethodName> = Methods[M]['args'];
export type Result<M extends MethodName> = Methods[M]['result'];

/** No fields. */
export type Empty = Record<never, never>;

/** How far a long call is. */
export interface Progress {
  /** 0 to 1; null: it cannot be told. */
  done: number | null;
  /** What it is at, as a key of the window's wording. */
  step: string;
}
