import { appendFileSync, existsSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorData, SessionId, SnapshotId, SnapshotProgress } from '../../../src-preload/contract/index.ts';
import type { Analysis, ImportedHeap, ImportRequest } from '../analysis/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import { silentLog } from '../base/log.ts';
import type { ProjectFile } from '../project/index.ts';
import { newSession, newSnapshot, readSnapshot, TestFolder } from '../project/testing.ts';
import { SnapshotImports } from './snapshot-imports.ts';

let folder: TestFolder;
let project: ProjectFile;
let session: SessionId;

beforeEach(() => {
  folder = new TestFolder();
  project = folder.create();
  const writer = project.newSession(newSession());
  writer.finish({ state: 'ended', exit: null, duration: 1 });
  session = writer.id;
});

afterEach(() => {
  project.close();
  folder[Symbol.dispose]();
});

const HEAP: ImportedHeap = {
  summary: {
    objects: 3,
    references: 2,
    shallow: 300,
    types: 1,
    roots: [],
    garbage: { objects: 0, shallow: 0 },
    uncollectable: { objects: 0, shallow: 0 },
    external: { objects: 0, references: 0 },
    own: 0,
    arrays: 0,
    sites: false,
    previews: false,
    notes: [],
  },
  facts: {
    method: 'fork',
    python: '3.12.1',
    pid: 10,
    collected: false,
    previews: false,
    frames: 0,
    objects: 3,
    tracked: 2,
    references: 2,
    size: 300,
    garbage: 0,
  },
  types: [{ module: 'app', name: 'User', count: 3, shallow: 300, retained: 300 }],
  tables: Uint8Array.of(1, 2, 3),
};

/** An analysis whose imports the test controls. */
function imports(importDump: (request: ImportRequest) => Promise<ImportedHeap>): SnapshotImports {
  const never = () => Promise.reject(new Error('not asked'));
  const analysis: Analysis = { importDump, query: never, forget: () => undefined, dispose: () => Promise.resolve() };
  return new SnapshotImports(analysis, silentLog);
}

function dumped(to: SnapshotImports, isThere = true, of = 'p1', incomplete?: ErrorData): { id: SnapshotId; path: string } {
  const row = project.snapshots.add(newSnapshot(session, 1));
  const path = folder.file(`${row.id}.heapdump`);
  if (isThere) writeFileSync(path, 'dump');
  to.add({
    project: of,
    row,
    store: project.snapshots,
    path,
    removeDump: () => folder.remove(`${row.id}.heapdump`),
    ...(incomplete && { incomplete }),
  });
  return { id: row.id, path };
}

async function untilStopped({ signal }: ImportRequest): Promise<ImportedHeap> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  throw new HeapscopeError('call.cancelled');
}

describe('a dump that a forked copy still writes', () => {
  const GONE: ErrorData = { code: 'agent.gone', facts: { pid: 10 } };
  const finish = (path: string): void => appendFileSync(path, Buffer.concat([Buffer.from('END!'), Buffer.alloc(44)]));

  it('is imported once it is complete, and not before', async () => {
    const asked: string[] = [];
    const waiting = imports(({ path }) => Promise.resolve(HEAP).finally(() => asked.push(path)));
    const { id, path } = dumped(waiting, true, 'p1', GONE);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked).toEqual([]);
    finish(path);
    await waiting.settled('p1');
    expect([asked, project.snapshots.get(id).state, existsSync(path)]).toEqual([[path], 'ready', false]);
  });

  it('fails with the reason that was given when it ends early, and leaves no dump', async () => {
    const never = imports(() => Promise.reject(new Error('not asked')));
    const { id, path } = dumped(never, true, 'p1', GONE);
    utimesSync(path, 0, 0);
    await never.settled('p1');
    expect(project.snapshots.get(id)).toMatchObject({ state: 'failed', error: GONE });
    expect(existsSync(path)).toBe(false);
  });

  it('is not waited for when its project closes', async () => {
    const never = imports(() => Promise.reject(new Error('not asked')));
    const { id } = dumped(never, true, 'p1', GONE);
    await never.abort('p1');
    expect(project.snapshots.get(id)).toMatchObject({ state: 'failed', error: { code: 'snapshot.cancelled' } });
  });
});

describe('a dump that cannot be imported', () => {
  it.each([
    ['is cut', new HeapscopeError('snapshot.cut', { path: 'x', detail: '' }), 'snapshot.cut'],
    [
      'is too large',
      new HeapscopeError('snapshot.too-large', { objects: 1, references: 1, needed: 9, available: 1 }),
      'snapshot.too-large',
    ],
    ['finds a full disk', new HeapscopeError('recording.disk-full', { path: 'x', detail: '' }), 'snapshot.no-space'],
    ['finds a defect', new TypeError('of ours'), 'internal'],
  ])('as it %s leaves a row that says so, no pieces and no dump', async (_how, error, code) => {
    const failing = imports(async ({ onColumn }) => {
      await onColumn({ name: 'type', chunk: 0, data: Uint8Array.of(1) });
      throw error;
    });
    const failed: string[] = [];
    failing.onFailed.on(({ error: { code: told } }) => failed.push(told));
    const { id, path } = dumped(failing);
    await failing.settled(null);
    expect(project.snapshots.get(id)).toMatchObject({ state: 'failed', error: { code } });
    expect(failed).toEqual([code]);
    expect(existsSync(path)).toBe(false);
    expect(failing.count('p1')).toBe(0);
  });

  it('since it is not there any more says so', async () => {
    const none = imports(() => Promise.reject(new Error('not asked')));
    const { id } = dumped(none, false);
    await none.settled('p1');
    expect(project.snapshots.get(id)).toMatchObject({ state: 'failed', error: { code: 'file.missing' } });
  });

  it('since it was deleted meanwhile is let go', async () => {
    const waiting = imports(untilStopped);
    const { id, path } = dumped(waiting);
    project.snapshots.setDeleted([id], true);
    expect(waiting.cancel('p1', id)).toBe(true);
    await waiting.settled('p1');
    expect(existsSync(path)).toBe(false);
  });
});

