import { copyFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { ProcessId, SessionId } from '../../../src-preload/contract/index.ts';
import type { ProjectFile } from './project-file.ts';
import { addReadySnapshot, columnBytes, newSession, newSnapshot, readSnapshot, TestFolder } from './testing.ts';
import { FORMAT_VERSION } from './upgraders.ts';

/** A session with a process, ended. */
function withSession(project: ProjectFile): { session: SessionId; process: ProcessId } {
  const writer = project.newSession(newSession());
  const { id } = writer.addProcess({ pid: 10, parent: null, command: 'python', python: '3.12.1', start: 0, agent: 'connected' });
  writer.finish({ state: 'ended', exit: null, duration: 5000 });
  return { session: writer.id, process: id };
}

function bySql(folder: TestFolder, sql: string): void {
  const db = new DatabaseSync(folder.file('a.heapscope'));
  db.exec(sql);
  db.close();
}

const PIECES = [
  { name: 'size', chunk: 0, data: columnBytes('size', 0, 100) },
  { name: 'type', chunk: 0, data: columnBytes('type', 0, 100) },
  { name: 'type', chunk: 1, data: columnBytes('type', 1, 100) },
];

describe('a snapshot that is damaged in the file', () => {
  it.each([
    ['a flipped byte', "UPDATE piece SET data = zeroblob(100) WHERE owner = 1 AND name = 'type' AND part = 1"],
    ['a lost piece', "DELETE FROM piece WHERE owner = 1 AND name = 'type' AND part = 1"],
    ['a piece of another', "UPDATE piece SET data = (SELECT data FROM piece WHERE name = 'size') WHERE owner = 1 AND name = 'type'"],
  ])('by %s is refused, and no other', async (_how, sql) => {
    using folder = new TestFolder();
    const project = folder.create();
    const { session, process } = withSession(project);
    await addReadySnapshot(project, session, process);
    await addReadySnapshot(project, session, process);
    project.close();
    bySql(folder, sql);
    const again = folder.open();
    expect(again.facts().damage).toBeNull();
    await expect(readSnapshot(again, 1)).rejects.toMatchObject({ code: 'snapshot.damaged', facts: { path: folder.file('a.heapscope') } });
    expect(await readSnapshot(again, 2)).toEqual(PIECES);
    again.close();
  });

  it('in its tables or types says so where they are asked for', async () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { session, process } = withSession(project);
    await addReadySnapshot(project, session, process);
    project.close();
    bySql(folder, "UPDATE piece SET data = x'00' WHERE name IN ('.tables', '.types')");
    const again = folder.open();
    expect(() => again.snapshots.stored(1).tables()).toThrow('snapshot.damaged');
    expect(() => again.snapshots.types(1)).toThrow('snapshot.damaged');
    expect(await readSnapshot(again, 1)).toEqual(PIECES);
    again.close();
  });

  it('is carried into what is saved of a damaged file, and still refused there', async () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { session, process } = withSession(project);
    await addReadySnapshot(project, session, process);
    await addReadySnapshot(project, session, process);
    project.bookmarks.set({ snapshot: 2, node: 5, note: 'here', label: 'dict' });
    project.close();
    bySql(folder, "UPDATE piece SET data = zeroblob(100) WHERE owner = 1 AND name = 'size'; CREATE VIEW v AS SELECT 1");
    const saved = folder.open();
    expect(saved.facts()).toMatchObject({ untitled: true, damage: { detail: 'schema', sessionsRead: 1, lost: [] } });
    await expect(readSnapshot(saved, 1)).rejects.toMatchObject({ code: 'snapshot.damaged' });
    expect(await readSnapshot(saved, 2)).toEqual(PIECES);
    expect(saved.bookmarks.list()).toMatchObject([{ snapshot: 2, node: 5 }]);
    saved.close();
  });

  it('with a row that makes no sense is shown as failed, not as something else', async () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { session, process } = withSession(project);
    await addReadySnapshot(project, session, process);
    project.close();
    bySql(folder, `UPDATE snapshot SET state = 'wonderful', error = '{"code":"evil","facts":{}}', method = 'magic'`);
    const again = folder.open();
    expect(again.snapshots.list(null)).toMatchObject([{ state: 'failed', error: { code: 'snapshot.failed' }, method: null }]);
    expect(() => again.snapshots.stored(1)).toThrow('snapshot.not-ready');
    again.close();
  });
});

describe('a file of version 1 that is damaged', () => {
  it('has lost nothing for tables that it never had', () => {
    using folder = new TestFolder();
    copyFileSync(new URL('fixtures/v1.heapscope.fixture', import.meta.url), folder.file('a.heapscope'));
    bySql(folder, 'CREATE VIEW v AS SELECT 1');
    const saved = folder.open();
    expect(saved.facts()).toMatchObject({ formatVersion: FORMAT_VERSION, damage: { detail: 'schema', sessionsRead: 2, lost: [] } });
    saved.close();
  });
});

