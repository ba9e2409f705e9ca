import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AnyEvent, LaunchSpec, ProjectId } from '../../../src-preload/contract/index.ts';
import { Emitter } from '../base/emitter.ts';
import { silentLog } from '../base/log.ts';
import { addReadySnapshot, LAUNCH, newSession } from '../project/testing.ts';
import { ConfirmedLaunches } from '../workspace/confirmed-launches.ts';
import { DroppedFiles } from '../workspace/dropped.ts';
import { Projects } from '../workspace/projects.ts';
import { Recents } from '../workspace/recents.ts';
import { DEFAULT_PLAN } from '../workspace/snapshot-defaults.ts';
import { ProjectsFace, readProject } from './projects.ts';
import { RecordingFace } from './recording.ts';
import { SessionsFace } from './sessions.ts';

let folder: string;
let projects: Projects;
let project: ProjectId;
let parts: ReturnType<typeof partsOf>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-faces-'));
  parts = partsOf();
  ({ projects } = parts);
  ({ id: project } = projects.createAt(join(folder, 'a.heapscope')));
  for (let n = 0; n < 2; n++) projects.file(project).newSession(newSession()).finish({ state: 'ended', exit: null, duration: 5 });
});

afterEach(() => {
  projects.closeAll();
  rmSync(folder, { recursive: true, force: true });
});

/** All that is real but programs and imports. */
function partsOf() {
  const recents = new Recents(folder, silentLog);
  return {
    projects: new Projects(folder, recents, new DroppedFiles(folder, recents, silentLog), silentLog),
    recents,
    confirmed: new ConfirmedLaunches(folder, silentLog, []),
    settings: { get: () => ({ consoleLimit: 12_345 }) },
    defaults: { get: () => DEFAULT_PLAN },
    recordings: {
      states: vi.fn(() => [] as { project: ProjectId; session: number }[]),
      isRecording: vi.fn(() => false),
      start: vi.fn((_spec: LaunchSpec, _options: object) => Promise.resolve('recording')),
      killPrograms: vi.fn(),
    },
    imports: { count: vi.fn(() => 0), abort: vi.fn(() => Promise.resolve()) },
    analysis: { forget: vi.fn() },
    events: new Emitter<AnyEvent>(),
  };
}

describe('a recording that is started', () => {
  const face = (): RecordingFace => new RecordingFace(parts as never);
  const request = { spec: LAUNCH, project: null, confirmed: true, columns: 80, rows: 24, starter: 'pty' as const };

  it('goes into a new untitled project with the settings and the plan that were told last; its launch is known from then on', async () => {
    const started = await face().start(request);
    expect(started.recording).toBe('recording');
    expect(started.project).toMatchObject({ untitled: true });
    const file = projects.file(started.project.id);
    const expected = { columns: 80, rows: 24, consoleLimit: 12_345, snapshots: DEFAULT_PLAN, file };
    expect(parts.recordings.start.mock.calls[0]).toMatchObject([LAUNCH, expected]);
    expect(parts.recents.launches()).toMatchObject([{ spec: LAUNCH }]);
    await face().start({ ...request, confirmed: false });
    await expect(face().start({ ...request, confirmed: false, spec: { ...LAUNCH, target: 'other.py' } })).rejects.toThrow(
      'launch.unconfirmed',
    );
  });

  it('goes into the project that is named, with the plan that is named', async () => {
    const snapshots = { ...DEFAULT_PLAN, rules: { ...DEFAULT_PLAN.rules, limit: 1 } };
    const started = await face().start({ ...request, project, snapshots });
    expect([started.project.id, projects.list().length]).toEqual([project, 1]);
    expect(parts.recordings.start.mock.calls[0]?.[1]).toMatchObject({ snapshots, file: projects.file(project) });
  });

  it('and fails leaves no project of its own, and its launch unknown; a project that was there stays open', async () => {
    parts.recordings.start.mockRejectedValue(new Error('no'));
    for (const where of [null, project]) await expect(face().start({ ...request, project: where })).rejects.toThrow('no');
    expect(projects.list().map(({ id }) => id)).toEqual([project]);
    expect([readdirSync(join(folder, 'untitled')), parts.recents.launches()]).toEqual([[], []]);
    await expect(face().start({ ...request, confirmed: false })).rejects.toThrow('launch.unconfirmed');
  });
});

