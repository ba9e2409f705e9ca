import type { Disposable } from '../base/disposable.ts';

/** How a program ended, as its parent sees it; both null: it could not be told. */
export interface TargetExit {
  code: number | null;
  /** "SIGKILL" */
  signal: string | null;
}

export type StopSignal = 'interrupt' | 'terminate' | 'kill';

export const SIGNALS = { interrupt: 'SIGINT', terminate: 'SIGTERM', kill: 'SIGKILL' } as const satisfies Record<StopSignal, string>;

/** A program that we started. Output that nobody listens to yet is kept for the first listener. */
export interface RunningTarget {
  readonly pid: number;
  /** Raw output, in order. */
  onData(listener: (bytes: Uint8Array) => void): Disposable;
  /** Once, after all output was delivered; told at once to who asks later. */
  onExit(listener: (exit: TargetExit) => void): Disposable;
  /** What the user types; ignored after the end. */
  write(data: string | Uint8Array): void;
  /** Size of the terminal in characters; without one: nothing happens. */
  resize(columns: number, rows: number): void;
  signal(how: StopSignal): void;
  /** Where another process passes the output on to the user: it shows this line below it, empty: none. false: it has ended. */
  showStatus?(text: string): boolean;
}
