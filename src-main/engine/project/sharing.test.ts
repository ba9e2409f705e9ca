import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../base/log.ts';
import { acquireLock, isLocked } from './lock.ts';
import { closeFile, openFile } from './open.ts';
import { ProjectFile } from './project-file.ts';
import { listSessions } from './sessions.ts';
import { allSamples, metricsOf, newSession, recordSeries, TestFolder, valueAt } from './testing.ts';
import { TestProcess } from './testing-process.ts';

describe('a project that another Heapscope has open', () => {
  it('opens read-only, says so, and refuses to be changed', async () => {
    using folder = new TestFolder();
    const made = folder.create();
    const writer = made.newSession(newSession());
    writer.finish({ state: 'ended', exit: null, duration: 1 });
    made.close();
    await using other = new TestProcess('hold', folder.file('a.heapscope'));
    expect(await other.next()).toMatchObject({ access: 'write' });
    const project = folder.open();
    expect(project.facts()).toMatchObject({ access: 'read-only', readOnlyReason: 'in-use' });
    for (const change of [
      () => project.newSession(newSession()),
      () => project.sessions.update(writer.id, { name: 'x' }),
      () => project.sessions.delete([writer.id]),
      () => project.events.add(writer.id, null, 0, 'mark', {}),
    ]) {
      expect(change).toThrow('project.read-only {"path":');
    }
    project.close();
    await other.end();
    const again = folder.open();
    expect(again.facts().access).toBe('write');
    again.close();
    expect(readdirSync(folder.path)).toEqual(['a.heapscope']);
  });

  it('is seen as it grows', async () => {
    using folder = new TestFolder();
    await using recorder = new TestProcess('record', folder.file('a.heapscope'));
    await recorder.next();
    const project = folder.open();
    const [session] = project.sessions.list();
    expect(session).toMatchObject({ state: 'running' });
    const ids = metricsOf(project, session!.id);
    let last = 0;
    while (last <= 2 * 4096) {
      const flushed = Number((await recorder.next())!['flushed']);
      const [info] = project.series.list(session!.id);
      expect(info!.samples).toBeGreaterThanOrEqual(Math.max(flushed, last));
      last = info!.samples;
    }
    ids.forEach((id, k) => allSamples(project, id).forEach(([t, value], i) => expect([t, value]).toEqual([i * 100, valueAt(k, i)])));
    expect(project.facts().damage).toBeNull();
    await recorder.kill();
    project.close();
  });

  it.each([
    ['record', 'running', []],
    ['import', 'running', ['ready', 'importing']],
  ] as const)(
    'is being written also where it could not be written anyway, until that process ends: %s',
    async (job, session, snapshots) => {
      using folder = new TestFolder();
      await using other = new TestProcess(job, folder.file('a.heapscope'));
      await other.next();
      const look = (): unknown[] => {
        const project = ProjectFile.openToRead(folder.file('a.heapscope'), { log: silentLog });
        const { readOnlyReason } = project.facts();
        const states = [project.sessions.list(), project.snapshots.list(null)].map((rows) => rows.map(({ state }) => state));
        project.close();
        return [readOnlyReason, ...states];
      };
      expect(look()).toEqual(['in-use', [session], snapshots]);
      await other.kill();
      const left = readdirSync(folder.path);
      expect(look()).toEqual(['permission', ['interrupted'], snapshots.map((state) => (state === 'ready' ? state : 'failed'))]);
      expect(readdirSync(folder.path)).toEqual(left);
    },
  );

  it('can be saved elsewhere from there, and is then written to', async () => {
    using folder = new TestFolder();
    await using recorder = new TestProcess('record', folder.file('a.heapscope'));
    for (let i = 0; i < 100; i++) await recorder.next();
    const project = folder.open();
    const [session] = project.sessions.list();
    await project.saveAs(folder.file('b.heapscope'), false, () => undefined, new AbortController().signal);
    expect(project.facts()).toMatchObject({ access: 'write', readOnlyReason: null });
    expect(project.sessions.get(session!.id).state).toBe('interrupted');
    expect(allSamples(project, metricsOf(project, session!.id)[0]!).length).toBeGreaterThan(5000);
    project.newSession(newSession()).finish({ state: 'ended', exit: null, duration: 1 });
    project.close();
    await recorder.kill();
  });
});