describe('a session that is recorded', () => {
  it('cannot be deleted; others can, and those of other projects', () => {
    const face = new SessionsFace(parts as never);
    const told: AnyEvent[] = [];
    parts.events.on((event) => told.push(event));
    parts.recordings.states.mockReturnValue([
      { project, session: 1 },
      { project: 'p99', session: 2 },
    ]);
    for (const sessions of [[1], [2, 1]])
      expect(() => face.delete({ project, sessions })).toThrowError(
        expect.objectContaining({ code: 'project.recording', facts: { path: projects.info(project).path } }),
      );
    expect(face.list({ project })).toHaveLength(2);
    face.delete({ project, sessions: [2] });
    expect(face.list({ project }).map(({ id }) => id)).toEqual([1]);
    expect(told).toEqual([{ event: 'sessions.changed', payload: { project } }]);
  });
});

describe('a project', () => {
  const face = (): ProjectsFace => new ProjectsFace(parts as never);

  it('that records is not closed', async () => {
    parts.recordings.isRecording.mockReturnValue(true);
    const { path } = projects.info(project);
    await expect(face().close({ project, discard: true })).rejects.toMatchObject({ code: 'project.recording', facts: { path } });
    expect(projects.list()).toHaveLength(1);
  });

  it('into which snapshots are read is closed only by who gives them up', async () => {
    parts.imports.count.mockReturnValue(2);
    const { path } = projects.info(project);
    await expect(face().close({ project })).rejects.toMatchObject({ code: 'project.importing', facts: { path, count: 2 } });
    expect([projects.list().length, parts.imports.abort.mock.calls]).toEqual([1, []]);
    await face().close({ project, discard: true });
    expect([projects.list().length, parts.imports.abort.mock.calls]).toEqual([0, [[project]]]);
  });

  it('leaves nothing of its heaps in memory when it is closed', async () => {
    const file = projects.file(project);
    file.newSession(newSession()).addProcess({ pid: 1, parent: null, command: 'x', python: null, start: 0, agent: 'gone' });
    const { id } = await addReadySnapshot(file, 1, 1);
    file.snapshots.add({ ...file.snapshots.get(id), state: 'failed' });
    const { key } = file.snapshots.stored(id);
    await face().close({ project });
    expect(parts.analysis.forget.mock.calls).toEqual([[[key]]]);
    expect(parts.imports.abort).not.toHaveBeenCalled();
  });

  it('is looked at with rows that no reading can make sense of: they are counted, also where more is damaged', async () => {
    const { path } = projects.info(project);
    const file = projects.file(project);
    file.newSession(newSession()).addProcess({ pid: 1, parent: null, command: 'x', python: null, start: 0, agent: 'gone' });
    await addReadySnapshot(file, 1, 1);
    projects.close(project);
    const db = new DatabaseSync(path);
    db.exec('UPDATE snapshot SET pid = -1');
    db.close();
    const lost = [{ table: 'snapshot', rows: 1 }];
    expect(readProject(path, silentLog)).toMatchObject({ snapshots: [], damage: { path, lost } });
    // A promise of more pages than there are: it is salvaged.
    const bytes = readFileSync(path);
    bytes.writeUInt32BE(1_000_000, 28);
    writeFileSync(path, bytes);
    expect(readProject(path, silentLog)).toMatchObject({ path, snapshots: [], damage: { path, lost: expect.arrayContaining(lost) } });
  });

  it('is looked at without being opened, and nothing is left of that', () => {
    const { path } = projects.info(project);
    projects.close(project);
    vi.stubEnv('TMPDIR', folder);
    const before = readdirSync(folder);
    const bytes = readFileSync(path);
    const content = readProject(path, silentLog);
    expect(content).toMatchObject({ path, inUse: false, damage: null, sessions: [{ id: 1 }, { id: 2 }], snapshots: [], claims: [] });
    expect(content.size).toBeGreaterThan(0);
    vi.unstubAllEnvs();
    expect(readdirSync(folder)).toEqual(before);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });
});
