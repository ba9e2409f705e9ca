import type { Empty } from '../calls.ts';
import type { RunComparison, RunFigures, RunRef, RunSource } from '../runs.ts';
import type { ProjectId } from '../units.ts';

/** Comparisons of runs. */
export interface RunMethods {
  /**
   * Of a file that the user has chosen now (`confirmed`) or opened before, else `project.unconfirmed`; one that is not open is opened
   * read-only. Its snapshots can be compared by that handle.
   */
  'runs.source': { args: { path: string; confirmed: boolean }; result: RunSource };
  'runs.figures': { args: { project: ProjectId; runs: RunRef[]; align: RunComparison['align'] }; result: (RunFigures | null)[] };
  'runs.list': { args: { project: ProjectId }; result: RunComparison[] };
  /** id 0 creates a new one. */
  'runs.save': { args: { project: ProjectId; comparison: RunComparison }; result: RunComparison };
  'runs.delete': { args: { project: ProjectId; id: number }; result: Empty };
}
