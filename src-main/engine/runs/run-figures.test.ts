import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import type { ProcessId, RunFigures, SessionId, SnapshotId } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { ProjectFile, SessionWriter, SnapshotType } from '../project/index.ts';
import { newSession, newSnapshot, TestFolder } from '../project/testing.ts';
import { runFigures } from './run-figures.ts';

const MB = 1 << 20;
const START = { at: 'start' } as const;

/** Ten seconds in which RSS grows by a megabyte each, with two marks. */
function growing(project: ProjectFile): { writer: SessionWriter; process: ProcessId; uuid: string } {
  const writer = project.newSession(newSession());
  const { id } = writer.addProcess({ pid: 10, parent: null, command: 'python', python: '3.12.1', start: 0, agent: 'connected' });
  const rss = writer.addSeries(null, 'rss');
  for (let i = 0; i <= 100; i++) writer.append(rss, i * 100, 100 * MB + (i * MB) / 10);
  const pause = writer.addSeries(id, 'gc_pause_2');
  const collected = writer.addSeries(id, 'gc_collected_2');
  for (const t of [1000, 2000, 3000]) {
    writer.append(pause, t, 2);
    writer.append(collected, t, 50);
  }
  writer.addEvent(id, 2000, 'mark', { name: 'loaded', source: 'program' });
  writer.addEvent(null, 7000, 'mark', { name: 'done', source: 'user' });
  writer.finish({ state: 'ended', exit: null, duration: 10_000 });
  return { writer, process: id, uuid: project.sessions.get(writer.id).uuid };
}

function type(name: string, count: number, shallow: number): SnapshotType {
  return { module: 'app', name, count, shallow, retained: shallow };
}

function snapshotOf(project: ProjectFile, session: SessionId, process: ProcessId, t: number, types: SnapshotType[]): SnapshotId {
  const { id } = project.snapshots.add(newSnapshot(session, process, { t }));
  const sum = (of: (each: SnapshotType) => number): number => types.reduce((total, each) => total + of(each), 0);
  return project.snapshots.complete(id, {
    patch: { objects: sum((each) => each.count), size: sum((each) => each.shallow) },
    types,
    tables: new Uint8Array(1),
  }).id;
}

describe('a run that is not in the file', () => {
  it('has no figures', () => {
    using folder = new TestFolder();
    const project = folder.create();
    expect(runFigures(project, 'p1', 'nobody', START)).toBeNull();
    project.close();
  });
});

describe('a run without samples, marks and snapshots', () => {
  it('has what there is, and null for the rest', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = project.newSession(newSession());
    writer.finish({ state: 'ended', exit: null, duration: 5 });
    expect(runFigures(project, 'p1', project.sessions.get(writer.id).uuid, { at: 'mark', name: 'loaded' })).toMatchObject({
      duration: 5,
      zero: null,
      meanRss: null,
      slopeRss: null,
      growthBetweenMarks: null,
      marks: [],
      collections: 0,
      collectionPause: 0,
      lastSnapshot: null,
      topGrowing: [],
    });
    project.close();
  });
});

