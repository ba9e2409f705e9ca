import { setImmediate } from 'node:timers/promises';
import type { ConsolePart, ProcessId, Progress, SeriesId, SessionId } from '../../../src-preload/contract/index.ts';
import { copyAllocations } from './allocation-copy.ts';
import { or } from './cells.ts';
import { insertConsole, readParts, storedConsole } from './console-rows.ts';
import type { CopyTarget } from './copy-target.ts';
import { readable } from './lost-rows.ts';
import { purgeSession } from './recover.ts';
import { toEvent } from './rows.ts';
import { insertChunkIndex, insertFragment, readFragmentRow, readIndexRow } from './sample-tables.ts';
import { copySnapshots } from './snapshot-copy.ts';
import { getConsoleInfo, getSession, insertSession, listProcesses, listSeries } from './sessions.ts';
import { blob, number, type Row, type Sqlite } from './sqlite.ts';
import { writeEvent, writeProcess, writeSeries } from './writer.ts';

/** Chunks or rows between two yields to the event loop. */
const BATCH = 256;
const CONSOLE_BATCH = 4 * 1024 * 1024;

/**
 * Copies sessions from one file into another, where each gets new numbers. A session is hidden until it is complete; it is copied in short
 * transactions, so that the target may record at the same time; an interrupted copy is purged like a deleted session. A session that exists
 * there already (same uuid) is skipped. Returns how many were copied.
 */
export async function copyAll(
  source: () => Sqlite,
  target: CopyTarget,
  ids: readonly SessionId[],
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<number> {
  let copied = 0;
  for (const [i, id] of ids.entries()) {
    signal.throwIfAborted();
    onProgress({ done: i / ids.length, step: 'copy' });
    const { uuid } = getSession(source(), id, 'interrupted');
    if (target.database().get('SELECT id FROM session WHERE uuid = ? AND deleted <> 1', uuid) !== undefined) continue;
    await copySession(source, target, id, signal);
    copied++;
  }
  onProgress({ done: 1, step: 'copy' });
  return copied;
}

async function copySession(source: () => Sqlite, target: CopyTarget, id: SessionId, signal: AbortSignal): Promise<void> {
  const session = target.ids.next('session');
  try {
    const { series, processes } = target.write(() => copyHead(source(), target, id, session));
    for (const [from, to] of series) await inBatches(target, chunkRows(source, from), (db, chunk) => copyChunk(db, to, chunk), signal);
    const fragments = fragmentRows(source(), series);
    await inBatches(target, fragments, (db, row) => copyFragment(db, series.get(number(row, 'series'))!, row), signal);
    await inBatches(target, consoleParts(source, id), (db, part) => insertConsole(db, session, part), signal);
    const mapped = (process: ProcessId): ProcessId => processes.get(process) ?? process;
    await copySnapshots(source, target, id, session, mapped, signal);
    await copyAllocations(source, target, id, session, mapped, signal);
    target.write(() => target.database().run('UPDATE session SET deleted = 0 WHERE id = ?', session));
  } catch (thrown) {
    target.write(() => purgeSession(target.database(), session));
    throw thrown;
  }
}

/** New numbers by old ones. */
interface Renumbered {
  series: Map<SeriesId, SeriesId>;
  processes: Map<ProcessId, ProcessId>;
}

/** Everything of a session except its samples, its console and its snapshots. */
function copyHead(source: Sqlite, target: CopyTarget, id: SessionId, session: SessionId): Renumbered {
  const { ids } = target;
  const db = target.database();
  const console = getConsoleInfo(source, id);
  const row = { ...getSession(source, id, 'interrupted'), id: session };
  const consoleLimit = source.number('SELECT console_limit FROM session WHERE id = ?', id);
  insertSession(db, { row, columns: console.columns, rows: console.rows, consoleLimit }, console, true);
  const processes = new Map(listProcesses(source, id).map((process) => [process.id, { ...process, id: ids.next('process'), session }]));
  const mapped = (process: ProcessId | null): ProcessId | null => (process === null ? null : (processes.get(process)?.id ?? null));
  for (const process of processes.values()) writeProcess(db, { ...process, parent: mapped(process.parent) });
  const events = source.iterate('SELECT * FROM event WHERE session = ? ORDER BY id', id);
  for (const event of readable(events, toEvent, 'event'))
    writeEvent(db, { ...event, id: ids.next('event'), session, process: mapped(event.process) });
  const series = listSeries(source, id).map((known) => ({ ...known, copy: ids.next('series') }));
  for (const { copy, process, metric } of series) writeSeries(db, session, copy, mapped(process), metric);
  return {
    series: new Map(series.map((known) => [known.id, known.copy])),
    processes: new Map([...processes].map(([known, { id: copy }]) => [known, copy])),
  };
}

async function inBatches<T>(
  target: CopyTarget,
  items: Iterable<T>,
  copy: (db: Sqlite, item: T) => void,
  signal: AbortSignal,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  for (let more = true; more;) {
    const batch: T[] = [];
    while (batch.length < BATCH && more) {
      const step = iterator.next();
      if (step.done === true) more = false;
      else batch.push(step.value);
    }
    if (batch.length > 0) target.write(() => batch.forEach((item) => copy(target.database(), item)));
    await setImmediate();
    signal.throwIfAborted();
  }
}

/** Row by row through separate queries: an open one would hold the source's state over the pauses. */
function* chunkRows(source: () => Sqlite, series: SeriesId): Generator<Row> {
  const sql =
    'SELECT chunk_index.*, chunk.data FROM chunk_index JOIN chunk USING (id) WHERE series = ? AND first > ? AND first < 9007199254740992 ORDER BY first LIMIT 1';
  for (let row = source().get(sql, series, -1); row !== undefined; row = source().get(sql, series, number(row, 'first'))) yield row;
}

function* consoleParts(source: () => Sqlite, session: SessionId): Generator<ConsolePart> {
  for (let from = 0; ;) {
    const batch = readParts(storedConsole(source(), session, from), from, CONSOLE_BATCH);
    yield* batch;
    const last = batch.at(-1);
    if (last === undefined) return;
    from = last.offset + last.data.length;
  }
}

function fragmentRows(source: Sqlite, series: ReadonlyMap<SeriesId, SeriesId>): Row[] {
  return [...source.iterate('SELECT * FROM fragment ORDER BY id')].filter((row) => series.has(row['series'] as number));
}

/**
 * The checksum of the index includes the row's numbers and is computed again; that of the samples stays, so that damage stays detectable.
 */
function copyChunk(db: Sqlite, series: SeriesId, row: Row): void {
  const index = or(null, () => readIndexRow(row));
  if (index === null) return;
  const { id } = db.run('INSERT INTO chunk (data) VALUES (?)', blob(row, 'data'));
  insertChunkIndex(db, series, { ...index.entry, id }, index.summary, index.blocks);
}

function copyFragment(db: Sqlite, series: SeriesId, row: Row): void {
  const fragment = or(null, () => readFragmentRow(row));
  if (fragment !== null) insertFragment(db, series, fragment.first, fragment);
}
