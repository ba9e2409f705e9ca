import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { packTree, unpackTree } from './allocation-codec.ts';
import type { AllocationTrack } from './allocation-track.ts';
import type { AllocationEpoch, EpochRows } from './allocation-types.ts';
import { CodecError } from './column-codec.ts';
import type { ProjectFile } from './project-file.ts';
import { newSession, TestFolder } from './testing.ts';
import type { SessionWriter } from './writer.ts';

const STATE = { state: 'on', why: '', mean: 65_536, live: 1, merged: 0 } as const;

/** Epoch i makes i + 1 blocks of ten bytes at node 0, and frees one of the epoch ten before. */
function epoch(i: number): AllocationEpoch {
  const tree =
    i === 0 ? { strings: ['MainThread', ''], nodes: [[-1, 0, 1, 0] as const] } : { strings: [`f${i}`], nodes: [[0, i + 1, 1, i] as const] };
  return { t: (i + 1) * 1000, ...tree, made: [[0, 10 * (i + 1), i + 1, 0.5]], freed: i < 10 ? [] : [[0, i - 10, 10, 1, 0.25]] };
}

function recorded(project: ProjectFile, epochs: number): { writer: SessionWriter; track: AllocationTrack } {
  const writer = project.newSession(newSession());
  const { id } = writer.addProcess({ pid: 10, parent: null, command: 'python', python: '3.12', start: 0, agent: 'connected' });
  const track = project.allocations.begin(writer.id, id, 0);
  for (let i = 0; i < epochs; i++) {
    track.append(epoch(i), STATE);
    if (i % 7 === 0) writer.flush();
  }
  return { writer, track };
}

/** Everything that can be read of a session: what each epoch made and freed, and how many names there are. */
function read(
  project: ProjectFile,
  session: number,
): { made: [number, number][]; freed: [number, number][]; lines: number[]; parts: readonly number[] } {
  const [track] = project.allocations.tracks(session);
  const rows = [...track!.parts.map((part) => track!.rows(part)), ...track!.loose()].filter((each) => each !== null);
  const each = (of: (rows: EpochRows) => { starts: Float64Array; bytes: Float64Array }): [number, number][] =>
    rows.flatMap((part) =>
      [...part.times].map((t, i): [number, number] => [
        t,
        [...of(part).bytes.slice(of(part).starts[i], of(part).starts[i + 1])].reduce((a, b) => a + b, 0),
      ]),
    );
  return { made: each(({ made }) => made), freed: each(({ freed }) => freed), lines: Array.from(track!.tree().line), parts: track!.parts };
}

const wanted = (epochs: number): [number, number][] => Array.from({ length: epochs }, (_, i) => [(i + 1) * 1000, 10 * (i + 1)]);
const rowsOf = (path: string, sql: string): unknown[] => {
  using db = new DatabaseSync(path);
  return db.prepare(sql).all();
};