describe('a run', () => {
  it('has its figures from series, marks and collections', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { uuid, writer } = growing(project);
    const figures = runFigures(project, 'p1', uuid, { at: 'mark', name: 'done' });
    expect(figures).toMatchObject({
      project: 'p1',
      session: writer.id,
      name: 'leaky',
      duration: 10_000,
      zero: 7000,
      collections: 3,
      collectionPause: 6,
    });
    expect(figures?.meanRss).toBeCloseTo(105 * MB, 0);
    expect(figures?.slopeRss).toBeCloseTo(MB, 0);
    expect(figures?.marks).toEqual([
      { name: 'loaded', t: 2000, rss: 102 * MB },
      { name: 'done', t: 7000, rss: 107 * MB },
    ]);
    expect(figures?.growthBetweenMarks).toBe(5 * MB);
    project.close();
  });

  it('counts collections that were joined, and has no sum of pauses that were not all timed', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = project.newSession(newSession());
    const { id } = writer.addProcess({ pid: 10, parent: null, command: 'python', python: '3.12.1', start: 0, agent: 'connected' });
    const collected = [writer.addSeries(id, 'gc_collected_0'), writer.addSeries(id, 'gc_collected_2')];
    const joined = writer.addSeries(id, 'gc_joined');
    for (const t of [1000, 2000, 3000]) for (const series of collected) writer.append(series, t, 7);
    for (const [t, more] of [
      [1000, 999],
      [3000, 4],
    ] as const)
      writer.append(joined, t, more);
    writer.finish({ state: 'ended', exit: null, duration: 10_000 });
    expect(runFigures(project, 'p1', project.sessions.get(writer.id).uuid, START)).toMatchObject({
      collections: 1009,
      collectionPause: null,
    });
    project.close();
  });

  it('is measured by the memory of the whole tree, not of one of its processes, nor by another figure', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = project.newSession(newSession());
    const { id } = writer.addProcess({ pid: 10, parent: null, command: 'python', python: null, start: 0, agent: 'none' });
    for (const [process, metric, value] of [
      [null, 'processes', 2],
      [id, 'rss', 100],
      [null, 'rss', 700],
    ] as const) {
      const series = writer.addSeries(process, metric);
      for (const t of [0, 1000]) writer.append(series, t, value);
    }
    writer.finish({ state: 'ended', exit: null, duration: 1000 });
    expect(runFigures(project, 'p1', project.sessions.get(writer.id).uuid, START)?.meanRss).toBe(700);
    project.close();
  });

  it('shows the types that grew most between its first and its last snapshot', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { uuid, writer, process } = growing(project);
    snapshotOf(project, writer.id, process, 1000, [
      type('User', 10, 1000),
      type('Cache', 1, 500),
      type('Gone', 9, 900),
      type('Same', 1, 7),
    ]);
    snapshotOf(project, writer.id, process + 1, 1500, [type('Other', 1, 1)]);
    const last = snapshotOf(project, writer.id, process, 9000, [
      type('User', 110, 11_000),
      type('Cache', 1, 400),
      type('New', 2, 20_000),
      type('Same', 1, 7),
    ]);
    expect(runFigures(project, 'p1', uuid, START)).toMatchObject({
      zero: 0,
      lastSnapshot: { id: last, t: 9000, objects: 114, size: 31_407 },
      topGrowing: [
        { module: 'app', name: 'New', count: 2, bytes: 20_000 },
        { module: 'app', name: 'User', count: 100, bytes: 10_000 },
      ],
    });
    project.close();
  });

  it('shows ten of them at most', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { uuid, writer, process } = growing(project);
    const types = (more: number): SnapshotType[] => Array.from({ length: 12 }, (_, n) => type(`T${n}`, 1, 100 + more * (n + 1)));
    snapshotOf(project, writer.id, process, 1000, types(0));
    snapshotOf(project, writer.id, process, 2000, types(10));
    const { topGrowing } = runFigures(project, 'p1', uuid, START)!;
    expect(topGrowing.map(({ bytes }) => bytes)).toEqual([120, 110, 100, 90, 80, 70, 60, 50, 40, 30]);
    project.close();
  });

  it('shows no growth from less than two snapshots of the process that was looked at last, however it stands with others', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { uuid, writer, process } = growing(project);
    expect(runFigures(project, 'p1', uuid, START)).toMatchObject({ lastSnapshot: null, topGrowing: [] });
    snapshotOf(project, writer.id, process + 1, 500, [type('User', 1, 10)]);
    const last = snapshotOf(project, writer.id, process, 1000, [type('User', 10, 1000)]);
    project.snapshots.add(newSnapshot(writer.id, process, { t: 9000 }));
    expect(runFigures(project, 'p1', uuid, START)).toMatchObject({ lastSnapshot: { id: last, t: 1000 }, topGrowing: [] });
    project.close();
  });

  it.each([1, 2])('whose snapshot is damaged has its other figures: the one of %d', (owner) => {
    using folder = new TestFolder();
    const project = folder.create();
    const { uuid, writer, process } = growing(project);
    snapshotOf(project, writer.id, process, 1000, [type('User', 10, 1000)]);
    snapshotOf(project, writer.id, process, 2000, [type('User', 20, 2000)]);
    project.close();
    const db = new DatabaseSync(folder.file('a.heapscope'));
    db.exec(`UPDATE piece SET data = x'00' WHERE name = '.types' AND owner = ${owner}`);
    db.close();
    const again = folder.open();
    expect(runFigures(again, 'p1', uuid, START)).toMatchObject({ topGrowing: [], lastSnapshot: { objects: 20 }, collections: 3 });
    again.close();
  });
});

describe('the marks of a run', () => {
  /** RSS at these times; NaN: it could not be read. */
  function marked(project: ProjectFile, rss: [t: number, value: number][], ...marks: number[]): RunFigures {
    const writer = project.newSession(newSession());
    const series = writer.addSeries(null, 'rss');
    for (const [t, value] of rss) writer.append(series, t, value);
    for (const t of marks) writer.addEvent(null, t, 'mark', { name: `at ${t}`, source: 'user' });
    writer.addEvent(null, 9000, 'stop', { how: 'kill' });
    writer.finish({ state: 'ended', exit: null, duration: 10_000 });
    return runFigures(project, 'p1', project.sessions.get(writer.id).uuid, START)!;
  }

  it('have the memory that was read last before them, or first behind, past what could not be read', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { marks, growthBetweenMarks } = marked(
      project,
      [
        [500, 10],
        [1000, 20],
        [1500, NaN],
        [2000, 70],
      ],
      100,
      1400,
      1700,
      8000,
    );
    expect(marks.map(({ t, rss }) => [t, rss])).toEqual([
      [100, 10],
      [1400, 20],
      [1700, 70],
      [8000, 70],
    ]);
    expect(growthBetweenMarks).toBe(60);
    project.close();
  });

  it('have no growth between them where there is one, or where the memory of the first or the last is not known', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const growth = (...marks: number[]): number | null =>
      marked(
        project,
        [
          [0, 10],
          [1000, NaN],
          [2000, NaN],
          [3000, 40],
        ],
        ...marks,
      ).growthBetweenMarks;
    expect([growth(0), growth(), growth(1500, 3000), growth(0, 1500), growth(0, 1500, 3000)]).toEqual([null, null, null, null, 30]);
    expect(marked(project, [], 10, 20)).toMatchObject({ growthBetweenMarks: null, marks: [{ rss: null }, { rss: null }] });
    project.close();
  });

  it('are the first thousand', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { marks } = marked(project, [[0, 1]], ...Array.from({ length: 1001 }, (_, n) => n));
    expect([marks.length, marks.at(-1)?.name]).toEqual([1000, 'at 999']);
    project.close();
  });
});

it('a fault that is no damage of a snapshot is told, not taken for no growth', () => {
  using folder = new TestFolder();
  const project = folder.create();
  const { uuid, writer, process } = growing(project);
  for (const t of [1000, 2000]) snapshotOf(project, writer.id, process, t, [type('User', 1, t)]);
  for (const fault of [
    new Error('disk'),
    new HeapscopeError('file.missing'),
    Object.assign(new Error('x'), { code: 'snapshot.damaged' }),
  ]) {
    vi.spyOn(project.snapshots, 'types').mockImplementationOnce(() => {
      throw fault;
    });
    expect(() => runFigures(project, 'p1', uuid, START)).toThrow(fault);
  }
  project.close();
});
