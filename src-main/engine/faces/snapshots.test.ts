import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AnyEvent, ProjectId, SessionId, SnapshotId, SnapshotPlan, SnapshotRow } from '../../../src-preload/contract/index.ts';
import { Emitter } from '../base/emitter.ts';
import { silentLog } from '../base/log.ts';
import type { ProjectFile } from '../project/index.ts';
import { addReadySnapshot, newSession, newSnapshot } from '../project/testing.ts';
import { DroppedFiles } from '../workspace/dropped.ts';
import { Projects } from '../workspace/projects.ts';
import { Recents } from '../workspace/recents.ts';
import { DEFAULT_PLAN } from '../workspace/snapshot-defaults.ts';
import { SnapshotsFace } from './snapshots.ts';

let folder: string;
let projects: Projects;
let project: ProjectId;
let session: SessionId;
let file: ProjectFile;
let face: SnapshotsFace;
let events: AnyEvent[];
let warned: string[];

/** What takes snapshots of a session while it is recorded; null: none is. */
let recorded: { cancel: (id: SnapshotId) => void; setPlan: (plan: SnapshotPlan) => void } | null;
const importsOf = () => ({
  onProgress: new Emitter<unknown>(),
  onFailed: new Emitter<unknown>(),
  cancel: vi.fn(),
  abort: vi.fn(),
  add: vi.fn(),
  settled: vi.fn(),
});
const dumpsOf = () => ({ left: vi.fn(() => new Map<string, string>()), remove: vi.fn() });
let imports: ReturnType<typeof importsOf>;
let dumps: ReturnType<typeof dumpsOf>;
let analysis: { forget: (keys: string[]) => void };

beforeEach(() => {
  [imports, dumps, analysis] = [importsOf(), dumpsOf(), { forget: vi.fn() }];
  folder = mkdtempSync(join(tmpdir(), 'heapscope-faces-'));
  const recents = new Recents(folder, silentLog);
  projects = new Projects(folder, recents, new DroppedFiles(folder, recents, silentLog), silentLog);
  [events, warned, recorded] = [[], [], null];
  face = faceOf(projects);
  ({ id: project } = projects.createAt(join(folder, 'a.heapscope')));
  file = projects.file(project);
  const writer = file.newSession(newSession());
  writer.addProcess({ pid: 10, parent: null, command: 'python', python: null, start: 0, agent: 'gone' });
  writer.finish({ state: 'ended', exit: null, duration: 5000 });
  session = writer.id;
});

afterEach(() => {
  projects.closeAll();
  rmSync(folder, { recursive: true, force: true });
});

function faceOf(of: Projects): SnapshotsFace {
  let plan = DEFAULT_PLAN;
  const told = new Emitter<AnyEvent>();
  told.on((event) => events.push(event));
  const parts = {
    projects: of,
    recordings: { find: () => (recorded === null ? undefined : { now: 777, part: () => recorded }) },
    imports,
    dumps,
    analysis,
    defaults: { get: () => plan, set: (next: SnapshotPlan) => void (plan = next) },
    events: told,
    log: { ...silentLog, warn: (message: string) => void warned.push(message) },
  };
  return new SnapshotsFace(parts as never);
}

const add = (patch: Partial<SnapshotRow>): SnapshotRow => file.snapshots.add(newSnapshot(session, 1, patch));
const names = (): string[] => events.map(({ event }) => event);

describe('a snapshot that is cancelled', () => {
  it('is so where it is being made: captured while its session is recorded, or imported; one that is done stays', async () => {
    const [capturing, importing, ready] = [add({}), add({ state: 'importing' }), await addReadySnapshot(file, session, 1)];
    for (const { id } of [capturing, importing, ready]) face.cancel({ project, snapshot: id });
    expect(imports.cancel.mock.calls).toEqual([[project, importing.id]]);
    recorded = { cancel: vi.fn(), setPlan: vi.fn() };
    for (const { id } of [capturing, importing, ready]) face.cancel({ project, snapshot: id });
    expect(recorded.cancel).toHaveBeenCalledExactlyOnceWith(capturing.id);
    expect(() => face.cancel({ project, snapshot: 99 })).toThrow('snapshot.missing');
  });
});

describe('snapshots that are deleted', () => {
  it('are cancelled where they are being made, leave memory where they are ready, and come back when they are restored', async () => {
    const [importing, ready, other] = [
      add({ state: 'importing' }),
      await addReadySnapshot(file, session, 1),
      await addReadySnapshot(file, session, 1),
    ];
    const { key } = file.snapshots.stored(ready.id);
    events.length = 0;
    face.delete({ project, snapshots: [importing.id, ready.id] });
    expect(imports.cancel.mock.calls).toEqual([[project, importing.id]]);
    expect(analysis.forget).toHaveBeenCalledExactlyOnceWith([key]);
    expect(face.list({ project, session }).map(({ id }) => id)).toEqual([other.id]);
    expect(events.at(-1)).toEqual({ event: 'snapshots.changed', payload: { project } });
    events.length = 0;
    face.restore({ project, snapshots: [ready.id] });
    expect(face.list({ project, session }).map(({ id }) => id)).toEqual([ready.id, other.id]);
    expect(events.at(-1)).toEqual({ event: 'snapshots.changed', payload: { project } });
  });

  it('are renamed and annotated, and each change is told', async () => {
    const { id } = await addReadySnapshot(file, session, 1);
    events.length = 0;
    const row = face.update({ project, snapshot: id, name: 'last', note: 'leaks' });
    expect(events).toEqual([{ event: 'snapshot.changed', payload: { project, row } }]);
    expect(face.list({ project, session })).toMatchObject([{ name: 'last', note: 'leaks' }]);
  });
});

