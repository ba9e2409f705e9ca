import type { SessionId } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { ProjectFile } from './project-file.ts';
import { newSession, newSnapshot } from './testing.ts';

/** Does what a window does with an open project: reads everything, writes something. Returns the error codes of refused calls. */
export async function exercise(project: ProjectFile): Promise<string[]> {
  const codes: string[] = [];
  const attempt = async (act: () => unknown): Promise<void> => {
    try {
      await act();
    } catch (thrown) {
      if (!(thrown instanceof HeapscopeError)) throw thrown;
      codes.push(thrown.code);
    }
  };
  let sessions: SessionId[] = [];
  await attempt(() => (sessions = project.sessions.list().map(({ id }) => id)));
  await attempt(() => project.sessions.after(0, 1000));
  for (const id of sessions) await readSession(project, id, attempt);
  await readSnapshots(project, attempt);
  await attempt(() => project.comparisons.list());
  await write(project, attempt);
  await attempt(() => JSON.stringify(project.facts()));
  return codes;
}

type Attempt = (act: () => unknown) => Promise<void>;

async function readSession(project: ProjectFile, id: SessionId, attempt: Attempt): Promise<void> {
  await attempt(() => new Date(project.sessions.get(id).startedAt).toISOString());
  await attempt(() => project.sessions.processes(id));
  await attempt(() => project.events.list(id, 0, Infinity, 10_000));
  await attempt(() => project.console.info(id));
  await attempt(() => project.console.read(id, 0, 1e6));
  await attempt(() => project.console.search(id, 'line', false, 10));
  await attempt(() => project.snapshots.plan(id));
  await attempt(() => {
    for (const track of project.allocations.tracks(id)) {
      track.tree();
      track.loose();
      for (const part of track.parts) if (track.sums(part)?.times.length !== track.rows(part)?.times.length) return;
    }
  });
  await attempt(() => {
    const series = project.series.list(id).map((one) => one.id);
    for (const [from, to] of [
      [0, 1e13],
      [0, 60_000],
      [1000, 1001],
    ] as const) {
      for (const buckets of [1, 300, 8192]) project.series.window({ series, from, to, buckets });
      project.series.stats(series, from, to);
    }
  });
}

async function readSnapshots(project: ProjectFile, attempt: Attempt): Promise<void> {
  await attempt(async () => {
    for (const { id } of project.snapshots.list(null)) {
      await attempt(() => project.snapshots.types(id));
      await attempt(() => project.snapshots.history(id));
      await attempt(() => project.snapshots.stored(id).tables());
      await attempt(async () => {
        for await (const piece of project.snapshots.stored(id).columns()) if (piece.data.length < 0) throw new Error('no piece');
      });
    }
  });
  await attempt(() => project.bookmarks.list());
}

async function write(project: ProjectFile, attempt: Attempt): Promise<void> {
  await attempt(() => {
    const writer = project.newSession(newSession({ name: 'new' }));
    const { id } = writer.addProcess({ pid: 1, parent: null, command: 'python', python: null, start: 0, agent: 'none' });
    const series = writer.addSeries(id, 'rss');
    for (let i = 0; i < 10; i++) writer.append(series, i * 100, i);
    writer.addEvent(id, 5, 'mark', { name: 'new', source: 'user' });
    writer.appendConsole(5, Buffer.from('new'));
    const track = project.allocations.begin(writer.id, id, 0);
    const state = { state: 'on', why: '', mean: 1024, live: 1, merged: 0 } as const;
    track.append({ t: 5, strings: ['MainThread', ''], nodes: [[-1, 0, 1, 0]], made: [[0, 9, 1, 0]], freed: [] }, state);
    writer.finish({ state: 'ended', exit: null, duration: 1000 });
    if (project.allocations.tracks(writer.id)[0]?.sums(0)?.allocated[0] !== 9) throw new Error('what was allocated is not there');
    const snapshot = project.snapshots.add(newSnapshot(writer.id, id));
    project.bookmarks.set({ snapshot: snapshot.id, node: 1, note: '', label: 'x' });
    if (project.sessions.get(writer.id).samples !== 10) throw new Error('what was written is not there');
  });
}
