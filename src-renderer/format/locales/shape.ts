import type { ErrorCode } from '../../../src-preload/contract/index.ts';

/** The same keys with any text. */
export type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> };

/** `what`: what went wrong, and where. `next`: what to do about it. */
export interface ErrorWords {
  what: string;
  next: string;
}

/** Codes that a fact makes read differently. */
export type ErrorVariant =
  | 'interpreter.crashed-signal'
  | 'interpreter.crashed-timeout'
  | 'interpreter.not-python-folder'
  | 'interpreter.not-python-executable'
  | 'launch.script-missing-folder'
  | 'launch.script-missing-arguments'
  | 'launch.command-malformed-shell'
  | 'launch.command-malformed-module';

/** Messages for every code of the contract, and those that only the window knows. */
export type ErrorMessages = Record<ErrorCode | ErrorVariant | 'unknown', ErrorWords>;
