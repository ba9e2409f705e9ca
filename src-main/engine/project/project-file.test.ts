import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { SessionRow } from '../../../src-preload/contract/index.ts';
import { silentLog } from '../base/log.ts';
import { ProjectFile } from './project-file.ts';
import { allSamples, LAUNCH, metricsOf, newSession, recordSeries, TestFolder, valueAt } from './testing.ts';
import { FORMAT_VERSION } from './upgraders.ts';

const ENDED = { state: 'ended' as const, exit: { code: 0, signal: null, outOfMemory: false }, duration: 5000 };
const never = new AbortController().signal;
const quiet = (): void => undefined;

function code(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
  }
  return 'nothing thrown';
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing thrown',
    (thrown: unknown) =>
      code(() => {
        throw thrown;
      }),
  );
}

describe('making a project file', () => {
  it('refuses a path that is taken, and leaves what is there', () => {
    using folder = new TestFolder();
    writeFileSync(folder.file('a.heapscope'), 'mine');
    expect(code(() => folder.create())).toBe('project.exists');
    expect(statSync(folder.file('a.heapscope')).size).toBe(4);
  });

  it('refuses a folder that is not there', () => {
    using folder = new TestFolder();
    expect(code(() => folder.create('none/a.heapscope'))).toBe('file.missing');
  });

  it.skipIf(process.platform === 'win32')('is for this user alone, with all that lies beside it and every copy', async () => {
    using folder = new TestFolder();
    const before = process.umask(0o022);
    try {
      const project = folder.create();
      const modes = (): string[] =>
        readdirSync(folder.path).map((name) => `${name} ${(statSync(folder.file(name)).mode & 0o777).toString(8)}`);
      expect(modes()).toEqual(['a.heapscope 600', 'a.heapscope-lock 600', 'a.heapscope-shm 600', 'a.heapscope-wal 600']);
      await project.saveAs(folder.file('b.heapscope'), false, quiet, never);
      project.close();
      expect(modes()).toEqual(['a.heapscope 600', 'b.heapscope 600']);
    } finally {
      process.umask(before);
    }
  });

  it('gives one file without companions once it is closed, and knows whether it is untitled', () => {
    using folder = new TestFolder();
    const project = folder.create('a.heapscope', true);
    expect(project.facts()).toMatchObject({
      name: 'a',
      untitled: true,
      access: 'write',
      readOnlyReason: null,
      damage: null,
      formatVersion: FORMAT_VERSION,
    });
    project.close();
    project.close();
    expect(readdirSync(folder.path)).toEqual(['a.heapscope']);
    const again = folder.open('a.heapscope', folder.path);
    expect(again.facts().untitled).toBe(true);
    again.close();
  });

  it('is untitled only in the folder of untitled files, whatever a copy of it says: it is not removed when it is saved elsewhere', async () => {
    using folder = new TestFolder();
    folder.create('a.heapscope', true).close();
    const copy = folder.open();
    expect(copy.facts().untitled).toBe(false);
    await copy.saveAs(folder.file('b.heapscope'), false, () => undefined, new AbortController().signal);
    copy.close();
    expect(readdirSync(folder.path).sort()).toEqual(['a.heapscope', 'b.heapscope']);
  });

  it('refuses to open the same file twice in one process, by whatever name', () => {
    using folder = new TestFolder();
    const project = folder.create();
    expect(code(() => folder.open())).toBe('project.in-use');
    expect(code(() => folder.open('./a.heapscope'))).toBe('project.in-use');
    project.close();
    folder.open().close();
  });
});

