import { statSync } from 'node:fs';
import { checkHeader, DamagedFile } from './header.ts';
import { canHaveCompanions } from './lock.ts';
import { openReadOnly } from './read-only.ts';
import { hasOurSchema, hasSaneNumbers, hasSaneSizes, tablesOf } from './schema.ts';
import { LARGEST_CELL } from './sqlite.ts';
import { UPGRADERS, type Upgrader } from './upgraders.ts';

/** Up to this size every page is checked on opening (about a quarter of a second); beyond it, the tables that lead to the rest. */
const CHECKED_WHOLE = 256 * 1024 * 1024;
const BULKY_TABLES: ReadonlySet<string> = new Set(['chunk', 'console', 'snapshot_chunk', 'piece']);

/** Reads only: nothing is written before the file is known to be intact. Throws `DamagedFile` if it is not. */
export function checkWhole(path: string, version: number, upgraders: readonly Upgrader[]): void {
  const db = openReadOnly(path);
  try {
    if (!hasOurSchema(db, version, upgraders)) throw new DamagedFile('schema');
    const { size } = statSync(path);
    const whole = size <= CHECKED_WHOLE;
    const tables = tablesOf(db);
    const leading = tables.filter((table) => !BULKY_TABLES.has(table));
    const checks = whole ? ['PRAGMA quick_check(1)'] : leading.map((table) => `PRAGMA quick_check(${table})`);
    for (const check of checks) {
      const answer = db.get(check)?.['quick_check'];
      if (answer !== 'ok') throw new DamagedFile(String(answer));
    }
    if (!hasSaneNumbers(db)) throw new DamagedFile('row numbers');
    if (size > LARGEST_CELL && !hasSaneSizes(db, whole ? tables : leading)) throw new DamagedFile('a cell too large');
  } finally {
    db.close();
  }
}

/** Shows whether anything was written to the file, or to SQLite's log beside it, since. */
export function stateOf(path: string): string {
  const beside = canHaveCompanions(path) ? [`${path}-wal`, `${path}-journal`] : [];
  return [path, ...beside].map((file) => stateOfOne(file)).join(' ');
}

function stateOfOne(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  // An empty log counts as none: SQLite creates one beside a file that is only read.
  return stat === undefined || stat.size === 0n ? '-' : [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(':');
}

/** The state in which the file was found intact. Throws like `checkHeader` and `checkWhole`, or SQLite's error. */
export function findWhole(path: string): string {
  const state = stateOf(path);
  checkWhole(path, checkHeader(path, UPGRADERS.length + 1), UPGRADERS);
  return state;
}
