import type { RangeStats, SeriesWindow, WindowRequest } from '../timeline.ts';
import type { ProjectId, SeriesId, SessionTime } from '../units.ts';

/** Series over time. */
export interface TimelineMethods {
  'timeline.window': { args: { project: ProjectId } & WindowRequest; result: SeriesWindow[] };
  'timeline.stats': { args: { project: ProjectId; series: SeriesId[]; from: SessionTime; to: SessionTime }; result: RangeStats[] };
}
