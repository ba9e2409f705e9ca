import { setImmediate } from 'node:timers/promises';
import type { ProcessId, SessionId, SnapshotId, SnapshotRow } from '../../../src-preload/contract/index.ts';
import { LINE, text, whole } from './cells.ts';
import type { CopyTarget } from './copy-target.ts';
import { readable } from './lost-rows.ts';
import { insertPieceRow, pieceRows } from './pieces.ts';
import { readPlan, writePlan } from './snapshot-plan.ts';
import { insertSnapshot, toSnapshot } from './snapshot-rows.ts';
import type { Row, Sqlite } from './sqlite.ts';

/** Copies the snapshots of a session with their data, one piece per transaction. One that is still in progress is skipped. */
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
  const sql = "SELECT * FROM snapshot WHERE session = ? AND deleted <> 1 AND state IN ('ready', 'failed') ORDER BY id";
  for (const { row, ...facts } of [...readable(source().iterate(sql, from), withFacts, 'snapshot')]) {
    const copy = { ...row, session: to, process: mapped(row.process) };
    const id = target.write(() => insertSnapshot(target.database(), copy, facts));
    for (const piece of pieceRows(source, 'snapshot', row.id)) {
      target.write(() => insertPieceRow(target.database(), { kind: 'snapshot', id }, piece));
      await setImmediate();
      signal.throwIfAborted();
    }
    target.write(() => copyBookmarks(source(), target.database(), row.id, id));
  }
}

function withFacts(cells: Row): { row: SnapshotRow; uuid: string; chunks: number } {
  return { row: toSnapshot(cells), uuid: text(cells, 'uuid', LINE), chunks: whole(cells, 'chunks') };
}

function copyBookmarks(source: Sqlite, db: Sqlite, from: SnapshotId, to: SnapshotId): void {
  for (const row of source.all('SELECT * FROM bookmark WHERE snapshot = ? ORDER BY id', from))
    db.run('INSERT INTO bookmark (snapshot, node, note, label) VALUES (?, ?, ?, ?)', to, row['node']!, row['note']!, row['label']!);
}