describe('a snapshot that was being made when the app ended', () => {
  it('has failed on reopening, and nothing of it is left', async () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { session, process } = withSession(project);
    const { id } = project.snapshots.add(newSnapshot(session, process));
    project.snapshots.update(id, { state: 'importing' });
    await project.snapshots.addColumn(id, { name: 'type', chunk: 0, data: columnBytes('type', 0, 1000) });
    project.snapshots.add(newSnapshot(session, process, { name: 'second' }));
    project.close();
    const again = folder.open();
    expect(again.snapshots.list(session)).toMatchObject([
      { name: 'first', state: 'failed', error: { code: 'snapshot.interrupted', facts: { pid: 10 } } },
      { name: 'second', state: 'failed', error: { code: 'snapshot.interrupted' } },
    ]);
    again.close();
    const db = new DatabaseSync(folder.file('a.heapscope'));
    expect(db.prepare('SELECT count(*) AS n FROM piece').get()).toMatchObject({ n: 0 });
    db.close();
  });
});

describe('a snapshot whose import failed', () => {
  it('keeps its row with the reason, and no pieces', async () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { session, process } = withSession(project);
    const { id } = project.snapshots.add(newSnapshot(session, process));
    await project.snapshots.addColumn(id, { name: 'type', chunk: 0, data: columnBytes('type', 0, 1000) });
    project.snapshots.fail(id, { code: 'snapshot.cut', facts: { path: 'x', detail: 'no footer' } });
    expect(project.snapshots.get(id)).toMatchObject({ state: 'failed', error: { code: 'snapshot.cut', facts: { detail: 'no footer' } } });
    expect(() => project.snapshots.stored(id)).toThrow('snapshot.not-ready');
    await addReadySnapshot(project, session, process);
    expect(project.snapshots.history(2).map((each) => each.snapshot)).toEqual([2]);
    project.close();
  });
});

describe('a ready snapshot', () => {
  it('gives back its pieces, tables and types, also when the file is reopened', async () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { session, process } = withSession(project);
    const { key } = project.snapshots.stored((await addReadySnapshot(project, session, process)).id);
    project.close();
    const again = folder.open();
    expect(again.snapshots.get(1)).toMatchObject({ state: 'ready', objects: 100, method: 'fork' });
    expect(again.snapshots.get(1).storedBytes).toBeGreaterThan(300);
    expect(await readSnapshot(again, 1)).toEqual(PIECES);
    const stored = again.snapshots.stored(1);
    expect(stored.key).toBe(key);
    expect(stored.tables()).toEqual(columnBytes('tables', 0, 100));
    expect(again.snapshots.types(1)).toEqual([{ module: 'app', name: 'User', count: 100, shallow: 4800, retained: 10_000 }]);
    again.close();
  });

  it('of a large heap is cut into pieces that a cell may hold', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { session, process } = withSession(project);
    const { id } = project.snapshots.add(newSnapshot(session, process));
    const types = Array.from({ length: 60_000 }, (_, i) => ({ module: 'm', name: `T${i}`, count: 1, shallow: i, retained: i }));
    project.snapshots.complete(id, { patch: {}, types, tables: columnBytes('t', 0, 9_000_000) });
    expect(project.snapshots.stored(id).tables()).toHaveLength(9_000_000);
    expect(project.snapshots.types(id)).toHaveLength(50_000);
    expect(project.snapshots.types(id)[0]).toMatchObject({ name: 'T59999' });
    project.close();
  });

  it('is told to those who watch, at each step', async () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { session, process } = withSession(project);
    const states: string[] = [];
    project.snapshots.onChange.on((row) => states.push(row.state));
    const { id } = await addReadySnapshot(project, session, process);
    project.snapshots.update(id, { name: 'renamed', note: 'n' });
    expect(states).toEqual(['capturing', 'ready', 'ready']);
    expect(project.snapshots.list(session)).toMatchObject([{ name: 'renamed', note: 'n' }]);
    project.close();
  });
});

describe('deleting', () => {
  it('can be undone until the file is closed', async () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { session, process } = withSession(project);
    await addReadySnapshot(project, session, process);
    await addReadySnapshot(project, session, process);
    project.bookmarks.set({ snapshot: 1, node: 5, note: '', label: 'dict' });
    project.snapshots.setDeleted([1, 2], true);
    expect(project.snapshots.list(null)).toEqual([]);
    expect(project.bookmarks.list()).toEqual([]);
    expect(() => project.snapshots.get(1)).toThrow('snapshot.missing');
    project.snapshots.setDeleted([2], false);
    project.close();
    const again = folder.open();
    expect(again.snapshots.list(null).map(({ id }) => id)).toEqual([2]);
    expect(await readSnapshot(again, 2)).toEqual(PIECES);
    expect(() => again.snapshots.setDeleted([1], false)).toThrow('snapshot.missing');
    again.close();
  });

  it('a session takes its snapshots along', async () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { session, process } = withSession(project);
    await addReadySnapshot(project, session, process);
    project.sessions.delete([session]);
    expect(project.snapshots.list(null)).toEqual([]);
    project.sessions.restore([session]);
    expect(project.snapshots.list(null)).toHaveLength(1);
    project.sessions.delete([session]);
    project.close();
    const db = new DatabaseSync(folder.file('a.heapscope'));
    expect(db.prepare('SELECT (SELECT count(*) FROM snapshot) + (SELECT count(*) FROM piece) AS n').get()).toMatchObject({ n: 0 });
    db.close();
  });
});