describe('a session that records', () => {
  it('shows everything at once, flushed or not, and the same after reopening', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const changes: SessionRow[] = [];
    project.sessions.onChange.on((row) => changes.push(row));
    const writer = project.newSession(newSession());
    const root = writer.addProcess({ pid: 10, parent: null, command: 'python leaky.py', python: null, start: 0.4, agent: 'none' });
    const child = writer.addProcess({ pid: 11, parent: root.id, command: 'worker', python: '3.12.1', start: 20, agent: 'connected' });
    const rss = writer.addSeries(root.id, 'rss');
    expect(writer.addSeries(root.id, 'rss')).toBe(rss);
    expect(writer.addSeries(null, 'rss')).not.toBe(rss);
    writer.append(rss, 0, 4096);
    writer.append(rss, 100.3, NaN);
    writer.append(rss, 200, 8192);
    const mark = writer.addEvent(root.id, 150, 'mark', { name: 'loaded', source: 'program' });
    writer.touch(250, 8192);
    writer.updateProcess(child.id, { end: 240, exit: { code: 3, signal: null, outOfMemory: false }, agent: 'gone' });
    const seen = (p: ProjectFile): unknown => ({
      session: p.sessions.get(writer.id),
      list: p.sessions.list().length,
      processes: p.sessions.processes(writer.id),
      series: p.series.list(writer.id),
      events: p.events.list(writer.id, 0, 1000, 10),
      window: p.series.window({ series: [rss], from: 0, to: 300, buckets: 100 }),
      stats: p.series.stats([rss], 0, 300),
    });
    const before = seen(project);
    expect(before).toMatchObject({
      session: {
        state: 'running',
        duration: 250,
        peakRss: 8192,
        samples: 2,
        processes: 2,
        agent: true,
        origin: { kind: 'launched', spec: LAUNCH },
      },
      processes: [
        { ordinal: 0, start: 0, end: null },
        { ordinal: 1, parent: root.id, end: 240, agent: 'gone', exit: { code: 3 } },
      ],
      series: [
        { metric: 'rss', process: root.id, samples: 2, first: 0, last: 200, min: 4096, max: 8192 },
        { process: null, samples: 0, first: null },
      ],
      events: { total: 1, events: [mark] },
      window: [{ raw: true, t: Float64Array.of(0, 100, 200), lo: Float64Array.of(4096, NaN, 8192) }],
      stats: [{ samples: 2, difference: 4096, approximate: false }],
    });
    writer.flush();
    expect(seen(project)).toEqual(before);
    writer.finish(ENDED);
    const after = seen(project);
    expect(after).toMatchObject({ session: { state: 'ended', duration: 5000, exit: { code: 0 } } });
    expect(changes.at(-1)).toEqual(project.sessions.get(writer.id));
    project.close();
    const again = folder.open();
    expect(seen(again)).toEqual(after);
    again.close();
  });

  it('keeps every sample over many chunks, and two sessions apart that record at once', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const [one, two] = [project.newSession(newSession()), project.newSession(newSession())];
    const first = recordSeries(one, 3, 9001);
    const second = recordSeries(two, 2, 4100);
    const expected = (k: number, n: number): [number, number][] => Array.from({ length: n }, (_, i) => [i * 100, valueAt(k, i)]);
    const check = (p: ProjectFile): void => {
      first.forEach((id, k) => expect(allSamples(p, id)).toEqual(expected(k, 9001)));
      second.forEach((id, k) => expect(allSamples(p, id)).toEqual(expected(k, 4100)));
    };
    check(project);
    one.finish(ENDED);
    two.finish(ENDED);
    check(project);
    project.close();
    const again = folder.open();
    check(again);
    expect(again.sessions.get(one.id).samples).toBe(27_003);
    again.close();
  });

  it('sorts events of file and memory by time, and counts those beyond the limit', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = project.newSession(newSession());
    for (const t of [300, 100]) writer.addEvent(null, t, 'stop', { how: 'kill' });
    writer.flush();
    for (const t of [200, 900]) writer.addEvent(null, t, 'stop', { how: 'kill' });
    const { total, events } = project.events.list(writer.id, 0, 400, 2);
    expect([total, events.map(({ t }) => t)]).toEqual([3, [100, 200]]);
    writer.finish(ENDED);
    project.events.add(writer.id, null, 50, 'mark', { name: 'later', source: 'user' });
    expect(project.events.list(writer.id, 0, 60, 5).events).toMatchObject([{ kind: 'mark', t: 50 }]);
    project.close();
  });
});

