import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProjectInfo } from '../../../src-preload/contract/index.ts';
import { silentLog } from '../base/log.ts';
import { ProjectFile } from '../project/index.ts';
import { newSession, newSnapshot, recordSeries } from '../project/testing.ts';
import { DroppedFiles } from './dropped.ts';
import { Projects } from './projects.ts';
import { Recents } from './recents.ts';

let folder = '';
let recents: Recents;
let projects: Projects;
let warned: string[];

const call = () => ({ onProgress: () => undefined, signal: new AbortController().signal });
const at = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'heapscope-projects-')));
  recents = new Recents(folder, silentLog);
  warned = [];
  const log = { ...silentLog, warn: (message: string) => void warned.push(message) };
  projects = new Projects(folder, recents, new DroppedFiles(folder, recents, silentLog), log);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  projects.closeAll();
  rmSync(folder, { recursive: true, force: true });
});

/** A project with one session that is not open. */
function stored(name: string): string {
  const { id, path } = projects.createAt(at(name));
  addSession(id);
  projects.close(id);
  return path;
}

function addSession(id: string): void {
  const writer = projects.file(id).newSession(newSession());
  recordSeries(writer, 1, 5);
  writer.finish({ state: 'ended', exit: null, duration: 500 });
}

const recentPaths = (): string[] => recents.projects().map(({ path }) => path);

describe('a new project', () => {
  it('is untitled, named by day and time, with a number where there is one already', () => {
    vi.useFakeTimers({ now: new Date(2026, 0, 2, 3, 4, 5), toFake: ['Date'] });
    const made = [projects.create(), projects.create(), projects.create()];
    expect(made.map(({ path }) => path)).toEqual(
      ['', ' (2)', ' (3)'].map((suffix) => at(`untitled/Untitled 2026-01-02 03.04.05${suffix}.heapscope`)),
    );
    expect(made.map(({ untitled }) => untitled)).toEqual([true, true, true]);
    expect(new Set(made.map(({ id }) => id)).size).toBe(3);
    expect(projects.list()).toEqual(made);
    expect(recents.projects()[0]).toMatchObject({ path: made[2]?.path, untitled: true });
  });

  it('that nothing was put into goes with its handle; one that holds a session stays, and so does one that was given a place', () => {
    const [empty, used, placed] = [projects.create(), projects.create(), projects.createAt(at('own.heapscope'))];
    addSession(used.id);
    for (const { id } of [empty, used, placed]) projects.close(id);
    expect([empty, used, placed].map(({ path }) => existsSync(path))).toEqual([false, true, true]);
    expect([placed.untitled, recentPaths()]).toEqual([false, [placed.path, used.path]]);
    expect(() => projects.info(empty.id)).toThrow('project.not-open');
  });
});

describe('a copy of an untitled project that lies elsewhere', () => {
  it('is nobody’s to remove: not when it is closed without content, not when it is saved elsewhere', async () => {
    const { id, path } = projects.create();
    projects.file(id); // open while it is copied, since closing removes it
    copyFileSync(path, at('copy.heapscope'));
    for (const end of [(copy: string) => projects.close(copy), (copy: string) => projects.saveAs(copy, at('b.heapscope'), true, call())]) {
      const copy = await projects.open(at('copy.heapscope'));
      expect(copy.untitled).toBe(false);
      await Promise.resolve(end(copy.id));
      expect(existsSync(at('copy.heapscope'))).toBe(true);
    }
  });
});