describe('the lock beside a project', () => {
  it('is had by one at a time, goes with its holder, and leaves no file', () => {
    using folder = new TestFolder();
    const path = folder.file('a');
    const lock = acquireLock(path);
    expect(lock).not.toBeNull();
    expect(acquireLock(path)).toBeNull();
    lock!.dispose();
    lock!.dispose();
    expect(readdirSync(folder.path)).toEqual([]);
    const again = acquireLock(path);
    expect(again).not.toBeNull();
    again!.dispose();
  });

  it('is seen without being had, and nothing is made or changed by looking', () => {
    using folder = new TestFolder();
    const path = folder.file('a');
    expect(isLocked(path)).toBe(false);
    expect(readdirSync(folder.path)).toEqual([]);
    const lock = acquireLock(path);
    expect([isLocked(path), isLocked(path)]).toEqual([true, true]);
    expect(acquireLock(path)).toBeNull();
    lock!.dispose();
    expect(isLocked(path)).toBe(false);
    writeFileSync(folder.file('a-lock'), 'not ours');
    expect(isLocked(path)).toBe(false);
    expect(readFileSync(folder.file('a-lock'), 'utf8')).toBe('not ours');
  });

  it('is not held by a file that a killed app left', () => {
    using folder = new TestFolder();
    writeFileSync(folder.file('a-lock'), '');
    expect(isLocked(folder.file('a'))).toBe(false);
    const lock = acquireLock(folder.file('a'));
    expect(lock).not.toBeNull();
    lock!.dispose();
  });
});

const noWriting = { canWrite: () => false };

describe('a project in a place without write permission', () => {
  it('opens read-only, and no file is made beside it', () => {
    using folder = new TestFolder();
    const project = folder.create();
    recordSeries(project.newSession(newSession()), 1, 10);
    project.close();
    const before = readFileSync(folder.file('a.heapscope'));
    const file = openFile(folder.file('a.heapscope'), { permissions: noWriting });
    expect(file.readOnlyReason).toBe('permission');
    expect(listSessions(file.db, 'interrupted')).toMatchObject([{ state: 'interrupted' }]);
    expect(readdirSync(folder.path)).toEqual(['a.heapscope']);
    closeFile(file);
    expect(readFileSync(folder.file('a.heapscope')).equals(before)).toBe(true);
  });

  it('opens so in earnest where the system refuses, even when its app was killed', async (context) => {
    using folder = new TestFolder();
    const sub = folder.file('sub');
    mkdirSync(sub);
    const made = folder.create('sub/a.heapscope');
    recordSeries(made.newSession(newSession()), 1, 10);
    made.close();
    // As a killed app leaves it on another machine: in WAL mode, the main file alone.
    const db = new DatabaseSync(folder.file('sub/a.heapscope'));
    db.exec('PRAGMA journal_mode = WAL');
    db.close();
    if (!forbidWriting(sub)) return context.skip('neither permission bits nor chattr keep this user from writing');
    try {
      const project = folder.open('sub/a.heapscope');
      expect(project.facts()).toMatchObject({ access: 'read-only', readOnlyReason: 'permission' });
      expect(project.sessions.list()).toMatchObject([{ samples: 10, state: 'interrupted' }]);
      expect(allSamples(project, 1)).toHaveLength(10);
      project.close();
      expect(() => folder.create('sub/b.heapscope')).toThrow('file.forbidden');
    } finally {
      allowWriting(sub);
    }
  });
});

/** Root may write whatever the permission bits are, unless the file system forbids it. */
function forbidWriting(path: string): boolean {
  chmodSync(path, 0o500);
  if (process.getuid?.() !== 0) return true;
  try {
    execFileSync('chattr', ['+i', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function allowWriting(path: string): void {
  if (process.getuid?.() === 0) execFileSync('chattr', ['-i', path]);
  chmodSync(path, 0o700);
}
