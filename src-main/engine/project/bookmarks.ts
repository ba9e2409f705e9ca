import type { Bookmark } from '../../../src-preload/contract/index.ts';
import type { Connection } from './connection.ts';
import { id, LINE, PROSE, shown, whole } from './cells.ts';
import { readable, type LostRows } from './lost-rows.ts';
import type { Row } from './sqlite.ts';

/** Objects of snapshots that the user wants to find again. */
export class Bookmarks {
  readonly #connection: Connection;

  readonly #lost: LostRows;

  constructor(connection: Connection, lost: LostRows) {
    this.#connection = connection;
    this.#lost = lost;
  }

  /** Only of snapshots that exist. */
  list(): Bookmark[] {
    const there =
      'SELECT snapshot.id FROM snapshot JOIN session ON session.id = snapshot.session WHERE snapshot.deleted <> 1 AND session.deleted <> 1';
    const sql = `SELECT * FROM bookmark WHERE snapshot IN (${there}) ORDER BY id`;
    return this.#connection.read((db) => [...readable(db.iterate(sql), toBookmark, 'bookmark', this.#lost)]);
  }

  /** One object has at most one bookmark. */
  set(bookmark: Omit<Bookmark, 'id'>): Bookmark {
    const { snapshot, node, note, label } = bookmark;
    const id = this.#connection.write((db) => {
      const known = db.number('SELECT id FROM bookmark WHERE snapshot = ? AND node = ?', snapshot, node);
      if (known === 0)
        return db.run('INSERT INTO bookmark (snapshot, node, note, label) VALUES (?, ?, ?, ?)', snapshot, node, note, label).id;
      db.run('UPDATE bookmark SET note = ?, label = ? WHERE id = ?', note, label, known);
      return known;
    });
    return { id, ...bookmark };
  }

  /** Deleting one that no longer exists succeeds. */
  delete(id: number): void {
    this.#connection.write((db) => db.run('DELETE FROM bookmark WHERE id = ?', id));
  }
}

function toBookmark(row: Row): Bookmark {
  return {
    id: id(row, 'id'),
    snapshot: id(row, 'snapshot'),
    node: whole(row, 'node', 0, 2 ** 32),
    note: shown(row, 'note', PROSE),
    label: shown(row, 'label', LINE),
  };
}
