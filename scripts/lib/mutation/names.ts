/** Names that instrumented code and the test runner share in one thread. The names are Stryker's. */
export interface Namespace {
  activeMutant?: string;
  currentTestId?: string;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

/** The environment variable with the folder whose tests run: a configuration of projects takes no folder as an option. */
export const ROOM = 'HEAPSCOPE_MUTATED_ROOM';

/** The environment data under which a worker thread finds the marks. */
export const MARKS = 'heapscope mutation marks';
/** One mark for each mutant, by its number; more than any room has. */
export const MARK_COUNT = 1 << 16;

/** Instrumented code reads the active mutant from here when it is loaded in a separate thread. */
export const ACTIVE_MUTANT = '__STRYKER_ACTIVE_MUTANT__';

export function namespace(): Namespace {
  const shared = globalThis as { __stryker__?: Namespace };
  return (shared.__stryker__ ??= {});
}
