import type { Empty } from '../calls.ts';
import type { SnapshotRef } from '../heap.ts';
import type { SessionRef } from '../project.ts';
import type { SnapshotForecast, SnapshotOptions, SnapshotRow, SnapshotRules } from '../snapshots.ts';
import type { ProcessId, ProjectId, SessionId, SnapshotId } from '../units.ts';

/** Taking, listing and naming snapshots. */
export interface SnapshotMethods {
  /** What `snapshots.take` would do now, for each process with an agent; with the session's own method by default. */
  'snapshots.forecast': { args: SessionRef & { method?: SnapshotOptions['method'] }; result: SnapshotForecast[] };
  /** Of the given processes, or of all with an agent. Returns once they are being captured; `snapshot.progress` reports the rest. */
  'snapshots.take': { args: SessionRef & { processes: ProcessId[] | null; name: string; options: SnapshotOptions }; result: SnapshotRow[] };
  'snapshots.cancel': { args: SnapshotRef; result: Empty };
  /** Of the running session; also the default of the next recording. */
  'snapshots.setPlan': { args: SessionRef & { rules: SnapshotRules; options: SnapshotOptions }; result: Empty };
  'snapshots.plan': { args: SessionRef; result: { rules: SnapshotRules; options: SnapshotOptions } };
  /** Of one session, or of all in the project. */
  'snapshots.list': { args: { project: ProjectId; session: SessionId | null }; result: SnapshotRow[] };
  'snapshots.update': { args: SnapshotRef & { name?: string; note?: string }; result: SnapshotRow };
  /** Marks as deleted; `snapshots.restore` undoes it until the project is closed. */
  'snapshots.delete': { args: { project: ProjectId; snapshots: SnapshotId[] }; result: Empty };
  'snapshots.restore': { args: { project: ProjectId; snapshots: SnapshotId[] }; result: Empty };
}