describe('an import whose turn comes while a program is paused', () => {
  /** Reports when an import has begun. */
  function pausing(): { to: SnapshotImports; begun: string[]; end: () => void } {
    const begun: string[] = [];
    const to = imports(async ({ path, onTurn }) => {
      await onTurn?.();
      begun.push(path);
      return HEAP;
    });
    return { to, begun, end: to.pauses.watch({ untilPause: () => 0 }) };
  }

  it('begins when that is over', async () => {
    const { to, begun, end } = pausing();
    const { id, path } = dumped(to);
    while (project.snapshots.get(id).state !== 'importing') await new Promise((done) => setTimeout(done, 5));
    expect(begun).toEqual([]);
    end();
    await to.settled('p1');
    expect([begun, project.snapshots.get(id).state]).toEqual([[path], 'ready']);
  });

  it('can be cancelled', async () => {
    const { to, begun } = pausing();
    const { id, path } = dumped(to);
    while (project.snapshots.get(id).state !== 'importing') await new Promise((done) => setTimeout(done, 5));
    to.cancel('p1', id);
    await to.settled('p1');
    expect(project.snapshots.get(id).error?.code).toBe('snapshot.cancelled');
    expect([begun, existsSync(path)]).toEqual([[], false]);
  });
});

describe('cancelling', () => {
  it('ends one import, not the others', async () => {
    let release: (heap: ImportedHeap) => void = () => undefined;
    const held = imports((request) => Promise.race([new Promise<ImportedHeap>((resolve) => (release = resolve)), untilStopped(request)]));
    const first = dumped(held);
    await new Promise((done) => setTimeout(done, 50));
    const second = dumped(held);
    expect(held.cancel('p1', first.id)).toBe(true);
    expect(held.cancel('p2', second.id)).toBe(false);
    while (project.snapshots.get(first.id).state !== 'failed') await new Promise((done) => setTimeout(done, 5));
    while (project.snapshots.get(second.id).state !== 'importing') await new Promise((done) => setTimeout(done, 5));
    expect(project.snapshots.get(first.id).error).toEqual({ code: 'snapshot.cancelled', facts: { pid: 10 } });
    release(HEAP);
    await held.settled('p1');
    expect(project.snapshots.get(second.id).state).toBe('ready');
  });

  it('those of one project leaves those of another', async () => {
    const waiting = imports(untilStopped);
    const here = dumped(waiting);
    const there = dumped(waiting, true, 'p2');
    expect([waiting.count('p1'), waiting.count('p2'), waiting.count('p3')]).toEqual([1, 1, 0]);
    await waiting.abort('p1');
    expect(project.snapshots.get(here.id).error?.code).toBe('snapshot.cancelled');
    expect([waiting.count('p1'), waiting.count('p2')]).toEqual([0, 1]);
    expect([waiting.cancel('p2', here.id), waiting.cancel('p2', there.id)]).toEqual([false, true]);
    await waiting.settled('p2');
    expect(waiting.count('p2')).toBe(0);
  });

  it('all, as a project is closed, leaves none half done', async () => {
    const waiting = imports(untilStopped);
    const ids = [dumped(waiting).id, dumped(waiting).id];
    await waiting.abort('p1');
    expect(ids.map((id) => project.snapshots.get(id).error?.code)).toEqual(['snapshot.cancelled', 'snapshot.cancelled']);
  });
});

describe('a dump that is whole', () => {
  it('becomes a ready snapshot with its pieces, step by step', async () => {
    const good = imports(async ({ onColumn, onProgress }) => {
      onProgress({ step: 'reading', done: 0.5, objects: 2 });
      onProgress({ step: 'reading', done: 0.51, objects: 2 });
      onProgress({ step: 'storing', done: null, objects: 3 });
      await onColumn({ name: 'type', chunk: 0, data: Uint8Array.of(1, 2) });
      return HEAP;
    });
    const told: SnapshotProgress[] = [];
    good.onProgress.on(({ progress }) => told.push(progress));
    const { id, path } = dumped(good);
    await good.settled('p1');
    expect(project.snapshots.get(id)).toMatchObject({
      state: 'ready',
      error: null,
      method: 'fork',
      python: '3.12.1',
      objects: 3,
      tracked: 2,
      references: 2,
      size: 300,
      garbage: 0,
      dumpBytes: 4,
    });
    expect(await readSnapshot(project, id)).toEqual([{ name: 'type', chunk: 0, data: Uint8Array.of(1, 2) }]);
    expect(told.map(({ step, done }) => [step, done])).toEqual([
      ['reading', null],
      ['reading', 0.5],
      ['storing', null],
    ]);
    expect(existsSync(path)).toBe(false);
  });
});
