import type { AgentState } from './project.ts';
import type { Bytes, ProcessId, ProjectId, SessionId, SessionTime, UnixTime } from './units.ts';

export interface AppInfo {
  version: string;
  /** Which shell shows the window. */
  shell: 'electron' | 'browser';
  platform: 'linux' | 'darwin' | 'win32' | 'other';
  home: string;
  cwd: string;
  /** Path separator of the engine's machine. */
  separator: '/' | '\\';
  /** What the command line or the desktop asked for; sent to the first window only. */
  start: { open: string[]; record: import('./launch.ts').LaunchSpec | null };
}

/** Kept across restarts, for all windows. */
export interface Settings {
  theme: 'system' | 'light' | 'dark';
  language: 'system' | 'en' | 'zh-CN';
  /** The window's own state (panels, lanes, columns): JSON that the engine does not interpret; at most 256 KiB. */
  window: string;
  /** Bytes of console output kept for each session. */
  consoleLimit: Bytes;
}

export interface FileEntry {
  name: string;
  path: string;
  kind: 'folder' | 'file';
  size: Bytes;
  modified: UnixTime;
}

export type FileFilter = 'any' | 'python' | 'project' | 'interpreter' | 'folder';

/** State of a running recording; sent when it changes and about twice a second. */
export interface RecordingState {
  project: ProjectId;
  session: SessionId;
  /**
   * `starting`: the program was started, the agent has not joined yet (after a few seconds it counts as running without one). `stopping`:
   * asked to end.
   */
  phase: 'starting' | 'running' | 'stopping' | 'ended';
  paused: boolean;
  /** The last stop request of the user, if the program still runs. */
  stopAsked: 'interrupt' | 'terminate' | 'kill' | null;
  now: SessionTime;
  rss: Bytes | null;
  /** Bytes per minute over the last minute; null until there is enough data. */
  rssSlope: number | null;
  processes: number;
  agents: { process: ProcessId; pid: number; state: AgentState; tracemallocFrames: number }[];
}