describe('sampled allocations of a session', () => {
  it.each([0, 1, 63, 64, 65, 130])('of %d epochs are the same in memory and in the file, and after a crash', (epochs) => {
    using folder = new TestFolder();
    const project = folder.create();
    const { writer } = recorded(project, epochs);
    const live = read(project, writer.id);
    expect(live.made).toEqual(wanted(epochs));
    expect(live.freed.filter(([, bytes]) => bytes > 0)).toHaveLength(Math.max(0, epochs - 10));
    expect(live.lines).toEqual(Array.from({ length: epochs }, (_, i) => i));
    writer.flush();
    expect(read(project, writer.id)).toEqual(live);
    project.close(); // without the session's end
    const cut = folder.open();
    expect(read(cut, writer.id)).toEqual(live);
    cut.close();
    const other = folder.create('b.heapscope');
    const ended = recorded(other, epochs).writer;
    ended.finish({ state: 'ended', exit: null, duration: 1 });
    expect(read(other, ended.id)).toMatchObject({ made: live.made, freed: live.freed, lines: live.lines });
    other.close();
    const names = rowsOf(folder.file('b.heapscope'), "SELECT DISTINCT name FROM piece WHERE name LIKE 'loose%'");
    expect(names).toEqual([]);
  });

  it('go with their session', () => {
    using folder = new TestFolder();
    const project = folder.create();
    for (const epochs of [100, 5]) recorded(project, epochs).writer.finish({ state: 'ended', exit: null, duration: 1 });
    project.sessions.delete([1]);
    project.close();
    expect(rowsOf(folder.file('a.heapscope'), 'SELECT id, session FROM allocation_track')).toMatchObject([{ id: 2, session: 2 }]);
    expect(rowsOf(folder.file('a.heapscope'), 'SELECT DISTINCT kind, owner FROM piece')).toMatchObject([{ kind: 'allocations', owner: 2 }]);
  });

  it('that are damaged lose the part with the damage, and no other', () => {
    using folder = new TestFolder();
    const project = folder.create();
    recorded(project, 200).writer.finish({ state: 'ended', exit: null, duration: 1 });
    project.close();
    const db = new DatabaseSync(folder.file('a.heapscope'));
    db.exec("UPDATE piece SET data = zeroblob(length) WHERE name IN ('rows', 'sums', 'tree') AND part = 1");
    db.close();
    const again = folder.open();
    const [track] = again.allocations.tracks(1);
    expect(track!.parts.map((part) => track!.sums(part) === null)).toEqual([false, true, false, false]);
    expect(read(again, 1).made).toEqual(wanted(200).filter((_, i) => i < 64 || i >= 128));
    const { line } = track!.tree();
    expect([line.length, line[63], line[64], line[128]]).toEqual([200, 63, undefined, 128]);
    again.close();
  });

  it('are in what is salvaged of a damaged file', () => {
    using folder = new TestFolder();
    const project = folder.create();
    recorded(project, 70).writer.finish({ state: 'ended', exit: null, duration: 1 });
    project.close();
    const db = new DatabaseSync(folder.file('a.heapscope'));
    db.exec('CREATE VIEW v AS SELECT 1; DELETE FROM session; UPDATE allocation_track SET state = 7, why = 5 WHERE id = 9');
    db.close();
    const salvaged = folder.open();
    expect(salvaged.facts()).toMatchObject({ untitled: true });
    expect(read(salvaged, 1).made).toEqual(wanted(70));
    salvaged.close();
  });

  it('with cells that make no sense are left out, and counted', () => {
    using folder = new TestFolder();
    const project = folder.create();
    for (const epochs of [3, 3]) recorded(project, epochs).writer.finish({ state: 'ended', exit: null, duration: 1 });
    project.close();
    const db = new DatabaseSync(folder.file('a.heapscope'));
    db.exec("UPDATE allocation_track SET live = -1 WHERE id = 1; UPDATE allocation_track SET state = 'x', mean = -1 WHERE id = 2");
    db.close();
    const again = folder.open();
    expect(again.allocations.tracks(1)).toEqual([]);
    expect(again.allocations.tracks(2)).toMatchObject([{ row: { state: 'off', mean: 0 } }]);
    expect(again.facts().damage).toMatchObject({ lost: [{ table: 'allocation_track', rows: 1 }] });
    again.close();
  });

  it('of a damaged tree do not take more memory than those of an agent', () => {
    const column = new Float64Array(1);
    const tree = { strings: ['x'], parent: column, name: column, file: column, line: column };
    const first = (firstString: number, firstNode: number) => () => unpackTree(packTree({ ...tree, firstString, firstNode }));
    expect(first(5, 7)()).toMatchObject({ firstString: 5, firstNode: 7, strings: ['x'] });
    for (const broken of [first(2 ** 31, 0), first(0, 2 ** 31), first(0.5, 0), first(0, -1)]) expect(broken).toThrow(CodecError);
  });

  it('are not begun where no session is recorded', () => {
    using folder = new TestFolder();
    const project = folder.create();
    expect(() => project.allocations.begin(1, 1, 0)).toThrow('not recorded');
    project.close();
  });
});
