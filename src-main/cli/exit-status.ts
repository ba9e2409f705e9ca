import { constants } from 'node:os';
import type { ExitStatus } from '../../src-preload/contract/index.ts';

/** Exit status of a command that was used incorrectly or failed. */
export const FAILED = 2;

/** Exit status of a command whose terminal was closed: 128 + SIGHUP. */
export const HUNG_UP = 129;

/** Exit status of a command whose reader closed the pipe before all output was written: 128 + SIGPIPE. */
export const READER_GONE = 141;

/** The exit status that a shell would report for the program: its own, or 128 + n for signal n. */
export function exitStatusOf(exit: ExitStatus | null): number {
  if (exit === null) return 1;
  if (exit.signal !== null) return 128 + (signalNumber(exit.signal) ?? 0);
  return exit.code ?? 1;
}

function signalNumber(name: string): number | undefined {
  return Object.entries(constants.signals).find(([known]) => known === name)?.[1];
}
