import { z } from 'zod';
import type {
  CaptureMethod,
  ErrorCode,
  ErrorData,
  SnapshotId,
  SnapshotRow,
  SnapshotState,
  SnapshotTrigger,
} from '../../../src-preload/contract/index.ts';
import { HIGHEST_PID, parse, toJson } from './rows.ts';
import { figure, id, LINE, or, PROSE, shown, textOrNull, time, whole } from './cells.ts';
import type { Row, Sqlite, Value } from './sqlite.ts';

const triggerSchema = z.enum(['user', 'interval', 'rss', 'growth', 'mark', 'exit', 'program']) satisfies z.ZodType<SnapshotTrigger>;
const stateSchema = z.enum(['capturing', 'importing', 'ready', 'failed']) satisfies z.ZodType<SnapshotState>;
const methodSchema = z.enum(['fork', 'in-place', 'python', 'census']) satisfies z.ZodType<CaptureMethod>;

/** Error codes that a file may store for a failed snapshot. Any other code becomes `snapshot.failed`. */
const codeSchema = z.enum([
  'snapshot.failed',
  'snapshot.killed',
  'snapshot.cancelled',
  'snapshot.interrupted',
  'snapshot.cut',
  'snapshot.damaged',
  'snapshot.newer',
  'snapshot.limit',
  'snapshot.no-space',
  'snapshot.too-large',
  'snapshot.unanswered',
  'agent.gone',
  'agent.closed',
  'agent.timeout',
  'agent.failed',
  'recording.disk-full',
  'recording.write-failed',
  'file.missing',
  'file.forbidden',
  'machine.open-files',
  'internal',
]) satisfies z.ZodType<ErrorCode>;
const errorSchema = z.object({
  code: codeSchema.catch('snapshot.failed'),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** A row of the table, as the contract's type. Throws `BadCell`. */
export function toSnapshot(row: Row): SnapshotRow {
  const state = stateSchema.safeParse(row['state']).data ?? 'failed';
  const pid = whole(row, 'pid', 0, HIGHEST_PID);
  const error = parse<ErrorData>(errorSchema, row['error']);
  return {
    id: id(row, 'id'),
    session: id(row, 'session'),
    process: id(row, 'process'),
    pid,
    t: time(row, 't'),
    name: shown(row, 'name', LINE),
    note: shown(row, 'note', PROSE),
    trigger: triggerSchema.safeParse(row['asked_by']).data ?? 'user',
    state,
    error: state === 'failed' ? (error ?? { code: 'snapshot.failed', facts: { pid, detail: '' } }) : null,
    method: methodSchema.safeParse(row['method']).data ?? null,
    methodReason: shown(row, 'method_reason', LINE),
    collected: row['collected'] === 1,
    previews: row['previews'] === 1,
    frames: or(0, () => whole(row, 'frames')),
    python: or(null, () => textOrNull(row, 'python', LINE)),
    pause: figure(row, 'pause'),
    captureTime: figure(row, 'capture_time'),
    importTime: figure(row, 'import_time'),
    dumpBytes: figure(row, 'dump_bytes'),
    storedBytes: figure(row, 'stored_bytes'),
    objects: figure(row, 'objects'),
    tracked: figure(row, 'tracked'),
    references: figure(row, 'refs'),
    size: figure(row, 'size'),
    garbage: figure(row, 'garbage'),
    rss: figure(row, 'rss'),
  };
}

/** Inside a transaction. `uuid` is kept in a copy; `chunks` is the number of its pieces. Returns its number. */
export function insertSnapshot(db: Sqlite, row: Omit<SnapshotRow, 'id'>, o: { uuid: string; chunks: number }): SnapshotId {
  const cells: Record<string, Value> = { session: row.session, process: row.process, pid: row.pid, ...cellsOf(row), ...o, deleted: 0 };
  const names = Object.keys(cells);
  const sql = `INSERT INTO snapshot (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  return db.run(sql, ...Object.values(cells)).id;
}

/** Inside a transaction: all columns that can change. */
export function rewriteSnapshot(db: Sqlite, row: SnapshotRow): void {
  const cells = cellsOf(row);
  const sql = `UPDATE snapshot SET ${Object.keys(cells)
    .map((name) => `${name} = ?`)
    .join(', ')} WHERE id = ?`;
  db.run(sql, ...Object.values(cells), row.id);
}

function cellsOf(row: Omit<SnapshotRow, 'id'>): Record<string, Value> {
  return {
    t: Math.max(0, Math.round(row.t)),
    name: row.name,
    note: row.note,
    asked_by: row.trigger,
    state: row.state,
    error: toJson(row.error),
    method: row.method,
    method_reason: row.methodReason,
    collected: row.collected ? 1 : 0,
    previews: row.previews ? 1 : 0,
    frames: row.frames,
    python: row.python,
    pause: row.pause,
    capture_time: row.captureTime,
    import_time: row.importTime,
    dump_bytes: row.dumpBytes,
    stored_bytes: row.storedBytes,
    objects: row.objects,
    tracked: row.tracked,
    refs: row.references,
    size: row.size,
    garbage: row.garbage,
    rss: row.rss,
  };
}