describe('copies', () => {
  const now = () => undefined;

  it('of a session bring its snapshots, bookmarks and rules, with damage as it was', async () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { session, process } = withSession(project);
    await addReadySnapshot(project, session, process);
    await addReadySnapshot(project, session, process);
    project.snapshots.add(newSnapshot(session, process, { name: 'on its way' }));
    project.bookmarks.set({ snapshot: 1, node: 5, note: 'mine', label: 'dict' });
    const rules = { every: 30_000, rssAbove: null, rssStep: null, atMark: '*', atExit: true, limit: 20 };
    const options = {
      method: 'auto',
      collectFirst: true,
      previews: false,
      redact: ['token'],
      memoryLimit: null,
      joinPages: false,
    } as const;
    project.snapshots.setPlan(session, { rules, options: { ...options, redact: [...options.redact] } });
    const other = folder.create('b.heapscope');
    withSession(other);
    await addReadySnapshot(other, 1, 1);
    bySql(folder, "UPDATE piece SET data = zeroblob(100) WHERE owner = 2 AND name = 'size'");
    expect(await project.copySessions([session], other, now, AbortSignal.timeout(60_000))).toBe(1);
    expect(other.snapshots.list(2)).toMatchObject([
      { id: 2, session: 2, process: 2, state: 'ready' },
      { id: 3, state: 'ready' },
    ]);
    expect(await readSnapshot(other, 2)).toEqual(PIECES);
    await expect(readSnapshot(other, 3)).rejects.toMatchObject({ code: 'snapshot.damaged' });
    expect(other.snapshots.stored(2)).toMatchObject({ key: project.snapshots.stored(1).key, process: project.snapshots.stored(1).process });
    expect(other.bookmarks.list()).toMatchObject([{ snapshot: 2, node: 5, note: 'mine' }]);
    expect(other.snapshots.plan(2)).toEqual({ rules, options });
    project.close();
    other.close();
  });

  it('to another place hold snapshots, also while one is being imported', async () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { session, process } = withSession(project);
    await addReadySnapshot(project, session, process);
    project.comparisons.save({ id: 0, name: 'c', runs: [], baseline: 0, align: { at: 'start' }, layout: 'lanes', metric: 'rss' });
    const { id } = project.snapshots.add(newSnapshot(session, process));
    const saving = project.saveAs(folder.file('c.heapscope'), false, now, AbortSignal.timeout(60_000));
    for (let chunk = 0; chunk < 40; chunk++)
      await project.snapshots.addColumn(id, { name: 'type', chunk, data: columnBytes('x', chunk, 50_000) });
    await saving;
    project.snapshots.complete(id, { patch: {}, types: [], tables: new Uint8Array() });
    project.close();
    const again = folder.open('c.heapscope');
    expect(await readSnapshot(again, 1)).toEqual(PIECES);
    expect(await readSnapshot(again, id)).toHaveLength(40);
    expect(again.comparisons.list()).toHaveLength(1);
    again.close();
  });
});

describe('bookmarks and comparisons', () => {
  it('are set, changed and deleted', async () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { session, process } = withSession(project);
    await addReadySnapshot(project, session, process);
    const first = project.bookmarks.set({ snapshot: 1, node: 7, note: '', label: 'dict' });
    expect(project.bookmarks.set({ snapshot: 1, node: 7, note: 'why?', label: 'dict' })).toEqual({ ...first, note: 'why?' });
    project.bookmarks.delete(first.id);
    expect(project.bookmarks.list()).toEqual([]);

    const made = project.comparisons.save({
      id: 0,
      name: 'a',
      runs: [{ path: null, uuid: 'u' }],
      baseline: 0,
      align: { at: 'mark', name: 'loaded' },
      layout: 'overlay',
      metric: 'rss',
    });
    expect(made.id).toBeGreaterThan(0);
    project.comparisons.save({ ...made, name: 'b' });
    expect(project.comparisons.list()).toEqual([{ ...made, name: 'b' }]);
    project.comparisons.delete(made.id);
    expect(project.comparisons.list()).toEqual([]);
    project.close();
  });
});
