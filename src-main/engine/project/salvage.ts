import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DamageReport, SessionId } from '../../../src-preload/contract/index.ts';
import { HeapscopeError, messageOf } from '../base/errors.ts';
import { HIGHEST_ID, or } from './cells.ts';
import { rowChecksum } from './chunk-codec.ts';
import { filesBeside } from './companions.ts';
import { DamagedFile, versionInHeader } from './header.ts';
import { closeFile, createFile, fileError } from './open.ts';
import { openReadOnly } from './read-only.ts';
import { deleteLoosePieces } from './pieces.ts';
import { NO_ORIGIN } from './rows.ts';
import { readIndexRow } from './sample-tables.ts';
import { soundTables } from './schema.ts';
import { insertSession } from './sessions.ts';
import { blob, isCorrupt, number, sqliteCode, type Row, type Sqlite, type Value } from './sqlite.ts';
import { applySteps, UPGRADERS } from './upgraders.ts';

/** After this many unreadable places in one table the rest of it is given up. */
const MOST_HOLES = 10_000;
const CONSTRAINT = 19;

/**
 * Copies the readable content of a damaged file into a new untitled one in the folder `into`. The damaged file is only read. Throws
 * `project.damaged` if no session can be read.
 */
export function salvage(path: string, into: string, detail: string): { path: string; damage: DamageReport } {
  const recovered = freePath(path, into);
  const version = versionInHeader(path);
  // Of the same version, so that rows are copied unchanged; the upgrade steps then change them like those of an intact file.
  const target = createFile(recovered, true, UPGRADERS.slice(0, version - 1));
  let report: Omit<DamageReport, 'path' | 'detail'>;
  try {
    report = fill(path, target.db, version);
    closeFile(target);
  } catch (thrown) {
    closeFile(target);
    for (const file of [recovered, ...filesBeside(recovered)]) rmSync(file, { force: true });
    if (thrown instanceof DamagedFile || isCorrupt(thrown))
      throw new HeapscopeError('project.damaged', { path, detail: `${detail}; ${messageOf(thrown)}` }, thrown);
    throw fileError(thrown, recovered);
  }
  return { path: recovered, damage: { path, detail, ...report } };
}

