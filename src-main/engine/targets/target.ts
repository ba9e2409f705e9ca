import type { Disposable } from '../base/disposable.ts';

/** How a program ended, as its parent sees it; both null: it could not be told. */
export interface TargetExit {
  code: number | null;
  /** "SIGKILL" */
  signal: string | null;
}

export type StopSignal = 'interrupt' | 'terminate' | 'kill';

export const SIGNALS = { interrupt: 'SIGINT', terminate: 'SIGTERM', kill: 'SIGKILL' } as const satisfies Record<StopSignal, string>;

/** The program that is recorded. */
export interface Target {
  readonly pid: number;
  /** null: the program's output is not ours to read, since we did not start it. */
  readonly terminal: TargetTerminal | null;
  /** Once, after all output was delivered; called soon for a listener that comes after the end. */
  onExit(listener: (exit: TargetExit) => void): Disposable;
  signal(how: StopSignal): void;
}

/** What the program's input and output are connected to. Output that nobody listens to yet is kept for the first listener. */
export interface TargetTerminal {
  /** Raw output, in order. */
  onData(listener: (bytes: Uint8Array) => void): Disposable;
  /** What the user types; ignored after the end, and where the program's input is our own (pipes). */
  write(data: string | Uint8Array): void;
  /** Size in characters; with pipes nothing happens. */
  resize(columns: number, rows: number): void;
  /** Where another process passes the output on to the user: it shows this line below it, empty: none. false: it has ended. */
  showStatus?(text: string): boolean;
}

/** A program that we started. */
export interface StartedTarget extends Target {
  readonly terminal: TargetTerminal;
}
