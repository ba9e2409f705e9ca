import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { HeapscopeError } from '../base/errors.ts';
import type { ProjectFile } from './project-file.ts';
import { exercise } from './testing-exercise.ts';
import { addReadySnapshot, newSession, recordSeries, TestFolder } from './testing.ts';

const SAMPLES = 4200;

/** Two sessions with a row in every table; only rows of the second are damaged. */
async function twoSessions(): Promise<Buffer> {
  using folder = new TestFolder();
  const project = folder.create();
  for (const name of ['spared', 'spoilt']) {
    const writer = project.newSession(newSession({ name }));
    const root = writer.addProcess({ pid: 10, parent: null, command: 'python', python: '3.13', start: 0, agent: 'connected' });
    recordSeries(writer, 1, SAMPLES);
    writer.addEvent(root.id, 1000, 'mark', { name, source: 'program' });
    writer.appendConsole(1000, Buffer.from(`a line of ${name}\n`));
    writer.finish({ state: 'ended', exit: { code: 0, signal: null, outOfMemory: false }, duration: SAMPLES * 100 });
    const snapshot = await addReadySnapshot(project, writer.id, root.id);
    project.snapshots.setPlan(writer.id, {
      rules: { every: null, rssAbove: null, rssStep: null, atMark: null, atExit: true, limit: 3 },
      options: { method: 'auto', collectFirst: false, previews: false, redact: [], memoryLimit: null, joinPages: false },
    });
    project.bookmarks.set({ snapshot: snapshot.id, node: 3, note: 'look', label: 'User' });
    project.comparisons.save({ id: 0, name, runs: [], baseline: 0, align: { at: 'start' }, layout: 'overlay', metric: 'rss' });
  }
  project.close();
  const db = new DatabaseSync(folder.file('a.heapscope'));
  db.exec('INSERT INTO fragment (series, first, n, crc, data) VALUES (1, 4200, 1, 0, zeroblob(20)), (2, 4200, 1, 0, zeroblob(20))');
  db.close();
  return readFileSync(folder.file('a.heapscope'));
}

const whole = await twoSessions();

/** SQL of values that no cell of ours ever contains. NaN is not among them: SQLite stores it as NULL. */
const HOSTILE: Record<string, readonly string[]> = {
  INTEGER: ['9007199254740993', '-9223372036854775808', '9223372036854775807', '-1', '0'],
  REAL: ['9e999', '-9e999', '-1.5', '1e308'],
  TEXT: [
    "''",
    "printf('%.*c', 10000000, 'x')",
    "printf('%.*c', 100000, '[') || printf('%.*c', 100000, ']')",
    '\'{"a":9e999,"code":12345678901234567890}\'',
    "CAST(x'fffe80c0' AS TEXT)",
    'char(0, 27, 8238)',
  ],
  BLOB: ["x''", 'zeroblob(10000000)', "x'01'", 'randomblob(300)'],
};

interface Column {
  name: string;
  type: string;
}

function tables(): string[] {
  using folder = new TestFolder();
  writeFileSync(folder.file('a.heapscope'), whole);
  const db = new DatabaseSync(folder.file('a.heapscope'), { readOnly: true });
  const rows = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'").all();
  db.close();
  return rows.map((row) => String(row['name']));
}

function columnsOf(table: string): Column[] {
  using folder = new TestFolder();
  writeFileSync(folder.file('a.heapscope'), whole);
  const db = new DatabaseSync(folder.file('a.heapscope'), { readOnly: true });
  const columns = db.prepare(`PRAGMA table_info(${table})`).all();
  db.close();
  return columns.map((row) => ({ name: String(row['name']), type: String(row['type']) }));
}

/** Sets one cell of the last row of a table. */
function spoil(path: string, sql: string): void {
  writeFileSync(path, whole);
  const db = new DatabaseSync(path);
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}