function freePath(path: string, into: string): string {
  const name = shortened(basename(path).replace(/\.heapscope$/, ''));
  try {
    mkdirSync(into, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw new HeapscopeError('file.forbidden', { path: into, detail: messageOf(thrown) }, thrown);
  }
  for (let i = 1; ; i++) {
    const candidate = join(into, `${name} (recovered${i === 1 ? '' : ` ${i}`}).heapscope`);
    if (!existsSync(candidate)) return candidate;
  }
}

/** Leaves room for appended numbers. */
function shortened(name: string): string {
  let short = name;
  while (Buffer.byteLength(short) > 200) short = [...short].slice(0, -1).join('');
  return short;
}

function fill(path: string, target: Sqlite, version: number): Omit<DamageReport, 'path' | 'detail'> {
  const source = openReadOnly(path, true);
  try {
    const { sound, missing } = soundTables(source, version);
    return target.transaction(() => {
      // `meta` describes the file, not its content.
      const read = sound.filter((table) => table !== 'meta').map((table) => ({ table, rows: copyTable(source, target, table) }));
      const lost = [...read, ...missing.map((table) => ({ table, rows: 1 }))];
      applySteps(target, version);
      const lostSamples = dropBrokenChunks(target) + dropOrphans(target);
      dropLooseSnapshots(target);
      adoptOrphans(target);
      const sessionsRead = target.number('SELECT count(*) FROM session WHERE deleted <> 1');
      if (sessionsRead === 0) throw new DamagedFile('no session can be read');
      return { sessionsRead, lost: lost.filter(({ rows }) => rows > 0), lostSamples };
    });
  } finally {
    source.close();
  }
}

/** Copies the rows that can be read; returns how many could not, as far as their numbers tell. */
function copyTable(source: Sqlite, target: Sqlite, table: string): number {
  const columns = target.all(`PRAGMA table_info(${table})`).map((row) => String(row['name']));
  const insert = `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
  const losses = { rows: 0 };
  for (const row of readableRows(source, table, losses)) {
    if (
      !insertRow(
        target,
        insert,
        columns.map((column) => row[column] ?? null),
      )
    )
      losses.rows++;
  }
  return losses.rows;
}

function insertRow(target: Sqlite, sql: string, values: Value[]): boolean {
  try {
    return target.run(sql, ...values).changes === 1;
  } catch (thrown) {
    if (sqliteCode(thrown) === CONSTRAINT) return false;
    throw thrown;
  }
}

/**
 * The rows of a table in ascending order, skipping what cannot be read. Row numbers must increase: a tree with mixed-up pages could
 * otherwise lead to an endless loop.
 */
function* readableRows(db: Sqlite, table: string, losses: { rows: number }): Generator<Row> {
  losses.rows += outside(db, table);
  let from = 1;
  for (let holes = 0; holes < MOST_HOLES; holes++) {
    try {
      for (const row of db.iterate(`SELECT * FROM ${table} WHERE rowid >= ? AND rowid <= ? ORDER BY rowid`, from, HIGHEST_ID)) {
        const id = number(row, 'id');
        if (id < from) break;
        yield row;
        from = id + 1;
      }
    } catch (thrown) {
      if (!isCorrupt(thrown)) throw thrown;
    }
    const hole = holeAt(db, table, from);
    losses.rows += hole.lost;
    if (hole.next === null) return;
    from = hole.next;
  }
}

/** Rows whose number is not one of ours. */
function outside(db: Sqlite, table: string): number {
  try {
    return db.number(`SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE rowid < 1 OR rowid > ? LIMIT ?)`, HIGHEST_ID, MOST_HOLES);
  } catch (thrown) {
    if (isCorrupt(thrown)) return 0;
    throw thrown;
  }
}

interface Hole {
  /** Number of the first row after it; null: there is none. */
  next: number | null;
  /** Number of rows in it, according to the numbers beside it. */
  lost: number;
}

/** Reading failed at `from` or later. Finds the next readable row: doubling steps away from the hole, then bisecting back to its edge. */
function holeAt(db: Sqlite, table: string, from: number): Hole {
  const first = probe(db, table, from);
  if (first === 'end') return { next: null, lost: 0 };
  // Its number can be read, so the row exists, but its contents cannot.
  if (first !== 'unreadable') return { next: first + 1, lost: 1 };
  let bad = from;
  for (let step = 1; bad + step < HIGHEST_ID; step *= 2) {
    if (probe(db, table, bad + step) === 'unreadable') {
      bad += step;
      continue;
    }
    const next = edge(db, table, bad, bad + step);
    return next === null ? { next, lost: 1 } : { next, lost: next - from };
  }
  return { next: null, lost: 1 };
}

/** The lowest row that can be found between an unreadable place and a readable one. */
function edge(db: Sqlite, table: string, bad: number, good: number): number | null {
  while (good - bad > 1) {
    const middle = Math.floor((bad + good) / 2);
    if (probe(db, table, middle) === 'unreadable') bad = middle;
    else good = middle;
  }
  const found = probe(db, table, good);
  return typeof found === 'number' ? found : null;
}

function probe(db: Sqlite, table: string, from: number): number | 'end' | 'unreadable' {
  try {
    const row = db.get(`SELECT id FROM ${table} WHERE rowid >= ? AND rowid <= ? ORDER BY rowid LIMIT 1`, from, HIGHEST_ID);
    if (row === undefined) return 'end';
    const id = number(row, 'id');
    return id >= from ? id : 'unreadable';
  } catch (thrown) {
    if (isCorrupt(thrown)) return 'unreadable';
    throw thrown;
  }
}

/** Chunks and index rows that do not belong together or fail their checksum; returns how many stretches of samples they were. */
function dropBrokenChunks(target: Sqlite): number {
  const broken: number[] = [];
  for (const row of target.iterate('SELECT chunk_index.*, chunk.data FROM chunk_index LEFT JOIN chunk USING (id)')) {
    const index = or(null, () => readIndexRow(row));
    const whole = row['data'] !== null && index !== null && rowChecksum([], blob(row, 'data')) === index.entry.dataCrc;
    if (!whole) broken.push(number(row, 'id'));
  }
  for (const id of broken) target.run('DELETE FROM chunk_index WHERE id = ?', id);
  const loose = target.run('DELETE FROM chunk WHERE id NOT IN (SELECT id FROM chunk_index)').changes;
  return Math.max(broken.length, loose);
}

/** Samples of an unknown series cannot be shown. */
function dropOrphans(target: Sqlite): number {
  const orphans = target.run('DELETE FROM chunk_index WHERE series NOT IN (SELECT id FROM series)').changes;
  target.run('DELETE FROM chunk WHERE id NOT IN (SELECT id FROM chunk_index)');
  return orphans + target.run('DELETE FROM fragment WHERE series NOT IN (SELECT id FROM series)').changes;
}

/** Data of a snapshot whose row is lost is useless. A snapshot that has lost pieces reports it when it is opened. */
function dropLooseSnapshots(target: Sqlite): void {
  deleteLoosePieces(target);
  target.run('DELETE FROM bookmark WHERE snapshot NOT IN (SELECT id FROM snapshot)');
}

/** A session whose own row is lost still has its samples: it gets a placeholder row, and opening sets its duration. */
function adoptOrphans(target: Sqlite): void {
  const parts = ['process', 'series', 'event', 'console', 'snapshot', 'allocation_track']
    .map((table) => `SELECT session FROM ${table}`)
    .join(' UNION ');
  const sql = `SELECT session FROM (${parts}) WHERE session BETWEEN 1 AND ${HIGHEST_ID} AND session NOT IN (SELECT id FROM session)`;
  const orphans: SessionId[] = target.all(sql).map((row) => number(row, 'session'));
  for (const id of orphans) {
    const series = 'SELECT id FROM series WHERE session = ?';
    const count = (table: string): number => target.number(`SELECT sum(n) FROM ${table} WHERE series IN (${series})`, id);
    const total = target.number('SELECT max(start + length) FROM console WHERE session = ?', id);
    const row = {
      id,
      uuid: randomUUID(),
      name: `#${id}`,
      note: '',
      state: 'running' as const,
      program: '',
      origin: NO_ORIGIN,
      interpreter: null,
      startedAt: 0,
      duration: 0,
      peakRss: null,
      exit: null,
      processes: 0,
      samples: count('chunk_index') + count('fragment'),
      agent: false,
    };
    insertSession(target, { row, columns: 80, rows: 24, consoleLimit: total }, { total, cutFrom: 0, cut: 0, columns: 80, rows: 24 }, false);
  }
}