describe('how snapshots are taken', () => {
  it('is as in the session, else as last told; what is told goes for what is recorded now, and for what is next', () => {
    const plan = { ...DEFAULT_PLAN, rules: { ...DEFAULT_PLAN.rules, limit: 3 } };
    expect(face.plan({ project, session })).toEqual(DEFAULT_PLAN);
    face.setPlan({ project, session, ...plan });
    expect(face.plan({ project, session })).toEqual(plan);
    recorded = { cancel: vi.fn(), setPlan: vi.fn() };
    face.setPlan({ project, session, ...DEFAULT_PLAN });
    expect(recorded.setPlan).toHaveBeenCalledExactlyOnceWith(DEFAULT_PLAN);
    file.snapshots.setPlan(session, plan);
    expect(face.plan({ project, session })).toEqual(plan);
    expect(() => face.setPlan({ project, session: 99, ...plan })).toThrow('session.missing');
  });
});

describe('an import', () => {
  const error = { code: 'snapshot.damaged', facts: { detail: 'cut' } } as const;

  it('tells how far it is', () => {
    imports.onProgress.emit({ project, progress: 'half' });
    expect(events).toEqual([{ event: 'snapshot.progress', payload: { project, progress: 'half' } }]);
  });

  it('that failed is an event of its session, at its end, or now where it is recorded', () => {
    const row = add({ state: 'failed', name: 'mine' });
    events.length = 0;
    imports.onFailed.emit({ project, row, error });
    recorded = { cancel: vi.fn(), setPlan: vi.fn() };
    imports.onFailed.emit({ project, row, error: { code: 'file.missing', facts: { path: '/dumps/1-1.heapdump' } } });
    const facts = { pid: 10, name: 'mine', code: 'snapshot.damaged', detail: 'cut' };
    const expected = [
      { t: 777, process: 1, kind: 'snapshot-failed', facts: { ...facts, code: 'file.missing', path: '/dumps/1-1.heapdump', detail: '' } },
      { t: 5000, process: 1, kind: 'snapshot-failed', facts },
    ];
    expect(file.events.list(session, 0, 1e9, 10).events).toMatchObject(expected);
    expect(events).toMatchObject([expected[1], expected[0]].map((event) => ({ event: 'event.added', payload: { project, event } })));
  });

  it('that was cancelled is none, and one whose project is closed is logged', () => {
    const row = add({ state: 'failed' });
    events.length = 0;
    imports.onFailed.emit({ project, row, error: { code: 'snapshot.cancelled', facts: {} } });
    imports.onFailed.emit({ project: 'gone', row, error });
    expect([names(), warned]).toEqual([[], ['a failed snapshot could not be noted']]);
  });

  it('is waited for; who does not want to wait any more lets it fail', async () => {
    const done = Promise.withResolvers<void>();
    imports.settled.mockReturnValue(done.promise);
    const [patient, hasty] = [new AbortController(), new AbortController()];
    const waiting = face.settled(project, hasty.signal);
    const other = face.settled(project, patient.signal);
    expect(imports.abort).not.toHaveBeenCalled();
    hasty.abort();
    expect(imports.abort).toHaveBeenCalledExactlyOnceWith(project);
    done.resolve();
    await Promise.all([waiting, other]);
    patient.abort();
    expect(imports.abort).toHaveBeenCalledOnce();
    await face.settled(project, AbortSignal.abort());
    expect(imports.abort).toHaveBeenCalledTimes(2);
  });
});

describe('a dump that was left when Heapscope was killed', () => {
  const interrupted = { state: 'failed', error: { code: 'snapshot.interrupted', facts: {} } } as const;
  const whole = (name: string): string => {
    const path = join(folder, name);
    writeFileSync(path, Buffer.concat([Buffer.alloc(64), Buffer.from('END!'), Buffer.alloc(44)]));
    return path;
  };

  it('is imported when its project is opened for writing; other snapshots stay as they are, and what is not whole goes', async () => {
    const rows = [add(interrupted), add(interrupted), add(interrupted), add({ state: 'failed', error: { code: 'agent.gone', facts: {} } })];
    const keys = rows.map(({ id }) => file.snapshots.key(id));
    const { path } = file;
    projects.close(project);
    const cut = join(folder, 'cut');
    dumps.left.mockReturnValue(
      new Map([
        [keys[0]!, join(folder, 'dump')],
        [keys[1]!, cut],
        [keys[3]!, whole('other')],
      ]),
    );
    const dump = whole('dump');
    await projects.openToRead(path, true);
    expect(dumps.left).not.toHaveBeenCalled();
    const { id } = await projects.open(path);
    await vi.waitFor(() => expect([imports.add.mock.calls.length, dumps.remove.mock.calls]).toEqual([1, [[cut]]]));
    expect(imports.add.mock.calls[0]?.[0]).toMatchObject({
      project: id,
      path: dump,
      row: { id: rows[0]!.id, state: 'importing', error: null },
    });
    expect(face.list({ project: id, session }).map(({ state }) => state)).toEqual(['importing', 'failed', 'failed', 'failed']);
  });

  it('is not looked for where no snapshot was interrupted', async () => {
    await addReadySnapshot(file, session, 1);
    const { path } = file;
    projects.close(project);
    await projects.open(path);
    expect(dumps.left).not.toHaveBeenCalled();
  });
});