function expectSpared(project: ProjectFile, what: string): void {
  const spared = project.sessions.list().find(({ name }) => name === 'spared');
  expect(spared, what).toMatchObject({ samples: SAMPLES, state: 'ended' });
  expect(project.events.list(spared!.id, 0, Infinity, 10).events, what).toHaveLength(1);
  expect(project.series.list(spared!.id)[0], what).toMatchObject({ samples: SAMPLES });
  expect(project.snapshots.list(spared!.id), what).toMatchObject([{ state: 'ready' }]);
  expect(project.console.read(spared!.id, 0, 100), what).toHaveLength(1);
}

async function tryOut(folder: TestFolder, what: string): Promise<ProjectFile> {
  const project = folder.open();
  expectSpared(project, what);
  await exercise(project).catch((thrown: unknown) => expect.fail(`${what}: ${String(thrown)} ${String((thrown as Error).stack)}`));
  expectSpared(project, what);
  return project;
}

describe.each(tables())('a cell of %s that holds what it cannot', (table) => {
  it.each(columnsOf(table))(
    'in $name costs its row at most',
    async ({ name, type }) => {
      using folder = new TestFolder();
      for (const value of HOSTILE[type]!) {
        const key = table === 'meta' ? "key = 'untitled'" : `id = (SELECT max(id) FROM ${table})`;
        spoil(folder.file('a.heapscope'), `UPDATE ${table} SET ${name} = ${value} WHERE ${key}`);
        const project = await tryOut(folder, `${table}.${name} = ${value}`);
        const copies = folder.create('copy.heapscope');
        const ids = project.sessions.list().filter(({ state }) => state !== 'running');
        await project
          .copySessions(
            ids.map(({ id }) => id),
            copies,
            () => undefined,
            new AbortController().signal,
          )
          .catch((thrown: unknown) => expect(thrown, value).toBeInstanceOf(HeapscopeError));
        expectSpared(copies, `copy with ${table}.${name} = ${value}`);
        copies.close();
        folder.remove('copy.heapscope');
        const path = project.path;
        project.close();
        folder.remove(path.slice(folder.path.length + 1));
      }
    },
    120_000,
  );
});

