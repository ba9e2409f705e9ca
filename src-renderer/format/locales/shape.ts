import type { ErrorCode } from '../../../src-preload/contract/index.ts';

/** The same keys with any text. */
export type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> };

/** `what`: what went wrong, and where. `next`: what to do about it. */
export interface ErrorWords {
  what: string;
  next: string;
}

/** Messages for every code of the contract, and the two that only the window knows. */
export type ErrorMessages = Record<ErrorCode | 'interpreter.crashed-signal' | 'unknown', ErrorWords>;
