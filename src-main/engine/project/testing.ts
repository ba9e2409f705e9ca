import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LaunchSpec, ProcessId, SeriesId, SessionId, SnapshotId, SnapshotRow } from '../../../src-preload/contract/index.ts';
import { silentLog } from '../base/log.ts';
import { ProjectFile, type NewSession } from './project-file.ts';
import type { SessionWriter } from './writer.ts';

/** Builders for tests of project files, here and in the rooms that record. */

export const LAUNCH: LaunchSpec = {
  mode: 'script',
  interpreter: '',
  target: 'leaky.py',
  args: ['--fast'],
  cwd: '/srv',
  env: { DEBUG: '1', PAGER: null },
  intervalMs: 100,
  tracemallocFrames: 5,
  sampling: 0,
};

export function newSession(patch: Partial<NewSession> = {}): NewSession {
  return {
    name: 'leaky',
    program: 'python leaky.py',
    origin: { kind: 'launched', spec: LAUNCH },
    interpreter: null,
    startedAt: 1_700_000_000_000,
    columns: 80,
    rows: 24,
    consoleLimit: 8 * 1024 * 1024,
    ...patch,
  };
}

/** A folder that is removed after the test. */
export class TestFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'heapscope-project-'));

  file(name: string): string {
    return join(this.path, name);
  }

  create(name = 'a.heapscope', untitled = false): ProjectFile {
    return ProjectFile.create(this.file(name), { untitled, log: silentLog });
  }

  open(name = 'a.heapscope', untitledIn = this.file('recovered')): ProjectFile {
    return ProjectFile.open(this.file(name), { log: silentLog, untitledIn });
  }

  remove(name: string): void {
    rmSync(this.file(name), { force: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The value of a test series at sample `i`: it encodes series and position, so that a wrong one is detected. */
export function valueAt(series: SeriesId, i: number): number {
  return series * 1_000_000 + ((i * 7919) % 100_003) * 8;
}

/** Records `samples` of each of `count` series at 10 Hz, flushed every five. */
export function recordSeries(writer: SessionWriter, count: number, samples: number, from = 0): SeriesId[] {
  const ids = Array.from({ length: count }, (_, k) => writer.addSeries(null, `metric_${k}`));
  for (let i = from; i < from + samples; i++) {
    ids.forEach((id, k) => writer.append(id, i * 100, valueAt(k, i)));
    if (i % 5 === 4) writer.flush();
  }
  return ids;
}

/** Every sample of a series, as [time, value]. */
export function allSamples(project: ProjectFile, series: SeriesId): [number, number][] {
  const found: [number, number][] = [];
  for (let from = 0; ;) {
    const [part] = project.series.window({ series: [series], from, to: from + 819_199, buckets: 8192 });
    if (part?.raw !== true) throw new Error('expected raw samples');
    part.t.forEach((t, i) => {
      if (t >= from && t < from + 819_200) found.push([t, part.lo[i]!]);
    });
    from += 819_200;
    if (!(part.t.at(-1)! >= from)) return found;
  }
}

export function metricsOf(project: ProjectFile, session: SessionId): SeriesId[] {
  return project.series.list(session).map(({ id }) => id);
}

/** A snapshot that is being captured. */
export function newSnapshot(session: SessionId, process: ProcessId, patch: Partial<SnapshotRow> = {}): Omit<SnapshotRow, 'id'> {
  return {
    session,
    process,
    pid: 10,
    t: 1000,
    name: 'first',
    note: '',
    trigger: 'user',
    state: 'capturing',
    error: null,
    method: null,
    methodReason: '',
    collected: false,
    previews: false,
    frames: 0,
    python: null,
    pause: null,
    captureTime: null,
    importTime: null,
    dumpBytes: null,
    storedBytes: null,
    objects: null,
    tracked: null,
    references: null,
    size: null,
    garbage: null,
    rss: null,
    ...patch,
  };
}

/** A ready snapshot of `objects` objects in two columns. */
export async function addReadySnapshot(project: ProjectFile, session: SessionId, process: ProcessId, objects = 100): Promise<SnapshotRow> {
  const { id } = project.snapshots.add(newSnapshot(session, process));
  for (const [name, chunk] of [
    ['type', 0],
    ['type', 1],
    ['size', 0],
  ] as const) {
    await project.snapshots.addColumn(id, { name, chunk, data: columnBytes(name, chunk, objects) });
  }
  const types = [{ module: 'app', name: 'User', count: objects, shallow: objects * 48, retained: objects * 100 }];
  return project.snapshots.complete(id, {
    patch: { objects, size: objects * 48, method: 'fork' },
    types,
    tables: columnBytes('tables', 0, objects),
  });
}

export function columnBytes(name: string, chunk: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + name.length * 7 + chunk) & 0xff);
}

/** All data of a ready snapshot, piece by piece. */
export async function readSnapshot(project: ProjectFile, id: SnapshotId): Promise<{ name: string; chunk: number; data: Uint8Array }[]> {
  const pieces = [];
  for await (const piece of project.snapshots.stored(id).columns()) pieces.push(piece);
  return pieces;
}

/** A file with one session that we made, and a similar one with other numbers. */
export function makeSessions(path: string, count: number): void {
  const file = ProjectFile.create(path, { untitled: false, log: silentLog });
  file.newSession(newSession()).finish({ state: 'ended', exit: null, duration: 5000 });
  file.close();
  const db = new DatabaseSync(path);
  const columns = db
    .prepare("SELECT group_concat(name, ', ') AS names FROM pragma_table_info('session') WHERE name NOT IN ('id', 'uuid')")
    .get();
  const names = String(columns!['names']);
  db.exec(`INSERT INTO session (uuid, ${names}) WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    SELECT printf('00000000-0000-4000-8000-%012d', i), ${names} FROM n, session WHERE session.id = 1`);
  db.close();
}
