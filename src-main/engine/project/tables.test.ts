import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IdCounter } from './ids.ts';
import {
  deleteLoosePieces,
  deletePieces,
  insertInParts,
  insertPiece,
  insertPieceRow,
  listPieces,
  pieceRows,
  readAllParts,
  readPiece,
} from './pieces.ts';
import { deleteFragments, insertChunk, insertFragment, readChunk, readFragmentRow, readIndexRow } from './sample-tables.ts';
import { createSchema } from './schema.ts';
import { Sqlite } from './sqlite.ts';

let db: Sqlite;
beforeEach(() => {
  db = new Sqlite(':memory:');
  createSchema(db);
});
afterEach(() => db.close());

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i % 251);

describe('big data in pieces', () => {
  const PART = 4 * 1024 * 1024;
  const owner = { kind: 'snapshot', id: 1, uuid: 'u1' } as const;
  const other = { kind: 'snapshot', id: 2, uuid: 'u2' } as const;

  it.each([
    [0, [0]],
    [1, [1]],
    [PART, [PART]],
    [PART + 1, [PART, 1]],
    [2 * PART, [PART, PART]],
  ])('of %d bytes are as few as there can be, and come back whole', (length, parts) => {
    const data = bytes(length);
    insertInParts(db, owner, 'tables', data);
    expect(listPieces(db, owner)).toEqual(parts.map((size, part) => ({ name: 'tables', part, bytes: size })));
    expect(Buffer.from(readAllParts(db, owner, 'tables')!).equals(data)).toBe(true);
  });

  it('are none where one is missing, damaged or in another’s place', () => {
    expect([readAllParts(db, owner, 'tables'), readPiece(db, owner, 'tables', 0)]).toEqual([null, null]);
    for (const part of [0, 1]) insertPiece(db, owner, 'type', part, Uint8Array.of(part));
    insertPiece(db, owner, 'size', 0, Uint8Array.of(0));
    expect([...readAllParts(db, owner, 'type')!]).toEqual([0, 1]);
    db.run("UPDATE piece SET name = 'odd' WHERE name = 'size'");
    expect(readPiece(db, owner, 'odd', 0)).toBeNull();
    db.run("UPDATE piece SET part = 1 - part WHERE name = 'type'");
    expect([readPiece(db, owner, 'type', 0), readAllParts(db, owner, 'type')]).toEqual([null, null]);
    db.run("UPDATE piece SET part = 1 - part, owner = 2 WHERE name = 'type'");
    expect(readPiece(db, other, 'type', 0)).toBeNull();
    db.run("UPDATE piece SET data = x'05', owner = 1 WHERE name = 'type' AND part = 1");
    expect(readPiece(db, owner, 'type', 1)).toBeNull();
  });

  it('go with their owner, and where they have none', () => {
    for (const each of [owner, other]) insertPiece(db, each, 'type', 0, Uint8Array.of(1));
    deletePieces(db, 'snapshot', 1);
    expect([listPieces(db, owner), listPieces(db, other)]).toEqual([[], [{ name: 'type', part: 0, bytes: 1 }]]);
    db.run(
      `INSERT INTO snapshot (id, session, process, pid, t, name, note, asked_by, state, method_reason, collected, previews, frames, uuid, chunks, deleted)
       VALUES (1, 1, 1, 1, 1, '', '', 'user', 'ready', '', 0, 0, 0, 'u1', 1, 0)`,
    );
    insertPiece(db, owner, 'type', 0, Uint8Array.of(1));
    db.run("INSERT INTO piece (kind, owner, name, part, length, crc, data) VALUES ('nobody', 1, 'x', 0, 0, 0, x'')");
    deleteLoosePieces(db);
    expect(db.all('SELECT kind, owner FROM piece')).toEqual([{ kind: 'snapshot', owner: 1 }]);
  });

  it('are the same in a copy, in the order in which they were written', () => {
    const names = ['b', 'a', 'c'];
    for (const name of names) insertPiece(db, owner, name, 0, Buffer.from(name));
    const rows = [...pieceRows(() => db, 'snapshot', 1)];
    expect(rows.map(({ name }) => name)).toEqual(names);
    expect([...pieceRows(() => db, 'snapshot', 2)]).toEqual([]);
    for (const row of rows) insertPieceRow(db, { kind: 'snapshot', id: 5 }, row);
    expect(listPieces(db, { kind: 'snapshot', id: 5 }).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(names.map((name) => String(Buffer.from(readPiece(db, { ...owner, id: 5 }, name, 0)!)))).toEqual(names);
  });
});

describe('samples in their tables', () => {
  const samples = { t: Float64Array.of(1, 2, 5), values: Float64Array.of(7, NaN, 9) };

  it('come back from a chunk and from a fragment, until that is deleted', () => {
    const entry = insertChunk(db, 3, 4096, samples, Uint8Array.of(1), 2);
    expect(readIndexRow(db.get('SELECT * FROM chunk_index')!)).toEqual({ series: 3, entry, blocks: 2, summary: Uint8Array.of(1) });
    expect([entry.first, entry.n, readChunk(db, entry)]).toEqual([4096, 3, samples]);
    const ids = [0, 3, 6].map((first) => insertFragment(db, 3, first, samples));
    expect(readFragmentRow(db.get('SELECT * FROM fragment WHERE id = ?', ids[1]!)!)).toEqual({ first: 3, ...samples });
    deleteFragments(db, [ids[0]!, ids[2]!]);
    expect(db.all('SELECT id FROM fragment')).toEqual([{ id: ids[1] }]);
  });
});

describe('numbers of rows', () => {
  const addEvent = (id: number): void =>
    void db.run("INSERT INTO event (id, session, process, t, kind, facts) VALUES (?, 1, NULL, 0, 'mark', '{}')", id);

  it('count from one in each table, and do not come back when rows are deleted', () => {
    const ids = new IdCounter(db);
    expect([ids.next('event'), ids.next('event'), ids.next('session')]).toEqual([1, 2, 1]);
    for (const id of [1, 2]) addEvent(id);
    db.run('DELETE FROM event');
    expect([new IdCounter(db).next('event'), ids.next('event')]).toEqual([3, 3]);
  });

  it('go on behind what another process wrote', () => {
    const ids = new IdCounter(db);
    addEvent(9);
    ids.reload(db);
    expect(ids.next('event')).toBe(10);
    db.run("UPDATE sqlite_sequence SET seq = 4 WHERE name = 'event'");
    ids.reload(db);
    expect(ids.next('event')).toBe(10);
  });
});

describe('a connection', () => {
  it('gives numbers as they are, and one that no double holds as what no reader takes', () => {
    const sql = 'SELECT 9007199254740991 AS safe, 9007199254740993 AS large, -9007199254740993 AS low';
    const row = { safe: 9_007_199_254_740_991, large: 9_007_199_254_740_993n, low: -9_007_199_254_740_993n };
    expect([db.get(sql), db.all(sql), [...db.iterate(sql)]]).toEqual([row, [row], [row]]);
    expect(db.get('SELECT 1 AS safe')).toEqual({ safe: 1 });
    expect(db.get(sql)).toEqual(row);
  });

  it('answers with one number, and with none where there is none', () => {
    expect([db.number('SELECT 7'), db.number("SELECT 'x'"), db.number('SELECT 1 WHERE 0'), db.number('SELECT ?', 5)]).toEqual([7, 0, 0, 5]);
    expect(db.get('SELECT 1 WHERE 0')).toBeUndefined();
  });

  it('writes all of a transaction or nothing', () => {
    expect(db.transaction(() => db.run("INSERT INTO meta (key, value) VALUES ('a', '1')").changes)).toBe(1);
    expect(() =>
      db.transaction(() => {
        db.run("INSERT INTO meta (key, value) VALUES ('b', '2')");
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(db.all('SELECT key FROM meta')).toEqual([{ key: 'a' }]);
    db.close();
    expect(() => db.close()).not.toThrow();
  });
});
