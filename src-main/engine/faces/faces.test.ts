import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnyEvent, LaunchSpec, ProjectId, SessionId } from '../../../src-preload/contract/index.ts';
import { silentLog } from '../base/log.ts';
import { createEngine, type Engine } from '../index.ts';
import { newSession } from '../project/testing.ts';

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
