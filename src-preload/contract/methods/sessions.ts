import type { Empty } from '../calls.ts';
import type { EventRow, ProcessRow, SessionRef, SessionRow } from '../project.ts';
import type { SeriesInfo } from '../timeline.ts';
import type { ProjectId, SessionId, SessionTime } from '../units.ts';

/** Sessions of a project. */
export interface SessionMethods {
  /** With `after`: at most `limit` sessions by number, after this one; a long list is requested in pages, each of which is read quickly. */
  'sessions.list': { args: { project: ProjectId; after?: SessionId; limit?: number }; result: SessionRow[] };
  'sessions.update': { args: SessionRef & { name?: string; note?: string }; result: SessionRow };
  /** Marks as deleted; `sessions.restore` undoes it until the project is closed. */
  'sessions.delete': { args: { project: ProjectId; sessions: SessionId[] }; result: Empty };
  'sessions.restore': { args: { project: ProjectId; sessions: SessionId[] }; result: Empty };
  /** progress; into another project's file, which is opened if necessary. */
  'sessions.copy': { args: { project: ProjectId; sessions: SessionId[]; toPath: string }; result: { copied: number; toPath: string } };
  'sessions.processes': { args: SessionRef; result: ProcessRow[] };
  'sessions.series': { args: SessionRef; result: SeriesInfo[] };
  /** At most `limit`, earliest first; `total` counts all that match. */
  'sessions.events': {
    args: SessionRef & { from: SessionTime; to: SessionTime; limit: number };
    result: { total: number; events: EventRow[] };
  };
}
