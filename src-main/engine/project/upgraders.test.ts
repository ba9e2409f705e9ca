import { copyFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../base/log.ts';
import { closeFile, openFile, osPermissions } from './open.ts';
import { ProjectFile } from './project-file.ts';
import { addReadySnapshot, allSamples, LAUNCH, metricsOf, newSession, TestFolder, valueAt } from './testing.ts';
import { FORMAT_VERSION, UPGRADERS, type Upgrader } from './upgraders.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

describe('a file of version 1', () => {
  it('is read as it was written then', () => {
    using folder = new TestFolder();
    copyFileSync(join(FIXTURES, 'v1.heapscope.fixture'), folder.file('a.heapscope'));
    const project = folder.open();
    expect(project.facts()).toMatchObject({ formatVersion: FORMAT_VERSION, damage: null, access: 'write' });
    expect(project.listSessions()).toMatchObject([
      {
        name: 'leaky',
        note: 'of version 1',
        state: 'ended',
        duration: 600_000,
        peakRss: 123_456_789,
        samples: 9998,
        exit: { signal: 'SIGTERM' },
        launch: LAUNCH,
      },
      { name: 'cut off', state: 'interrupted', samples: 100, duration: 9900 },
    ]);
    const [session, second] = project.listSessions();
    expect(project.processes(session!.id)).toMatchObject([
      { pid: 10, command: 'python leaky.py', agent: 'gone' },
      { pid: 11, end: 500_000 },
    ]);
    expect(project.events(session!.id, 0, 1e9, 10).events).toMatchObject([{ t: 1000, kind: 'mark', facts: { name: 'loaded' } }]);
    expect(Buffer.concat(project.readConsole(session!.id, 0, 100).map(({ data }) => data)).toString()).toBe('hello \x1b[1mworld\x1b[0m\n');
    const [rss, cpu] = metricsOf(project, session!.id);
    allSamples(project, rss!).forEach((sample, i) => expect(sample).toEqual([i * 100, i === 77 ? NaN : valueAt(0, i)]));
    expect(allSamples(project, cpu!)).toEqual(
      Array.from({ length: 4999 }, (_, i) => [i * 100, (i % 100) / 8 + (i % 3 === 0 ? Math.PI : 0)]),
    );
    expect(allSamples(project, metricsOf(project, second!.id)[0]!)).toHaveLength(100);
    expect(project.snapshots.list(null)).toEqual([]);
    expect(project.snapshots.plan(session!.id)).toBeNull();
    project.close();
  });
});

describe('a file of version 1 that may not be written', () => {
  it('is read all the same, untouched, and is of the newest version where it is saved to', async () => {
    using folder = new TestFolder();
    copyFileSync(join(FIXTURES, 'v1.heapscope.fixture'), folder.file('a.heapscope'));
    const before = readFileSync(folder.file('a.heapscope'));
    const project = ProjectFile.openToRead(folder.file('a.heapscope'), { log: silentLog });
    expect(project.facts()).toMatchObject({ access: 'read-only', damage: null });
    expect(project.listSessions()).toHaveLength(2);
    expect([project.snapshots.list(null), project.bookmarks.list(), project.comparisons.list()]).toEqual([[], [], []]);
    const other = folder.create('b.heapscope');
    expect(await project.copySessions([1], other, () => undefined, AbortSignal.timeout(60_000))).toBe(1);
    other.close();
    await project.saveAs(folder.file('c.heapscope'), false, () => undefined, AbortSignal.timeout(60_000));
    await addReadySnapshot(project, 1, 1);
    project.close();
    const again = folder.open('c.heapscope');
    expect(again.facts()).toMatchObject({ access: 'write', damage: null });
    expect(again.snapshots.list(null)).toMatchObject([{ state: 'ready' }]);
    again.close();
    expect(readFileSync(folder.file('a.heapscope')).equals(before)).toBe(true);
  });
});

const addColor: Upgrader = (db) => db.exec("ALTER TABLE session ADD COLUMN color TEXT NOT NULL DEFAULT 'grey'");
const addTable: Upgrader = (db) => db.exec('CREATE TABLE palette (id INTEGER PRIMARY KEY) STRICT');
const failing: Upgrader = (db) => {
  db.exec('CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT');
  throw new Error('no');
};

function made(folder: TestFolder): string {
  const project = folder.create();
  project.newSession(newSession()).finish({ state: 'ended', exit: null, duration: 1 });
  project.close();
  return folder.file('a.heapscope');
}

describe('upgrading', () => {
  it('goes step by step, and the result is what a new file would be', () => {
    using folder = new TestFolder();
    const path = made(folder);
    closeFile(openFile(path, osPermissions, [...UPGRADERS, addColor]));
    expect(readFileSync(path).readUInt32BE(60)).toBe(FORMAT_VERSION + 1);
    const file = openFile(path, osPermissions, [...UPGRADERS, addColor, addTable]);
    expect(file.db.number('PRAGMA user_version')).toBe(FORMAT_VERSION + 2);
    expect(file.db.get('SELECT name, color FROM session')).toMatchObject({ name: 'leaky', color: 'grey' });
    closeFile(file);
    expect(() => folder.open()).toThrow(`project.newer {"path":"${path}","version":${FORMAT_VERSION + 2},"supported":${FORMAT_VERSION}}`);
  });

  it('leaves the file as it was where a step fails', () => {
    using folder = new TestFolder();
    const path = made(folder);
    const before = readFileSync(path);
    expect(() => openFile(path, osPermissions, [...UPGRADERS, addColor, failing])).toThrow('no');
    expect(readFileSync(path).equals(before)).toBe(true);
    folder.open().close();
  });

  it('that was cut off is undone on opening', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = project.newSession(newSession());
    for (let i = 0; i < 5000; i++) writer.addEvent(null, i, 'mark', { name: `mark ${i}` });
    writer.finish({ state: 'ended', exit: null, duration: 1 });
    project.close();
    // A transaction larger than the cache is half in the file; what was there before is in the journal beside it.
    const db = new DatabaseSync(folder.file('a.heapscope'));
    db.exec(`PRAGMA cache_size = 1; BEGIN; UPDATE event SET facts = '{"long":"' || hex(zeroblob(300)) || '"}'`);
    for (const ending of ['', '-journal']) copyFileSync(folder.file(`a.heapscope${ending}`), folder.file(`b.heapscope${ending}`));
    db.close();
    const again = folder.open('b.heapscope');
    expect(again.facts().damage).toBeNull();
    expect(again.events(writer.id, 0, 1e9, 5000).events.every(({ facts, t }) => facts['name'] === `mark ${t}`)).toBe(true);
    again.close();
  });

  it('is not tried on a file that may not be written', () => {
    using folder = new TestFolder();
    const path = made(folder);
    const before = statSync(path).mtimeMs;
    expect(() => openFile(path, { canWrite: () => false }, [...UPGRADERS, addColor])).toThrow('project.read-only');
    expect(statSync(path).mtimeMs).toBe(before);
  });
});