describe('a project', () => {
  it('that is not open is told by its handle', () => {
    expect(() => projects.file('p99')).toThrowError(expect.objectContaining({ code: 'project.not-open', facts: { project: 'p99' } }));
  });

  it('has one handle, however often it is opened, at once or by a link', async () => {
    const path = stored('a.heapscope');
    symlinkSync(path, at('link.heapscope'));
    const opened: string[] = [];
    projects.onOpened.on(({ id }) => opened.push(id));
    const [one, two] = await Promise.all([projects.open(path), projects.open(path)]);
    const three = await projects.open(at('link.heapscope'));
    expect([two, three, opened, projects.list().length]).toEqual([one, one, [one.id], 1]);
    expect((await projects.open(stored('b.heapscope'))).id).not.toBe(one.id);
  });

  it('tells of its sessions and snapshots under its handle', async () => {
    await projects.open(stored('a.heapscope'));
    const { id } = await projects.open(stored('b.heapscope'));
    const told: unknown[] = [];
    projects.onSession.on((of) => told.push(of));
    projects.onSnapshot.on(({ project, row }) => told.push([project, row.name]));
    projects.file(id).sessions.update(1, { note: 'mine' });
    projects.file(id).snapshots.add(newSnapshot(1, 1));
    expect(told).toEqual([{ project: id, session: 1 }, [id, 'first']]);
  });

  it('that is only read cannot be written to, and says why', async () => {
    const path = stored('a.heapscope');
    const { id } = await projects.openToRead(path, true);
    expect(() => projects.writable(id)).toThrowError(
      expect.objectContaining({ code: 'project.read-only', facts: expect.objectContaining({ path }) as object }),
    );
    expect((await projects.open(path)).access).toBe('write');
    expect(projects.writable(id)).toBe(projects.file(id));
  });

  it('is not opened any more once all have been closed', async () => {
    const path = stored('a.heapscope');
    const opening = [projects.open(path), projects.openToRead(path, true)];
    projects.closeAll();
    for (const each of opening) await expect(each).rejects.toThrow('call.cancelled');
    expect(projects.list()).toEqual([]);
  });

  it('that cannot be closed keeps no other open', async () => {
    const files = [];
    for (const name of ['a.heapscope', 'b.heapscope']) files.push(projects.file((await projects.open(stored(name))).id));
    const [bad, good] = files.map((file) => vi.spyOn(file, 'close'));
    bad?.mockImplementationOnce(() => {
      throw new Error('no');
    });
    projects.closeAll();
    expect([projects.list(), good?.mock.calls.length, warned]).toEqual([[], 1, ['closing a project']]);
    files[0]?.close();
  });
});

describe('a project that is opened for a comparison', () => {
  it('is none of the user’s open ones or recent ones until it is opened as such, under the same handle', async () => {
    const path = stored('a.heapscope');
    recents.forgetProject(path);
    const guest = await projects.openToRead(path, true);
    expect([projects.list(), recentPaths(), await projects.openToRead(path, true)]).toEqual([[], [], guest]);
    const told: ProjectInfo[] = [];
    projects.onOpened.on((info) => told.push(info));
    const own = await projects.open(path);
    expect([own.id, projects.list(), told, recentPaths()]).toEqual([guest.id, [own], [own], [path]]);
  });

  it('is the one that is open already', async () => {
    const own = await projects.open(stored('a.heapscope'));
    expect(await projects.openToRead(own.path, false)).toEqual(own);
    expect(projects.list()).toEqual([own]);
  });

  it('has a handle of its own', async () => {
    const guests = [await projects.openToRead(stored('a.heapscope'), true), await projects.openToRead(stored('b.heapscope'), true)];
    const next = projects.createAt(at('c.heapscope'));
    expect(new Set([...guests, next].map(({ id }) => id)).size).toBe(3);
  });

  it('that cannot be opened any more is not open at all', async () => {
    const path = stored('a.heapscope');
    const { id } = await projects.openToRead(path, true);
    writeFileSync(path, 'no project');
    await expect(projects.open(path)).rejects.toThrow('project.not-a-project');
    expect(() => projects.info(id)).toThrow('project.not-open');
    await expect(projects.openToRead(path, true)).rejects.toThrow('project.not-a-project');
  });

  it('stays when it is closed, whatever it holds: another Heapscope may have it', async () => {
    mkdirSync(at('untitled'), { recursive: true });
    ProjectFile.create(at('untitled/empty.heapscope'), { untitled: true, log: silentLog }).close();
    const guest = await projects.openToRead(at('untitled/empty.heapscope'), true);
    expect(guest).toMatchObject({ untitled: true, access: 'read-only' });
    projects.close(guest.id);
    expect(existsSync(guest.path)).toBe(true);
  });

  it('must have been chosen once', async () => {
    const path = stored('a.heapscope');
    const elsewhere = new Projects(
      at('other'),
      new Recents(at('other'), silentLog),
      new DroppedFiles(at('other'), recents, silentLog),
      silentLog,
    );
    await expect(elsewhere.openToRead(path, false)).rejects.toThrow('project.unconfirmed');
    await elsewhere.openToRead(path, true);
    elsewhere.closeAll();
    const later = new Projects(
      at('other'),
      new Recents(at('other'), silentLog),
      new DroppedFiles(at('other'), recents, silentLog),
      silentLog,
    );
    expect(await later.openToRead(path, false)).toMatchObject({ path });
    later.closeAll();
  });
});

