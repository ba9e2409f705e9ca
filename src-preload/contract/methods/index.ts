import type { AllocationMethods } from './allocations.ts';
import type { AppMethods } from './app.ts';
import type { BookmarkMethods } from './bookmarks.ts';
import type { CompareMethods } from './compare.ts';
import type { ConsoleMethods } from './console.ts';
import type { HeapMethods } from './heap.ts';
import type { LaunchMethods } from './launch.ts';
import type { ProjectMethods } from './projects.ts';
import type { RecordingMethods } from './recording.ts';
import type { RunMethods } from './runs.ts';
import type { SessionMethods } from './sessions.ts';
import type { SnapshotMethods } from './snapshots.ts';
import type { SourceMethods } from './sources.ts';
import type { TimelineMethods } from './timeline.ts';

/**
 * Every call the window can make, a file for each noun. Adding one: an entry in the noun's file here, its schema and its answer
 * in `src-main/rpc/<noun>.ts`, its implementation in `src-main/engine/faces/<noun>.ts`, a caller in a store; the compiler finds the
 * rest. Any call can be cancelled; those marked "progress" report `Progress`.
 */
export interface Methods
  extends
    AppMethods,
    LaunchMethods,
    ProjectMethods,
    SessionMethods,
    TimelineMethods,
    AllocationMethods,
    ConsoleMethods,
    RecordingMethods,
    SnapshotMethods,
    BookmarkMethods,
    HeapMethods,
    CompareMethods,
    SourceMethods,
    RunMethods {}

export type MethodName = keyof Methods;
export type Args<M extends MethodName> = Methods[M]['args'];
export type Result<M extends MethodName> = Methods[M]['result'];
