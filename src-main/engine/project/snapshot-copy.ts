import { setImmediate } from 'node:timers/promises';
import type { ProcessId, SessionId, SnapshotId, SnapshotRow } from '../../../src-preload/contract/index.ts';
import { LINE, text, whole } from './cells.ts';
import type { CopyTarget } from './copy-target.ts';
import { readable } from './lost-rows.ts';
import { readPlan, writePlan } from './snapshot-plan.ts';
import { insertSnapshot, toSnapshot } from './snapshot-rows.ts';
import { number, type Row, type Sqlite } from './sqlite.ts';

/**
 * Copies the snapshots of a session with what is kept of them, one piece a transaction. One that is still being made is passed
 * over. Pieces are copied as they are, checksum included, so that damage stays visible.
 */
export async function copySnapshots(
  source: () => Sqlite,
  target: CopyTarget,
  from: SessionId,
  to: SessionId,
  mapped: (process: ProcessId) => ProcessId,
  signal: AbortSignal,
): Promise<void> {
  const plan = readPlan(source(), from);
  if (plan !== null) target.write(() => writePlan(target.database(), to, plan));
  const sql = "SELECT * FROM snapshot WHERE session = ? AND deleted = 0 AND state IN ('ready', 'failed') ORDER BY id";
  for (const { row, ...facts } of [...readable(source().iterate(sql, from), withFacts, 'snapshot')]) {
    const copy = { ...row, session: to, process: mapped(row.process) };
    const id = target.write(() => insertSnapshot(target.database(), copy, facts));
    for (const chunk of chunks(source, row.id)) {
      target.write(() => copyChunk(target.database(), id, chunk));
      await setImmediate();
      signal.throwIfAborted();
    }
    target.write(() => copyBookmarks(source(), target.database(), row.id, id));
  }
}

function withFacts(cells: Row): { row: SnapshotRow; uuid: string; chunks: number } {
  return { row: toSnapshot(cells), uuid: text(cells, 'uuid', LINE), chunks: whole(cells, 'chunks') };
}

/** Row by row through queries of their own: an open one would hold the source's state over the pauses. */
function* chunks(source: () => Sqlite, snapshot: SnapshotId): Generator<Row> {
  const sql = 'SELECT * FROM snapshot_chunk WHERE snapshot = ? AND id > ? ORDER BY id LIMIT 1';
  for (let row = source().get(sql, snapshot, 0); row !== undefined; row = source().get(sql, snapshot, number(row, 'id'))) yield row;
}

function copyChunk(db: Sqlite, snapshot: SnapshotId, row: Row): void {
  const sql = 'INSERT INTO snapshot_chunk (snapshot, name, part, length, crc, data) VALUES (?, ?, ?, ?, ?, ?)';
  db.run(sql, snapshot, row['name']!, row['part']!, row['length']!, row['crc']!, row['data']!);
}

function copyBookmarks(source: Sqlite, db: Sqlite, from: SnapshotId, to: SnapshotId): void {
  for (const row of source.all('SELECT * FROM bookmark WHERE snapshot = ? ORDER BY id', from))
    db.run('INSERT INTO bookmark (snapshot, node, note, label) VALUES (?, ?, ?, ?)', to, row['node']!, row['note']!, row['label']!);
}