describe('rows that cannot be shown', () => {
  it('are counted, once each, and the file is written to as before', () => {
    using folder = new TestFolder();
    spoil(folder.file('a.heapscope'), 'UPDATE event SET t = 9007199254740993 WHERE id = 2; UPDATE process SET pid = -1 WHERE id = 2');
    const project = folder.open();
    for (let i = 0; i < 2; i++) {
      expect(project.events.list(2, 0, Infinity, 10).events).toEqual([]);
      project.events.list(2, 0, 2 ** 63, 10);
      expect(project.sessions.processes(2)).toEqual([]);
    }
    const lost = project.facts().damage?.lost;
    expect(lost).toContainEqual({ table: 'process', rows: 1 });
    expect(project.facts().access).toBe('write');
    project.close();
  });

  it('are left in the damaged file where their number is none of ours', () => {
    using folder = new TestFolder();
    mkdirSync(folder.file('recovered'));
    spoil(folder.file('a.heapscope'), "UPDATE event SET id = 9223372036854775807 WHERE id = 2; UPDATE session SET name = 'x' WHERE id = 2");
    const project = folder.open();
    expect(project.facts()).toMatchObject({ untitled: true, damage: { detail: 'row numbers', lost: [{ table: 'event', rows: 1 }] } });
    expect(project.events.add(1, null, 1, 'mark', {}).id).toBe(2);
    project.close();
  });

  it('are found where a cell is larger than any of ours', () => {
    using folder = new TestFolder();
    spoil(folder.file('a.heapscope'), "UPDATE event SET facts = printf('%.*c', 40000000, 'x') WHERE id = 2");
    const project = folder.open();
    expectSpared(project, 'a cell of 40 MB');
    expect(project.facts().damage?.lost).toEqual([{ table: 'event', rows: 1 }]);
    project.close();
  });

  it('of a session are the session with what can be read of it', () => {
    using folder = new TestFolder();
    const cells =
      "uuid = '', started_at = 9e15, duration = 9223372036854775807, origin = '[', columns = -3, name = printf('%.*c', 9000, 'n')";
    spoil(folder.file('a.heapscope'), `UPDATE session SET ${cells} WHERE id = 2`);
    const project = folder.open();
    expect(project.sessions.get(2)).toMatchObject({
      startedAt: 0,
      duration: 0,
      origin: { kind: 'launched', spec: { target: '' } },
      samples: SAMPLES,
    });
    expect(project.sessions.get(2).name).toHaveLength(4000);
    expect(project.console.info(2)).toMatchObject({ columns: 80, rows: 24 });
    project.close();
  });

  it.each(HOSTILE['INTEGER']!)('of a session or a snapshot stay where they do not say whether they are deleted (%s)', (value) => {
    using folder = new TestFolder();
    spoil(folder.file('a.heapscope'), `UPDATE session SET deleted = ${value}; UPDATE snapshot SET deleted = ${value}`);
    const project = folder.open();
    expect(project.sessions.list()).toHaveLength(2);
    expect([project.sessions.count(), project.sessions.isEmpty(), project.sessions.after(1, 10).length]).toEqual([2, false, 1]);
    expect(project.sessions.find(project.sessions.get(2).uuid)?.id).toBe(2);
    expect(project.console.info(2).columns).toBe(80);
    expect(project.snapshots.list(null)).toHaveLength(2);
    expect(project.snapshots.get(2).id).toBe(2);
    expect(project.bookmarks.list()).toHaveLength(2);
    project.close();
    const again = folder.open();
    expect([again.sessions.count(), again.snapshots.list(null).length]).toEqual([2, 2]);
    again.close();
  });

  it.each([
    ['process', 'session'],
    ['series', 'session'],
    ['event', 'session'],
    ['console', 'session'],
    ['snapshot', 'session'],
    ['bookmark', 'snapshot'],
  ])('of %s are counted where nobody would ask for their %s', (table, column) => {
    using folder = new TestFolder();
    for (const value of HOSTILE['INTEGER']!) {
      spoil(folder.file('a.heapscope'), `UPDATE ${table} SET ${column} = ${value} WHERE id = 2`);
      const project = folder.open();
      expect(project.facts(), value).toMatchObject({ access: 'write', damage: { lost: [{ table, rows: 1 }] } });
      project.close();
    }
  });

  it('are counted where no range of times has them, and where samples begin before the first', () => {
    using folder = new TestFolder();
    const cells = 'UPDATE event SET t = -1 WHERE id = 1; UPDATE event SET t = 9223372036854775807 WHERE id = 2';
    spoil(folder.file('a.heapscope'), `${cells}; UPDATE chunk_index SET first = -5 WHERE series = 2`);
    const project = folder.open();
    expect(project.facts().damage).toBeNull();
    for (const session of [1, 2]) expect(project.events.list(session, 0, 1e6, 10)).toEqual({ total: 0, events: [] });
    expect(project.facts().damage).toMatchObject({ lost: [{ table: 'event', rows: 2 }], lostSamples: 0 });
    project.series.list(2);
    expect(project.facts().damage?.lostSamples).toBeGreaterThan(0);
    project.close();
  });

  it('of a session that was cut off do not say how long it lasted', () => {
    using folder = new TestFolder();
    const cutOff = "UPDATE session SET state = 'running', duration = 9223372036854775807 WHERE id = 2";
    spoil(folder.file('a.heapscope'), `${cutOff}; UPDATE event SET t = 9007199254740993 WHERE session = 2`);
    const project = folder.open();
    expect(project.sessions.get(2)).toMatchObject({ state: 'interrupted', duration: lastSample(project) });
    project.close();
  });
});

/** When the last sample of the damaged session was taken. */
function lastSample(project: ProjectFile): number {
  const times = project.series.list(2).map(({ last }) => last ?? 0);
  return Math.max(...times);
}
