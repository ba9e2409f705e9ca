import { pathToFileURL } from 'node:url';
import { SQLITE, sqliteCode, Sqlite } from './sqlite.ts';

/** A connection that reads, whether or not SQLite can create its files beside the project. */
export function openReadOnly(path: string, lenient = false): Sqlite {
  try {
    const db = new Sqlite(path, { readOnly: true, lenient });
    try {
      db.number('PRAGMA schema_version');
      return db;
    } catch (thrown) {
      db.close();
      throw thrown;
    }
  } catch (thrown) {
    const code = sqliteCode(thrown);
    if (code !== SQLITE.cannotOpen && code !== SQLITE.readOnly) throw thrown;
    // A file in WAL mode needs a file beside it, which a folder without write permission prevents.
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    return new Sqlite(url, { readOnly: true, lenient });
  }
}
