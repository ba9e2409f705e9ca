import type { RecordingState } from '../app.ts';
import type { Empty } from '../calls.ts';
import type { LaunchSpec } from '../launch.ts';
import type { EventRow, ProjectInfo, SessionRef } from '../project.ts';
import type { ProjectId, SessionId } from '../units.ts';

/** A session while it is recorded. */
export interface RecordingMethods {
  /**
   * Into `project`, or into a new untitled one. `confirmed`: the user wrote this specification, or saw all of it and agreed. One from a
   * file is not confirmed; it starts only if it was started on this machine before, else `launch.unconfirmed`.
   */
  'recording.start': {
    args: { spec: LaunchSpec; confirmed: boolean; project: ProjectId | null; columns: number; rows: number };
    result: { project: ProjectInfo; session: SessionId };
  };
  'recording.states': { args: Empty; result: RecordingState[] };
  'recording.stop': { args: SessionRef & { how: 'interrupt' | 'terminate' | 'kill' }; result: Empty };
  'recording.collect': { args: SessionRef; result: { processes: number; collected: number; uncollectable: number } };
  /** frames 0 stops it. */
  'recording.tracemalloc': { args: SessionRef & { frames: number }; result: { processes: number } };
  /** Mean distance in bytes between two sampled allocations; 0: off. Of all its processes, and of those that are still to come. */
  'recording.setSampling': { args: SessionRef & { mean: number }; result: null };
  'recording.pause': { args: SessionRef & { paused: boolean }; result: Empty };
  'recording.mark': { args: SessionRef & { name: string }; result: EventRow };
}
