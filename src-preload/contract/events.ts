import type { RecordingState } from './app.ts';
import type { ConsolePart } from './console.ts';
import type { ErrorData } from './errors.ts';
import type { EventRow, ProjectInfo, SessionRow } from './project.ts';
import type { SnapshotProgress, SnapshotRow } from './snapshots.ts';
import type { ProjectId, SessionId, SessionTime } from './units.ts';

/** Messages from the engine to the windows. */
export interface Events {
  'recording.state': RecordingState;
  /** New samples can be read, up to this time; the window requests what it shows. At most 10 a second. */
  'timeline.advanced': { project: ProjectId; session: SessionId; until: SessionTime };
  /** New figures of sampled allocations can be read, up to about now. At most one a second. */
  allocations: { project: ProjectId; session: SessionId };
  /** Series or processes were added or ended. */
  'session.shape': { project: ProjectId; session: SessionId };
  'event.added': { project: ProjectId; event: EventRow };
  'console.data': { project: ProjectId; session: SessionId; part: ConsolePart };
  'session.changed': { project: ProjectId; row: SessionRow };
  'sessions.changed': { project: ProjectId };
  'project.changed': ProjectInfo;
  /** A snapshot appeared or changed. */
  'snapshot.changed': { project: ProjectId; row: SnapshotRow };
  'snapshot.progress': { project: ProjectId; progress: SnapshotProgress };
  /** Snapshots were deleted or restored; reload them. */
  'snapshots.changed': { project: ProjectId };
  'settings.changed': import('./app.ts').Settings;
  /** A fault that belongs to no call. */
  notice: { severity: 'info' | 'warning' | 'error'; error: ErrorData; project: ProjectId | null; session: SessionId | null };
  /** The shell asks the window to do something (menu, dropped file, second start). */
  'shell.command': ShellCommand;
}

export type ShellCommand =
  { command: 'open'; path: string } | { command: 'record'; spec: import('./launch.ts').LaunchSpec } | { command: 'action'; action: string };

export type EventName = keyof Events;

/** One event with its payload. */
export type AnyEvent = { [E in EventName]: { event: E; payload: Events[E] } }[EventName];
