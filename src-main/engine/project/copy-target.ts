import type { IdCounter } from './ids.ts';
import type { Sqlite } from './sqlite.ts';

/** The file that is copied into. Its connection changes when it is saved elsewhere meanwhile. */
export interface CopyTarget {
  readonly ids: IdCounter;
  database(): Sqlite;
  write<T>(work: () => T): T;
}
