import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnyEvent, LaunchSpec, ProjectId, SessionId } from '../../../src-preload/contract/index.ts';
import { silentLog } from '../base/log.ts';
import { createEngine, type Engine } from '../index.ts';
import { addReadySnapshot, newSession } from '../project/testing.ts';

let folder: string;
let engine: Engine;
let project: ProjectId;
let sessions: SessionId[];
let events: AnyEvent[];

/** A project with three sessions that have ended, and no Python. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-faces-'));
  engine = await createEngine({ dataFolder: folder, agentFolder: folder, samplesFolder: folder, log: silentLog });
  project = engine.projects.createAt(join(folder, 'a.heapscope')).id;
  sessions = ['one', 'two', 'three'].map((name) => {
    const writer = engine.projects.file(project).newSession(newSession({ name }));
    writer.finish({ state: 'ended', exit: null, duration: 5000 });
    return writer.id;
  });
  events = [];
  engine.events.on((event) => events.push(event));
});

afterEach(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const names = (): string[] => engine.sessions.list({ project }).map(({ name }) => name);
const told = (): string[] => events.map(({ event }) => event);

describe('sessions', () => {
  it('are listed whole, or in pieces after a number', () => {
    expect(names()).toEqual(['one', 'two', 'three']);
    expect(engine.sessions.list({ project, after: sessions[0]!, limit: 1 })).toMatchObject([{ name: 'two' }]);
    expect(engine.sessions.list({ project, after: sessions[0]! })).toMatchObject([{ name: 'two' }, { name: 'three' }]);
    expect(engine.sessions.list({ project, after: 0, limit: 0 })).toEqual([]);
  });

  it('deleted and restored are told each time', () => {
    engine.sessions.delete({ project, sessions: [sessions[1]!] });
    expect(names()).toEqual(['one', 'three']);
    expect(told()).toEqual(['sessions.changed']);
    engine.sessions.restore({ project, sessions: [sessions[1]!] });
    expect(names()).toEqual(['one', 'two', 'three']);
    expect(told()).toEqual(['sessions.changed', 'sessions.changed']);
  });

  it('are renamed and annotated one at a time', () => {
    const row = engine.sessions.update({ project, session: sessions[2]!, name: 'last', note: 'leaks' });
    expect(row).toMatchObject({ name: 'last', note: 'leaks' });
    expect(engine.sessions.get({ project, session: sessions[2]! })).toEqual(row);
    expect(names()).toEqual(['one', 'two', 'last']);
  });
});

describe('what is stored', () => {
  it('of a session is read as it was recorded', () => {
    const writer = engine.projects.file(project).newSession(newSession());
    const { id } = writer.addProcess({ pid: 10, parent: null, command: 'python', python: null, start: 0, agent: 'none' });
    const series = writer.addSeries(id, 'rss');
    for (const t of [0, 1000]) writer.append(series, t, t + 5);
    writer.appendConsole(0, Buffer.from('hello'));
    writer.addEvent(id, 500, 'mark', { name: 'loaded', source: 'user' });
    writer.finish({ state: 'ended', exit: null, duration: 1000 });
    const ref = { project, session: writer.id };
    expect(engine.sessions.processes(ref)).toMatchObject([{ pid: 10 }]);
    expect(engine.sessions.series(ref)).toMatchObject([{ id: series, metric: 'rss', samples: 2 }]);
    expect(engine.sessions.events({ ...ref, from: 0, to: 499, limit: 9 }).events).toEqual([]);
    expect(engine.sessions.events({ ...ref, from: 0, to: 500, limit: 9 }).events).toMatchObject([{ t: 500, facts: { name: 'loaded' } }]);
    expect([...engine.timeline.window({ project, series: [series], from: 0, to: 1000, buckets: 9 })[0]!.lo]).toEqual([5, 1005]);
    expect(engine.timeline.stats({ project, series: [series], from: 0, to: 999 })).toMatchObject([{ samples: 1, mean: 5 }]);
    expect(engine.console.info(ref)).toMatchObject({ total: 5, columns: 80 });
    expect(engine.console.read({ ...ref, offset: 1, limit: 2 }).map(({ data }) => Buffer.from(data).toString())).toEqual(['el']);
    expect(engine.console.search({ ...ref, text: 'LL', matchCase: false, limit: 1 })).toMatchObject({ total: 1, hits: [{ offset: 2 }] });
  });

  it('is copied to another file', async () => {
    const toPath = join(folder, 'b.heapscope');
    const call = { onProgress: () => undefined, signal: new AbortController().signal };
    expect(await engine.sessions.copy({ project, sessions: sessions.slice(0, 2), toPath }, call)).toEqual({ copied: 2, toPath });
  });

  it('for finding objects again is set, changed and deleted', async () => {
    const file = engine.projects.file(project);
    const writer = file.newSession(newSession());
    writer.addProcess({ pid: 1, parent: null, command: 'x', python: null, start: 0, agent: 'gone' });
    writer.finish({ state: 'ended', exit: null, duration: 1 });
    const { id: snapshot } = await addReadySnapshot(file, writer.id, 1);
    const mark = engine.bookmarks.set({ project, snapshot, node: 3, note: 'look', label: 'User' });
    engine.bookmarks.set({ project, snapshot, node: 3, note: 'again', label: 'User' });
    expect(engine.bookmarks.list({ project })).toEqual([{ id: mark.id, snapshot, node: 3, note: 'again', label: 'User' }]);
    engine.bookmarks.delete({ project, id: mark.id });
    expect(engine.bookmarks.list({ project })).toEqual([]);
  });
});

describe('runs beside each other', () => {
  it('have their figures in the order asked for, and none where the session or its file is not to be had', async () => {
    const other = engine.projects.createAt(join(folder, 'b.heapscope'));
    const writer = engine.projects.file(other.id).newSession(newSession({ name: 'elsewhere' }));
    writer.finish({ state: 'ended', exit: null, duration: 7 });
    const { uuid } = engine.projects.file(other.id).sessions.get(writer.id);
    await engine.projects.close({ project: other.id });
    const own = engine.sessions.get({ project, session: sessions[1]! }).uuid;
    const runs = [
      { path: other.path, uuid },
      { path: null, uuid: own },
      { path: null, uuid },
      { path: join(folder, 'never-chosen.heapscope'), uuid },
    ];
    const figures = await engine.runs.figures({ project, runs, align: { at: 'start' } });
    expect(figures.map((each) => each?.name ?? null)).toEqual(['elsewhere', 'two', null, null]);
    rmSync(other.path);
    const later = await engine.runs.figures({ project, runs: [{ path: `${folder}/./b.heapscope`, uuid: 'x' }], align: { at: 'start' } });
    expect(later).toEqual([null]);
  });

  it('are kept in the project until they are deleted', () => {
    const comparison = { id: 0, name: 'both', runs: [], baseline: 0, align: { at: 'start' }, layout: 'overlay', metric: 'rss' } as const;
    const kept = engine.runs.save({ project, comparison: { ...comparison, runs: [] } });
    engine.runs.save({ project, comparison: { ...kept, name: 'renamed' } });
    expect(engine.runs.list({ project })).toEqual([{ ...kept, name: 'renamed' }]);
    engine.runs.delete({ project, id: kept.id });
    expect(engine.runs.list({ project })).toEqual([]);
  });
});

describe('files of this machine', () => {
  it('are listed to be picked, and taken in where they were dropped', async () => {
    const { path } = await engine.app.receiveFile({ name: 'a.py', data: Buffer.from('1') });
    expect(path).toBe(join(folder, 'dropped', 'a.py'));
    const { entries } = await engine.app.listFiles({ path: join(folder, 'dropped'), filter: 'python' });
    expect(entries.map(({ name }) => name)).toEqual(['a.py']);
    writeFileSync(join(folder, 'leaky.py'), '');
    expect(engine.launch.samples().map(({ name }) => name)).toEqual(['leaky.py']);
  });
});

describe('a session that is not recorded', () => {
  it.each([
    ['written to', () => engine.console.write({ project, session: sessions[0]!, data: 'x' })],
    ['resized', () => engine.console.resize({ project, session: sessions[0]!, columns: 80, rows: 24 })],
    ['stopped', () => engine.recording.stop({ project, session: sessions[0]!, how: 'kill' })],
    ['paused', () => engine.recording.pause({ project, session: sessions[0]!, paused: true })],
    ['marked', () => engine.recording.mark({ project, session: sessions[0]!, name: 'x' })],
  ])('cannot be %s', (_what, work) => {
    expect(work).toThrowError(expect.objectContaining({ code: 'recording.not-running' }));
  });
});

describe('a launch that nobody has confirmed', () => {
  const spec: LaunchSpec = {
    mode: 'code',
    interpreter: '',
    target: '1',
    args: [],
    cwd: '',
    env: {},
    intervalMs: 100,
    tracemallocFrames: 0,
    sampling: 0,
  };

  it('is neither checked nor started, and leaves no project', async () => {
    const before = engine.projects.list();
    const signal = new AbortController().signal;
    await expect(engine.launch.check({ spec, confirmed: false }, signal)).rejects.toMatchObject({ code: 'launch.unconfirmed' });
    const start = { spec, confirmed: false, project: null, columns: 80, rows: 24, starter: 'pty' as const };
    await expect(engine.recording.start(start)).rejects.toMatchObject({ code: 'launch.unconfirmed' });
    expect(engine.projects.list()).toEqual(before);
  });
});

describe('a closed project', () => {
  it('is none any more, and is among the recent ones until it is forgotten', async () => {
    const { path } = engine.projects.list()[0]!;
    await engine.projects.close({ project });
    expect(engine.projects.list()).toEqual([]);
    expect(() => engine.sessions.list({ project })).toThrowError(expect.objectContaining({ code: 'project.not-open' }));
    expect(engine.projects.recents()).toMatchObject([{ path, exists: true }]);
    engine.projects.forget({ path });
    expect(engine.projects.recents()).toEqual([]);
  });
});

describe('a file that is only read for a comparison', () => {
  it('is no open project, and nothing in it is changed', async () => {
    const { path } = engine.projects.list()[0]!;
    await engine.projects.close({ project });
    const source = await engine.runs.source({ path, confirmed: false });
    expect(engine.projects.list()).toEqual([]);
    const ref = { project: source.project, session: sessions[0]! };
    expect(engine.sessions.get(ref)).toMatchObject({ name: 'one' });
    const refused = expect.objectContaining({ code: 'project.read-only' });
    expect(() => engine.sessions.update({ ...ref, name: 'other' })).toThrowError(refused);
    expect(() => engine.sessions.delete({ project: source.project, sessions })).toThrowError(refused);
    expect(() => engine.snapshots.delete({ project: source.project, snapshots: [] })).toThrowError(refused);
    expect(() => engine.bookmarks.delete({ project: source.project, id: 1 })).toThrowError(refused);
    expect(() => engine.runs.delete({ project: source.project, id: 1 })).toThrowError(refused);
  });
});

describe('settings', () => {
  it('changed in part keep the rest, and every window is told', () => {
    const before = engine.app.settings();
    expect(engine.app.changeSettings({ theme: 'dark' })).toEqual({ ...before, theme: 'dark' });
    expect(engine.app.settings().theme).toBe('dark');
    expect(told()).toEqual(['settings.changed']);
  });
});
