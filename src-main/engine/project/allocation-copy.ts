import { setImmediate } from 'node:timers/promises';
import type { ProcessId, SessionId } from '../../../src-preload/contract/index.ts';
import { toTrack } from './allocation-store.ts';
import { writeTrack } from './allocation-track.ts';
import type { CopyTarget } from './copy-target.ts';
import { readable } from './lost-rows.ts';
import { insertPieceRow, pieceRows } from './pieces.ts';
import type { Sqlite } from './sqlite.ts';

/** Copies the sampled allocations of a session, one piece per transaction. */
export async function copyAllocations(
  source: () => Sqlite,
  target: CopyTarget,
  from: SessionId,
  to: SessionId,
  mapped: (process: ProcessId) => ProcessId,
  signal: AbortSignal,
): Promise<void> {
  const rows = source().iterate('SELECT * FROM allocation_track WHERE session = ? ORDER BY id', from);
  for (const row of [...readable(rows, toTrack, 'allocation_track')]) {
    const id = target.ids.next('allocation_track');
    target.write(() => writeTrack(target.database(), { ...row, id, session: to, process: mapped(row.process) }));
    for (const piece of pieceRows(source, 'allocations', row.id)) {
      target.write(() => insertPieceRow(target.database(), { kind: 'allocations', id }, piece));
      await setImmediate();
      signal.throwIfAborted();
    }
  }
}
