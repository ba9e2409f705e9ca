import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnyEvent, Outcome, ProjectId, RunSource } from '../../src-preload/contract/index.ts';
import { silentLog } from '../engine/faces/base.ts';
import { createEngine, type Engine } from '../engine/index.ts';
import { addReadySnapshot, newSession } from '../engine/project/testing.ts';
import { createRouter, type Router } from './index.ts';

let folder: string;
let engine: Engine;
let router: Router;
let project: ProjectId;
let events: AnyEvent[];

/** A project with one ended session, two ready snapshots and no Python. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-rpc-'));
  engine = await createEngine({ dataFolder: folder, agentFolder: folder, samplesFolder: folder, log: silentLog });
  router = createRouter(engine, { info: () => never(), log: silentLog });
  events = [];
  router.onEvent((event) => events.push(event));
  project = engine.projects.create().id;
  const file = engine.projects.file(project);
  const writer = file.newSession(newSession());
  const { id } = writer.addProcess({ pid: 10, parent: null, command: 'python', python: '3.12.1', start: 0, agent: 'connected' });
  writer.finish({ state: 'ended', exit: null, duration: 5000 });
  await addReadySnapshot(file, writer.id, id, 100);
  await addReadySnapshot(file, writer.id, id, 300);
});

afterEach(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

function never(): never {
  throw new Error('not asked');
}

function call(method: string, args: unknown): Promise<Outcome<unknown>> {
  return router.call(method, args, { signal: AbortSignal.timeout(10_000), onProgress: () => undefined, shell: 'browser' });
}

async function value(method: string, args: unknown): Promise<unknown> {
  const outcome = await call(method, args);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}

const ROWS = { filter: null, sort: null, from: 0, count: 10 };
const OPTIONS = { method: 'auto', collectFirst: false, previews: false, redact: [], memoryLimit: null, joinPages: false };

describe('arguments that are not of their form', () => {
  it.each([
    ['snapshots.take', { session: 1, processes: null, name: '', options: { ...OPTIONS, method: 'magic' } }],
    [
      'snapshots.setPlan',
      { session: 1, options: OPTIONS, rules: { every: 1, rssAbove: null, rssStep: null, atMark: null, atExit: false, limit: 1 } },
    ],
    ['snapshots.update', { snapshot: 1, name: '' }],
    ['heap.objects', { snapshot: 1, set: { of: 'everything' }, ...ROWS }],
    ['heap.objects', { snapshot: 1, set: { of: 'all' }, ...ROWS, count: 1e9 }],
    [
      'heap.groups',
      { snapshot: 1, by: 'type', within: { of: 'all' }, parent: null, ...ROWS, filter: { kind: 'and', parts: [{ kind: 'evil' }] } },
    ],
    ['heap.object', { snapshot: 1, node: -1 }],
    ['compare.groups', { snapshots: [], by: 'type', growing: false, changed: false, below: 'all', ...ROWS }],
    ['runs.save', { comparison: { id: 0, name: 'x', runs: 7 } }],
  ])('are refused by %s', async (method, args) => {
    expect(await call(method, { project, ...args })).toMatchObject({ ok: false, error: { code: 'call.invalid', facts: { method } } });
  });
});

describe('calls that cannot be done', () => {
  it.each([
    ['snapshots.forecast', { session: 1 }, 'recording.not-running'],
    ['snapshots.take', { session: 1, processes: null, name: '', options: OPTIONS }, 'recording.not-running'],
    ['snapshots.cancel', { snapshot: 9 }, 'snapshot.missing'],
    ['snapshots.update', { snapshot: 9, name: 'x' }, 'snapshot.missing'],
    ['snapshots.delete', { snapshots: [1, 9] }, 'snapshot.missing'],
    ['heap.summary', { snapshot: 9 }, 'snapshot.missing'],
    // The test's pieces are not a valid heap: that is found before anything is shown.
    ['heap.object', { snapshot: 1, node: 1 }, 'snapshot.damaged'],
  ])('%s say so', async (method, args, code) => {
    expect(await call(method, { project, ...args })).toMatchObject({ ok: false, error: { code } });
    expect(await value('snapshots.list', { project, session: null })).toHaveLength(2);
  });
});

describe('snapshots', () => {
  it('are listed, named, deleted and restored', async () => {
    expect(await value('snapshots.list', { project, session: 1 })).toMatchObject([
      { id: 1, objects: 100 },
      { id: 2, objects: 300 },
    ]);
    expect(await value('snapshots.update', { project, snapshot: 2, name: 'after', note: 'n' })).toMatchObject({ name: 'after', note: 'n' });
    await value('snapshots.cancel', { project, snapshot: 2 });
    await value('snapshots.delete', { project, snapshots: [1] });
    expect(await value('snapshots.list', { project, session: null })).toMatchObject([{ id: 2, state: 'ready', name: 'after' }]);
    await value('snapshots.restore', { project, snapshots: [1] });
    expect(await value('snapshots.list', { project, session: null })).toHaveLength(2);
    expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(['snapshot.changed', 'snapshots.changed']));
  });

  it('have bookmarks', async () => {
    const mark = await value('bookmarks.set', { project, snapshot: 1, node: 5, note: '', label: 'dict' });
    expect(await value('bookmarks.list', { project })).toEqual([mark]);
    await value('bookmarks.delete', { project, id: 1 });
    expect(await value('bookmarks.list', { project })).toEqual([]);
  });

  it('are taken by rules that the next recording starts with', async () => {
    const rules = { every: 30_000, rssAbove: null, rssStep: null, atMark: 'loaded', atExit: true, limit: 5 };
    const before = await value('snapshots.plan', { project, session: 1 });
    expect(before).toMatchObject({ rules: { every: null, atExit: false } });
    await value('snapshots.setPlan', { project, session: 1, rules, options: OPTIONS });
    expect(await value('snapshots.plan', { project, session: 1 })).toEqual({ rules, options: OPTIONS });
  });
});

describe('runs', () => {
  it('of this file and of another have figures side by side; the other is no open project', async () => {
    const elsewhere = join(folder, 'other.heapscope');
    const { id } = engine.projects.createAt(elsewhere);
    engine.projects
      .file(id)
      .newSession(newSession({ name: 'other' }))
      .finish({ state: 'ended', exit: null, duration: 7000 });
    const uuid = engine.projects.file(id).sessions.get(1).uuid;
    await engine.projects.close({ project: id });
    const runs = [
      { path: null, uuid: engine.projects.file(project).sessions.get(1).uuid },
      { path: elsewhere, uuid },
      { path: join(folder, 'nowhere.heapscope'), uuid },
      { path: null, uuid },
    ];
    const figures = await value('runs.figures', { project, runs, align: { at: 'start' } });
    expect(figures).toMatchObject([
      {
        project,
        duration: 5000,
        lastSnapshot: { id: 2, objects: 300 },
        topGrowing: [{ module: 'app', name: 'User', count: 200, bytes: 9600 }],
      },
      { name: 'other', duration: 7000 },
      null,
      null,
    ]);
    expect(await value('projects.list', {})).toHaveLength(1);
    // Once the user opens it, the same handle can be written to.
    const guest = (figures as { project: ProjectId }[])[1]!.project;
    expect(await value('projects.open', { path: elsewhere })).toMatchObject({ id: guest, access: 'write' });
    expect(await value('projects.list', {})).toHaveLength(2);
  });

  it('of a file that is not open can be listed and their snapshots looked at, without opening it for the user', async () => {
    const elsewhere = join(folder, 'other.heapscope');
    const { id } = engine.projects.createAt(elsewhere);
    engine.projects
      .file(id)
      .newSession(newSession({ name: 'other' }))
      .finish({ state: 'ended', exit: null, duration: 7000 });
    await engine.projects.close({ project: id });
    const source = (await value('runs.source', { path: elsewhere, confirmed: false })) as RunSource;
    expect(source).toMatchObject({ name: 'other', untitled: false });
    expect(await value('sessions.list', { project: source.project })).toMatchObject([{ name: 'other' }]);
    expect(await value('snapshots.list', { project: source.project, session: null })).toEqual([]);
    expect(await value('projects.list', {})).toHaveLength(1);
    expect(await call('runs.source', { path: join(folder, 'nowhere.heapscope'), confirmed: true })).toMatchObject({
      ok: false,
      error: { code: 'project.missing' },
    });
  });

  it('of a file that the user never opened here are not looked for, until the user chooses it', async () => {
    const foreign = join(folder, 'foreign.heapscope');
    const { id } = engine.projects.createAt(foreign);
    engine.projects.file(id).newSession(newSession()).finish({ state: 'ended', exit: null, duration: 7000 });
    const runs = [{ path: foreign, uuid: engine.projects.file(id).sessions.get(1).uuid }];
    await engine.projects.close({ project: id });
    rmSync(join(folder, 'known-projects.json'));
    engine.projects.forget({ path: foreign });
    const figures = (): Promise<unknown> => value('runs.figures', { project, runs, align: { at: 'start' } });
    expect(await figures()).toEqual([null]);
    expect(await call('runs.source', { path: foreign, confirmed: false })).toMatchObject({
      ok: false,
      error: { code: 'project.unconfirmed', facts: { path: foreign } },
    });
    await value('runs.source', { path: foreign, confirmed: true });
    expect(await figures()).toMatchObject([{ duration: 7000 }]);
  });

  it('laid side by side are kept', async () => {
    const comparison = {
      id: 0,
      name: 'a and b',
      runs: [],
      baseline: 0,
      align: { at: 'mark', name: 'loaded' },
      layout: 'lanes',
      metric: 'rss',
    };
    const kept = await value('runs.save', { project, comparison });
    expect(await value('runs.list', { project })).toEqual([kept]);
    await value('runs.delete', { project, id: 1 });
    expect(await value('runs.list', { project })).toEqual([]);
  });
});
