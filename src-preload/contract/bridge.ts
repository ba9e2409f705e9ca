import type { ErrorData } from './errors.ts';
import type { EventName, Events } from './events.ts';
import type { Progress } from './calls.ts';
import type { Args, MethodName, Result } from './methods/index.ts';
import type { FileFilter } from './app.ts';

/** A settled call. Errors cross as data, since classes do not survive every transport. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: ErrorData };

/**
 * The window's only connection to the outside: `window.heapscope` in Electron, implemented over a WebSocket in a browser. `call` always
 * settles: with a result, an error, a cancel, or the peer's death.
 */
export interface Bridge {
  call<M extends MethodName>(id: number, method: M, args: Args<M>): Promise<Outcome<Result<M>>>;
  cancel(id: number): void;
  onProgress(listener: (id: number, progress: Progress) => void): () => void;
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void;
  /** Native abilities of the shell; the window implements missing ones itself. */
  shell: ShellAbilities | null;
}

/** What only a desktop shell can do. */
export interface ShellAbilities {
  pickFile(filter: FileFilter, startIn: string): Promise<string | null>;
  pickFolder(startIn: string): Promise<string | null>;
  pickSave(suggested: string): Promise<string | null>;
  /** Path of a file dropped on the window; empty if it has none. */
  pathOf(file: File): string;
  /** Keeps the native title, the menu's check marks and the recent documents in sync. */
  report(state: ShellState): void;
}

export interface ShellState {
  title: string;
  /** Path of the project's file, for the title bar; empty: none. */
  path: string;
  /** A recording is running: closing the window asks first. */
  recording: boolean;
}

/** Frames of the WebSocket, each one MessagePack value; typed arrays are extension type 1 (Float64Array). */
export type ClientFrame = { k: 'call'; id: number; m: MethodName; a: unknown } | { k: 'cancel'; id: number };
export type ServerFrame =
  | { k: 'done'; id: number; r: Outcome<unknown> }
  | { k: 'progress'; id: number; p: Progress }
  | { k: 'event'; e: EventName; p: unknown }
  /** Events were dropped because this client is too slow: what it shows may be out of date. */
  | { k: 'resync' }
  /** The last frame: the engine ends. */
  | { k: 'goodbye'; end: EngineEnd };

/** Why the engine ended, and which recordings ended with it. */
export interface EngineEnd {
  /** `SIGINT` is Ctrl-C in its terminal, `SIGHUP` that its terminal was closed. */
  signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP';
  /** Their programs are ended, too; `path` has what was recorded. */
  recordings: { name: string; path: string }[];
}