describe('sessions of a project', () => {
  it('are missing where they are, and so are series', () => {
    using folder = new TestFolder();
    const project = folder.create();
    expect(code(() => project.sessions.get(7))).toBe('session.missing');
    expect(code(() => project.sessions.update(7, { name: 'x' }))).toBe('session.missing');
    expect(code(() => project.sessions.delete([7]))).toBe('session.missing');
    expect(code(() => project.console.info(7))).toBe('session.missing');
    expect(code(() => project.events.add(7, null, 0, 'stop', {}))).toBe('session.missing');
    expect(code(() => project.series.window({ series: [7], from: 0, to: 1, buckets: 1 }))).toBe('series.missing');
    project.close();
  });

  it('can be renamed, also while they record', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = project.newSession(newSession());
    project.sessions.update(writer.id, { name: 'Tuesday' });
    writer.touch(10, 5);
    writer.finish(ENDED);
    project.sessions.update(writer.id, { note: 'leaks' });
    project.close();
    const again = folder.open();
    expect(again.sessions.list()).toMatchObject([{ name: 'Tuesday', note: 'leaks', state: 'ended' }]);
    again.close();
  });

  it('can be deleted and restored until the file is closed; then their space is given back', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const [kept, gone] = [project.newSession(newSession()), project.newSession(newSession())];
    expect(code(() => project.sessions.delete([gone.id]))).toBe('project.recording');
    kept.finish(ENDED);
    const noise = gone.addSeries(null, 'noise');
    for (let i = 0; i < 100_000; i++) gone.append(noise, i, Math.sin(i) * 1e9);
    gone.finish(ENDED);
    project.sessions.delete([kept.id, gone.id]);
    expect(project.sessions.list()).toEqual([]);
    project.sessions.restore([kept.id]);
    expect(project.sessions.list().map(({ id }) => id)).toEqual([kept.id]);
    const size = project.facts().size;
    project.close();
    expect(statSync(folder.file('a.heapscope')).size).toBeLessThan(size / 4);
    const again = folder.open();
    expect(code(() => again.sessions.restore([gone.id]))).toBe('session.missing');
    expect(again.newSession(newSession()).id).toBeGreaterThan(gone.id);
    again.close();
  });

  it('show a row whose contents make no sense, with what does', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = project.newSession(newSession());
    writer.addEvent(null, 0, 'mark', { name: 'x' });
    writer.finish(ENDED);
    project.close();
    const db = new DatabaseSync(folder.file('a.heapscope'));
    db.exec(
      `UPDATE session SET origin = '{"kind":"launched","spec":{"mode":"rm"}}', interpreter = 'x', exit = '[]', state = 'dancing'; UPDATE event SET kind = 'unheard-of'`,
    );
    db.close();
    const again = folder.open();
    expect(again.sessions.list()).toMatchObject([
      { name: 'leaky', state: 'interrupted', interpreter: null, exit: null, origin: { kind: 'launched', spec: { target: '' } } },
    ]);
    expect(again.events.list(writer.id, 0, 100, 10).events).toEqual([]);
    again.close();
  });
});

describe('saving a project elsewhere', () => {
  it('refuses a path that is taken, the project itself, a folder that is not there, and a cancel; nothing changes', async () => {
    using folder = new TestFolder();
    const project = folder.create('a.heapscope', true);
    writeFileSync(folder.file('taken'), 'mine');
    expect(await codeOf(project.saveAs(folder.file('taken'), false, quiet, never))).toBe('project.exists');
    expect(await codeOf(project.saveAs(folder.file('a.heapscope'), true, quiet, never))).toBe('project.in-use');
    expect(await codeOf(project.saveAs(folder.file('none/b'), true, quiet, never))).toBe('file.missing');
    await expect(project.saveAs(folder.file('b'), true, quiet, AbortSignal.abort())).rejects.toThrow('aborted');
    const cancel = new AbortController();
    await expect(project.saveAs(folder.file('b'), true, () => cancel.abort(), cancel.signal)).rejects.toThrow('aborted');
    expect(project.facts()).toMatchObject({ path: folder.file('a.heapscope'), untitled: true });
    project.close();
    expect(readdirSync(folder.path).sort()).toEqual(['a.heapscope', 'taken']);
  });

  it('goes on there, takes an untitled file away and replaces what it may', async () => {
    using folder = new TestFolder();
    const project = folder.create('a.heapscope', true);
    const writer = project.newSession(newSession());
    recordSeries(writer, 2, 100);
    writeFileSync(folder.file('b.heapscope'), 'old');
    // The log of the replaced file, which must not be taken for one of the new file.
    writeFileSync(folder.file('b.heapscope-wal'), Buffer.from('377f0682002de218', 'hex'));
    await project.saveAs(folder.file('b.heapscope'), true, quiet, never);
    expect(project.facts()).toMatchObject({ path: folder.file('b.heapscope'), name: 'b', untitled: false });
    expect(existsSync(folder.file('a.heapscope'))).toBe(false);
    recordSeries(writer, 2, 100, 100);
    writer.finish(ENDED);
    project.close();
    expect(readdirSync(folder.path)).toEqual(['b.heapscope']);
    const again = folder.open('b.heapscope');
    expect(allSamples(again, metricsOf(again, writer.id)[0]!)).toHaveLength(200);
    again.close();
  });

  it('loses nothing that is recorded meanwhile', async () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = project.newSession(newSession());
    const [id] = recordSeries(writer, 1, 5);
    const noise = writer.addSeries(null, 'noise');
    for (let i = 0; i < 600_000; i++) writer.append(noise, i, Math.sin(i) * 1e9);
    writer.flush();
    let i = 5;
    const more = (): void => {
      writer.append(id!, i * 100, valueAt(0, i++));
      writer.flush();
    };
    const timer = setInterval(more, 1);
    await project.saveAs(folder.file('b.heapscope'), false, more, never);
    clearInterval(timer);
    expect(i).toBeGreaterThan(6);
    writer.finish(ENDED);
    project.close();
    const again = folder.open('b.heapscope');
    expect(allSamples(again, id!)).toEqual(Array.from({ length: i }, (_, k) => [k * 100, valueAt(0, k)]));
    again.close();
    const original = folder.open('a.heapscope');
    expect(original.sessions.get(writer.id).state).toBe('interrupted');
    original.close();
  });
});

