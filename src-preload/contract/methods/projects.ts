import type { Empty } from '../calls.ts';
import type { ProjectInfo, RecentProject } from '../project.ts';
import type { ProjectId } from '../units.ts';

/** Project files that are open. */
export interface ProjectMethods {
  'projects.new': { args: Empty; result: ProjectInfo };
  'projects.open': { args: { path: string }; result: ProjectInfo };
  'projects.list': { args: Empty; result: ProjectInfo[] };
  /** progress */
  'projects.saveAs': { args: { project: ProjectId; path: string; overwrite: boolean }; result: ProjectInfo };
  /** Refused with `project.importing` while snapshots are being read, unless `discard`. */
  'projects.close': { args: { project: ProjectId; discard?: boolean }; result: Empty };
  'projects.recents': { args: Empty; result: RecentProject[] };
  'projects.forget': { args: { path: string }; result: Empty };
}
