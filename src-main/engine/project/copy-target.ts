import type { IdCounter } from './ids.ts';
import type { Sqlite } from './sqlite.ts';

/** The file that is copied into. Its connection changes if it is saved elsewhere during the copy. */
export interface CopyTarget {
  readonly ids: IdCounter;
  database(): Sqlite;
  write<T>(work: () => T): T;
}
