import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { ProcessId, SessionId, SnapshotId } from '../../../src-preload/contract/index.ts';
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

  it('shows the types that grew most between its first and its last snapshot', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { uuid, writer, process } = growing(project);
    snapshotOf(project, writer.id, process, 1000, [type('User', 10, 1000), type('Cache', 1, 500), type('Gone', 9, 900)]);
    snapshotOf(project, writer.id, process + 1, 1500, [type('Other', 1, 1)]);
    const last = snapshotOf(project, writer.id, process, 9000, [type('User', 110, 11_000), type('Cache', 1, 400), type('New', 2, 20_000)]);
    expect(runFigures(project, 'p1', uuid, START)).toMatchObject({
      zero: 0,
      lastSnapshot: { id: last, t: 9000, objects: 113, size: 31_400 },
      topGrowing: [
        { module: 'app', name: 'New', count: 2, bytes: 20_000 },
        { module: 'app', name: 'User', count: 100, bytes: 10_000 },
      ],
    });
    project.close();
  });

  it('whose snapshot is damaged has its other figures', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const { uuid, writer, process } = growing(project);
    snapshotOf(project, writer.id, process, 1000, [type('User', 10, 1000)]);
    snapshotOf(project, writer.id, process, 2000, [type('User', 20, 2000)]);
    project.close();
    const db = new DatabaseSync(folder.file('a.heapscope'));
    db.exec("UPDATE piece SET data = x'00' WHERE name = '.types' AND owner = 1");
    db.close();
    const again = folder.open();
    expect(runFigures(again, 'p1', uuid, START)).toMatchObject({ topGrowing: [], lastSnapshot: { objects: 20 }, collections: 3 });
    again.close();
  });
});
