import { appendFileSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../base/log.ts';
import { checkElsewhere } from './check-elsewhere.ts';
import { ProjectFile } from './project-file.ts';
import { Sqlite } from './sqlite.ts';
import { makeSessions, TestFolder } from './testing.ts';

/** Number of rows that makes a file large enough for a thread. */
const MANY = 40_000;

let folder: TestFolder;
let path: string;
let checks: string[];

beforeEach(() => {
  folder = new TestFolder();
  path = folder.file('a.heapscope');
  makeSessions(path, MANY);
  checks = [];
  const get = Sqlite.prototype.get;
  vi.spyOn(Sqlite.prototype, 'get').mockImplementation(function (this: Sqlite, sql, ...values) {
    if (sql.includes('quick_check')) checks.push(sql);
    return get.call(this, sql, ...values);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  folder[Symbol.dispose]();
});

function open(known: string | null): ProjectFile {
  return ProjectFile.open(path, { log: silentLog, untitledIn: folder.file('recovered'), known });
}

describe('a large project that was found whole on another thread', () => {
  it('is not checked again', async () => {
    const known = await checkElsewhere(path);
    expect(known).not.toBeNull();
    const project = open(known);
    expect(project.sessions.list()).toHaveLength(MANY);
    expect(project.facts()).toMatchObject({ access: 'write', damage: null });
    project.close();
    expect(checks).toEqual([]);
  });

  it('is checked again once somebody has written into it, whatever time the file says', async () => {
    const known = await checkElsewhere(path);
    const other = new DatabaseSync(path);
    other.exec("UPDATE session SET note = 'of another program' WHERE id = 1");
    other.close();
    utimesSync(path, 1, 1);
    open(known).close();
    expect(checks).toEqual(['PRAGMA quick_check(1)']);
  });

  it('is checked again once somebody has written into the log beside it', async () => {
    const known = await checkElsewhere(path);
    const other = new DatabaseSync(path);
    other.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; UPDATE session SET note = 'x' WHERE id = 1");
    const file = ProjectFile.openToRead(path, { log: silentLog, known });
    expect(file.sessions.get(1).note).toBe('x');
    file.close();
    other.close();
    expect(checks).toEqual(['PRAGMA quick_check(1)']);
  });
});

describe('a large project that was only looked at', () => {
  it('is looked through for what was deleted once, and again only where something was written', () => {
    const scans = (work: (project: ProjectFile) => void): number => {
      const all = vi.spyOn(Sqlite.prototype, 'all');
      const project = open(null);
      work(project);
      project.close();
      const count = all.mock.calls.filter(([sql]) => sql.includes('FROM session WHERE')).length;
      all.mockRestore();
      return count;
    };
    expect(scans((project) => project.sessions.count())).toBe(1);
    expect(scans((project) => project.sessions.delete([2]))).toBe(2);
    const project = open(null);
    expect(project.sessions.count()).toBe(MANY - 1);
    expect(() => project.sessions.restore([2])).toThrow('session.missing');
    project.close();
  });
});

describe('what the other thread does not vouch for', () => {
  it('is a file that is cut short, and what can be read of it is saved as ever', async () => {
    truncateSync(path, readFileSync(path).length - 1_000_000);
    const known = await checkElsewhere(path);
    expect(known).toBeNull();
    const project = open(known);
    expect(project.facts().damage).not.toBeNull();
    project.close();
  });

  it('is one that is no project, is not there, or is small', async () => {
    writeFileSync(folder.file('text'), 'x'.repeat(9_000_000));
    appendFileSync(folder.file('small.heapscope'), 'x');
    for (const name of ['text', 'small.heapscope', 'gone', '.']) expect(await checkElsewhere(folder.file(name))).toBeNull();
  });
});