describe('copying sessions into another project', () => {
  it('takes everything along under new numbers, once', async () => {
    using folder = new TestFolder();
    const [from, to] = [folder.create('from'), folder.create('to')];
    to.newSession(newSession({ name: 'other' })).finish(ENDED);
    const writer = from.newSession(newSession());
    const root = writer.addProcess({ pid: 1, parent: null, command: 'a', python: null, start: 0, agent: 'none' });
    writer.addProcess({ pid: 2, parent: root.id, command: 'b', python: null, start: 0, agent: 'none' });
    writer.addEvent(root.id, 5, 'mark', { name: 'm', source: 'user' });
    writer.appendConsole(1, Buffer.from('said'));
    recordSeries(writer, 2, 9000);
    expect(await codeOf(from.copySessions([writer.id], to, quiet, never))).toBe('project.recording');
    writer.finish(ENDED);
    expect(await codeOf(from.copySessions([99], to, quiet, never))).toBe('session.missing');
    await expect(from.copySessions([writer.id], to, quiet, AbortSignal.abort())).rejects.toThrow('aborted');
    const cancel = new AbortController();
    setImmediate(() => cancel.abort());
    await expect(from.copySessions([writer.id], to, quiet, cancel.signal)).rejects.toThrow('aborted');
    expect(to.sessions.list()).toHaveLength(1);
    expect(await from.copySessions([writer.id], to, quiet, never)).toBe(1);
    expect(await from.copySessions([writer.id], to, quiet, never)).toBe(0);
    to.close();
    const again = folder.open('to');
    const copy = again.sessions.list().find(({ name }) => name === 'leaky')!;
    expect(copy).toEqual({ ...from.sessions.get(writer.id), id: copy.id });
    const [a, b] = again.sessions.processes(copy.id);
    expect([a!.command, b!.command, b!.parent]).toEqual(['a', 'b', a!.id]);
    expect(again.events.list(copy.id, 0, 10, 5).events).toMatchObject([{ process: a!.id, facts: { name: 'm' } }]);
    expect(again.console.search(copy.id, 'said', true, 1).total).toBe(1);
    metricsOf(again, copy.id).forEach((id, k) =>
      expect(allSamples(again, id)).toEqual(Array.from({ length: 9000 }, (_, i) => [i * 100, valueAt(k, i)])),
    );
    again.close();
    from.close();
  });
});

describe('a path that is not a project', () => {
  it('is told by what is wrong with it', () => {
    using folder = new TestFolder();
    const open = (name: string): string =>
      code(() => ProjectFile.open(folder.file(name), { log: silentLog, untitledIn: folder.file('recovered') }));
    expect(open('missing')).toBe('project.missing');
    expect(open('.')).toBe('project.not-a-project');
    writeFileSync(folder.file('empty'), '');
    expect(open('empty')).toBe('project.not-a-project');
    writeFileSync(folder.file('text'), 'hello '.repeat(100));
    expect(open('text')).toBe('project.not-a-project');
    new DatabaseSync(folder.file('foreign')).exec('CREATE TABLE t (x)');
    expect(open('foreign')).toBe('project.not-a-project');
    expect(readdirSync(folder.path).sort()).toEqual(['empty', 'foreign', 'text']);
  });
});
