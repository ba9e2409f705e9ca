import { copyFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../base/log.ts';
import { closeFile, openFile } from './open.ts';
import { ProjectFile } from './project-file.ts';
import { addReadySnapshot, allSamples, columnBytes, LAUNCH, metricsOf, newSession, readSnapshot, TestFolder, valueAt } from './testing.ts';
import { FORMAT_VERSION, UPGRADERS, type Upgrader } from './upgraders.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

describe('a file of version 1', () => {
  it('is read as it was written then', () => {
    using folder = new TestFolder();
    copyFileSync(join(FIXTURES, 'v1.heapscope.fixture'), folder.file('a.heapscope'));
    const project = folder.open();
    expect(project.facts()).toMatchObject({ formatVersion: FORMAT_VERSION, damage: null, access: 'write' });
    expect(project.sessions.list()).toMatchObject([
      {
        name: 'leaky',
        note: 'of version 1',
        state: 'ended',
        duration: 600_000,
        peakRss: 123_456_789,
        samples: 9998,
        exit: { signal: 'SIGTERM' },
        origin: { kind: 'launched', spec: LAUNCH },
      },
      { name: 'cut off', state: 'interrupted', samples: 100, duration: 9900 },
    ]);
    const [session, second] = project.sessions.list();
    expect(project.sessions.processes(session!.id)).toMatchObject([
      { pid: 10, command: 'python leaky.py', agent: 'gone' },
      { pid: 11, end: 500_000 },
    ]);
    expect(project.events.list(session!.id, 0, 1e9, 10).events).toMatchObject([{ t: 1000, kind: 'mark', facts: { name: 'loaded' } }]);
    expect(Buffer.concat(project.console.read(session!.id, 0, 100).map(({ data }) => data)).toString()).toBe('hello \x1b[1mworld\x1b[0m\n');
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

describe('a file of version 2', () => {
  it('is read as it was written then', async () => {
    using folder = new TestFolder();
    copyOfVersion2(folder);
    const project = folder.open();
    expect(project.facts()).toMatchObject({ formatVersion: FORMAT_VERSION, damage: null, access: 'write' });
    await expectVersion2(project);
    expect(project.sessions.list()[1]).toMatchObject({ state: 'interrupted', duration: 9900 });
    const writer = project.newSession(newSession());
    expect(writer.id).toBe(4);
    writer.finish({ state: 'ended', exit: null, duration: 1 });
    expect((await addReadySnapshot(project, 1, 1)).id).toBe(4);
    project.close();
  });
});

/** The content of the fixture of version 2, whether it was upgraded or is only read. */
async function expectVersion2(project: ProjectFile): Promise<void> {
  expect(project.sessions.list()).toMatchObject([
    {
      id: 1,
      name: 'leaky',
      note: 'of version 2',
      state: 'ended',
      samples: 500,
      exit: { code: 3 },
      origin: { kind: 'launched', spec: LAUNCH },
    },
    { id: 3, name: 'cut off', samples: 100, origin: { kind: 'launched', spec: { mode: 'module', target: 'app', env: {} } } },
  ]);
  expect(project.snapshots.list(1)).toMatchObject([
    { id: 1, state: 'ready', name: 'first', objects: 100 },
    { id: 2, state: 'failed', name: 'second', error: { code: 'agent.gone', facts: { pid: 10 } } },
  ]);
  expect(project.snapshots.list(3)).toMatchObject([{ id: 3, state: 'failed', error: { code: 'snapshot.interrupted' } }]);
  const pieces = (
    [
      ['size', 0],
      ['type', 0],
      ['type', 1],
    ] as const
  ).map(([name, chunk]) => ({ name, chunk, data: columnBytes(name, chunk, 100) }));
  expect(await readSnapshot(project, 1)).toEqual(pieces);
  expect(project.snapshots.types(1)).toEqual([{ module: 'app', name: 'User', count: 100, shallow: 4800, retained: 10_000 }]);
  expect(project.snapshots.stored(1).tables()).toEqual(columnBytes('tables', 0, 100));
  expect(project.snapshots.plan(1)).toMatchObject({ rules: { every: 30_000, atExit: true }, options: { redact: ['password'] } });
  expect(project.bookmarks.list()).toEqual([{ id: 1, snapshot: 1, node: 3, note: 'look', label: 'User' }]);
  expect(project.comparisons.list()).toMatchObject([{ id: 1, name: 'both', runs: [{ uuid: project.sessions.get(1).uuid }] }]);
  expect(allSamples(project, metricsOf(project, 1)[0]!)).toHaveLength(500);
  expect(allSamples(project, metricsOf(project, 3)[0]!)).toHaveLength(100);
}

describe('a file of version 2 that may not be written', () => {
  it('is read all the same, untouched, and is of the newest version where it is saved to or copied to', async () => {
    using folder = new TestFolder();
    const path = copyOfVersion2(folder);
    const before = readFileSync(path);
    const project = ProjectFile.openToRead(path, { log: silentLog });
    expect(project.facts()).toMatchObject({ access: 'read-only', damage: null });
    await expectVersion2(project);
    const other = folder.create('b.heapscope');
    expect(await project.copySessions([1, 3], other, () => undefined, AbortSignal.timeout(60_000))).toBe(2);
    expect(other.sessions.list()).toMatchObject([{ origin: { spec: LAUNCH } }, { origin: { spec: { target: 'app' } } }]);
    expect(await readSnapshot(other, other.snapshots.list(1)[0]!.id)).toHaveLength(3);
    other.close();
    await project.saveAs(folder.file('c.heapscope'), false, () => undefined, AbortSignal.timeout(60_000));
    await expectVersion2(project);
    project.close();
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe('a file of version 2 that is not as it should be', () => {
  it.each([
    ['no JSON', "'['"],
    ['no launch', '\'{"mode":"rm"}\''],
    ['longer than what is read', "'\"' || printf('%.*c', 20000000, 'x') || '\"'"],
  ])('keeps a session whose launch is %s, and runs nothing of it', (_, sql) => {
    using folder = new TestFolder();
    bySql(copyOfVersion2(folder), `UPDATE session SET launch = ${sql} WHERE id = 1`);
    const project = folder.open();
    expect(project.facts().damage).toBeNull();
    expect(project.sessions.list()).toMatchObject([
      { id: 1, samples: 500, origin: { kind: 'launched', spec: { target: '' } } },
      { id: 3, origin: { kind: 'launched', spec: { target: 'app' } } },
    ]);
    project.close();
  });

  it('is salvaged into one of the newest version', async () => {
    using folder = new TestFolder();
    bySql(copyOfVersion2(folder), 'CREATE VIEW v AS SELECT 1');
    const project = folder.open();
    expect(project.facts()).toMatchObject({ access: 'write', untitled: true, damage: { sessionsRead: 2, lost: [] } });
    await expectVersion2(project);
    project.close();
  });
});

function copyOfVersion2(folder: TestFolder): string {
  copyFileSync(join(FIXTURES, 'v2.heapscope.fixture'), folder.file('a.heapscope'));
  return folder.file('a.heapscope');
}

function bySql(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

describe('a file of version 1 that may not be written', () => {
  it('is read all the same, untouched, and is of the newest version where it is saved to', async () => {
    using folder = new TestFolder();
    copyFileSync(join(FIXTURES, 'v1.heapscope.fixture'), folder.file('a.heapscope'));
    const before = readFileSync(folder.file('a.heapscope'));
    const project = ProjectFile.openToRead(folder.file('a.heapscope'), { log: silentLog });
    expect(project.facts()).toMatchObject({ access: 'read-only', damage: null });
    expect(project.sessions.list()).toHaveLength(2);
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

describe('a file of version 3', () => {
  const copied = (folder: TestFolder): string => {
    copyFileSync(join(FIXTURES, 'v3.heapscope.fixture'), folder.file('a.heapscope'));
    return folder.file('a.heapscope');
  };

  function expectVersion3(project: ProjectFile): void {
    expect(project.sessions.list()).toMatchObject([
      { id: 1, name: 'leaky', note: 'of version 3', samples: 500, origin: { kind: 'launched', spec: { ...LAUNCH, sampling: 0 } } },
      { id: 2, name: 'cut off', samples: 100, origin: { kind: 'attached', pid: 77 } },
    ]);
    expect(project.snapshots.list(1)).toMatchObject([{ id: 1, state: 'ready', objects: 100 }]);
    expect(project.snapshots.types(1)).toMatchObject([{ name: 'User', count: 100 }]);
    expect([project.allocations.tracks(1), project.allocations.tracks(2)]).toEqual([[], []]);
  }

  it('is read as it was written then, and takes sampled allocations', () => {
    using folder = new TestFolder();
    copied(folder);
    const project = folder.open();
    expect(project.facts()).toMatchObject({ formatVersion: FORMAT_VERSION, damage: null, access: 'write' });
    expectVersion3(project);
    const writer = project.newSession(newSession());
    project.allocations.begin(writer.id, 1, 0);
    writer.finish({ state: 'ended', exit: null, duration: 1 });
    expect(project.allocations.tracks(writer.id)).toMatchObject([{ row: { id: 1, process: 1 }, parts: [] }]);
    project.close();
  });

  it('is read untouched where it may not be written', () => {
    using folder = new TestFolder();
    const path = copied(folder);
    const before = readFileSync(path);
    const project = ProjectFile.openToRead(path, { log: silentLog });
    expect(project.facts()).toMatchObject({ access: 'read-only', damage: null });
    expectVersion3(project);
    project.close();
    expect(readFileSync(path).equals(before)).toBe(true);
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
    closeFile(openFile(path, { upgraders: [...UPGRADERS, addColor] }));
    expect(readFileSync(path).readUInt32BE(60)).toBe(FORMAT_VERSION + 1);
    const file = openFile(path, { upgraders: [...UPGRADERS, addColor, addTable] });
    expect(file.db.number('PRAGMA user_version')).toBe(FORMAT_VERSION + 2);
    expect(file.db.get('SELECT name, color FROM session')).toMatchObject({ name: 'leaky', color: 'grey' });
    closeFile(file);
    expect(() => folder.open()).toThrow(`project.newer {"path":"${path}","version":${FORMAT_VERSION + 2},"supported":${FORMAT_VERSION}}`);
  });

  it('leaves the file as it was where a step fails', () => {
    using folder = new TestFolder();
    const path = made(folder);
    const before = readFileSync(path);
    expect(() => openFile(path, { upgraders: [...UPGRADERS, addColor, failing] })).toThrow('no');
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
    // A transaction larger than the cache is partly in the file; the previous content is in the journal beside it.
    const db = new DatabaseSync(folder.file('a.heapscope'));
    db.exec(`PRAGMA cache_size = 1; BEGIN; UPDATE event SET facts = '{"long":"' || hex(zeroblob(300)) || '"}'`);
    for (const ending of ['', '-journal']) copyFileSync(folder.file(`a.heapscope${ending}`), folder.file(`b.heapscope${ending}`));
    db.close();
    const again = folder.open('b.heapscope');
    expect(again.facts().damage).toBeNull();
    expect(again.events.list(writer.id, 0, 1e9, 5000).events.every(({ facts, t }) => facts['name'] === `mark ${t}`)).toBe(true);
    again.close();
  });

  it('is not tried on a file that may not be written', () => {
    using folder = new TestFolder();
    const path = made(folder);
    const before = statSync(path).mtimeMs;
    expect(() => openFile(path, { permissions: { canWrite: () => false }, upgraders: [...UPGRADERS, addColor] })).toThrow(
      'project.read-only',
    );
    expect(statSync(path).mtimeMs).toBe(before);
  });
});
