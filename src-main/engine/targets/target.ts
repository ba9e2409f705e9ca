import type { Disposable } from '../base/disposable.ts';

/** How a program ended, as its parent sees it; both null: unknown. */
export interface TargetExit {
  code: number | null;
  /** "SIGKILL" */
  signal: string | null;
}

/**
 * What a started program reads and writes. `pty`: a terminal of ours. `users-pty`: one that is connected to the user's own terminal, whose
 * description in the environment stays true. `pipes`: our own streams, for the headless command line.
 */
export type Starter = 'pty' | 'users-pty' | 'pipes';

export type StopSignal = 'interrupt' | 'terminate' | 'kill';

export const SIGNALS = { interrupt: 'SIGINT', terminate: 'SIGTERM', kill: 'SIGKILL' } as const satisfies Record<StopSignal, string>;

/** The program that is recorded. */
export interface Target {
  readonly pid: number;
  /** null: we cannot read the program's output, since we did not start it. */
  readonly terminal: TargetTerminal | null;
  /** Called once, after all output was delivered; soon after for a listener that is added after the end. */
  onExit(listener: (exit: TargetExit) => void): Disposable;
  signal(how: StopSignal): void;
}

/** What the program's input and output are connected to. Output without a listener is kept for the first one. */
export interface TargetTerminal {
  /** Raw output, in order. */
  onData(listener: (bytes: Uint8Array) => void): Disposable;
  /** The user's input; ignored after the end, and where the program reads our own input (pipes). */
  write(data: string | Uint8Array): void;
  /** Size in characters; no effect with pipes. */
  resize(columns: number, rows: number): void;
  /**
   * Where another process forwards the output to the user: it shows this line below the output; an empty one removes it. false: it has
   * ended.
   */
  showStatus?(text: string): boolean;
}

/** A program that we started. */
export interface StartedTarget extends Target {
  readonly terminal: TargetTerminal;
}