describe('saving elsewhere', () => {
  it('gives an untitled project its place and its name’s ending, and tells those who show it', async () => {
    const { id, path } = projects.create();
    addSession(id);
    const told: ProjectInfo[] = [];
    projects.onChange.on((info) => told.push(info));
    const saved = await projects.saveAs(id, at('mine'), false, call());
    expect(saved).toMatchObject({ id, path: at('mine.heapscope'), untitled: false });
    expect([told, recentPaths(), existsSync(path)]).toEqual([[saved], [saved.path], false]);
    expect(recents.projects()[0]?.untitled).toBe(false);
    projects.close(id);
    expect(await projects.openToRead(saved.path, false)).toMatchObject({ path: saved.path });
  });

  it('leaves the project that had a place among the recent ones', async () => {
    const { id, path } = await projects.open(stored('a.heapscope'));
    await projects.saveAs(id, at('b.heapscope'), false, call());
    expect(recentPaths()).toEqual([at('b.heapscope'), path]);
  });

  it('to where it is changes nothing, and to where another is open is refused', async () => {
    const [one, two] = [await projects.open(stored('a.heapscope')), await projects.open(stored('b.heapscope'))];
    const told: unknown[] = [];
    projects.onChange.on((info) => told.push(info));
    expect(await projects.saveAs(one.id, one.path, true, call())).toEqual(one);
    await expect(projects.saveAs(one.id, two.path, true, call())).rejects.toMatchObject({
      code: 'project.in-use',
      facts: { path: two.path },
    });
    expect(told).toEqual([]);
  });

  it('through a link to a folder is where the link leads', async () => {
    mkdirSync(at('target'));
    symlinkSync(at('target'), at('link'));
    const { id } = await projects.open(stored('a.heapscope'));
    expect((await projects.saveAs(id, at('link/b.heapscope'), false, call())).path).toBe(at('target/b.heapscope'));
    await expect(projects.saveAs(id, at('gone/c.heapscope'), false, call())).rejects.toThrow();
  });
});

describe('copying sessions', () => {
  it('makes a file where there is none, and adds to one that is there: neither stays open', async () => {
    const { id } = await projects.open(stored('a.heapscope'));
    addSession(id);
    const target = at('copy.heapscope');
    expect(await projects.copySessions(id, [1], at('copy'), call())).toEqual({ copied: 1, toPath: target });
    expect(await projects.copySessions(id, [1, 2], target, call())).toEqual({ copied: 1, toPath: target });
    expect([projects.list().length, recentPaths()[0], readdirSync(folder).filter((name) => name.startsWith('copy.heapscope'))]).toEqual([
      1,
      target,
      ['copy.heapscope'],
    ]);
    expect(recents.projects()[0]?.untitled).toBe(false);
    const copy = await projects.openToRead(target, false);
    expect(copy.untitled).toBe(false);
    expect(projects.file(copy.id).sessions.list()).toHaveLength(2);
  });

  it('into a project that is open tells those who show it, and leaves it open', async () => {
    const [from, to] = [await projects.open(stored('a.heapscope')), await projects.open(stored('b.heapscope'))];
    const told: string[] = [];
    projects.onSessions.on((project) => told.push(project));
    await projects.copySessions(from.id, [1], to.path, call());
    expect([told, projects.file(to.id).sessions.list().length]).toEqual([[to.id], 2]);
  });

  it('into one that is only read is refused, and says why', async () => {
    const [from, guest] = [await projects.open(stored('a.heapscope')), await projects.openToRead(stored('b.heapscope'), true)];
    const copying = projects.copySessions(from.id, [1], guest.path, call());
    await expect(copying).rejects.toMatchObject({ code: 'project.read-only', facts: { path: guest.path, reason: guest.readOnlyReason } });
    expect(projects.file(guest.id).sessions.list()).toHaveLength(1);
  });
});
