import { describe, expect, it } from 'vitest';
import type { SnapshotRow } from '../../../src-preload/contract/index.ts';
import { SessionSnapshots } from '../snapshots/index.ts';
import { holding, SnapshotBench, until, type Started } from './snapshot-bench.ts';
import { DEFAULT_PLAN } from '../workspace/snapshot-defaults.ts';

const bench = SnapshotBench.forEach();

describe('a snapshot', () => {
  it('is taken, imported, kept and looked into, also when the file is reopened', async () => {
    const started = await bench.ready(holding(3000));
    const [row] = await bench.take(started, { collectFirst: true });
    expect(row).toMatchObject({ state: 'capturing', name: 'one', trigger: 'user' });
    const done = await bench.settled(started, row!.id);
    expect(done.error).toBeNull();
    expect(done).toMatchObject({ state: 'ready', collected: true, previews: false, python: expect.stringMatching(/^3\./) as string });
    expect(done.objects).toBeGreaterThan(10_000);
    for (const figure of [done.pause, done.captureTime, done.importTime, done.dumpBytes, done.storedBytes, done.rss, done.size])
      expect(figure).toBeGreaterThan(0);
    expect(bench.dumps()).toEqual([]);
    expect(bench.eventsOf(started, 'snapshot')).toMatchObject([
      { process: done.process, facts: { pid: done.pid, snapshot: done.id, name: 'one', trigger: 'user' } },
    ]);
    const states = bench.events.flatMap((event) => (event.event === 'snapshot.changed' ? [event.payload.row.state] : []));
    expect(new Set(states)).toEqual(new Set(['capturing', 'importing', 'ready']));
    expect(bench.events.some((event) => event.event === 'snapshot.progress' && event.payload.progress.state === 'importing')).toBe(true);
    const users = bench.engine.projects
      .file(started.project.id)
      .snapshots.types(done.id)
      .find(({ name }) => name === 'User');
    expect(users).toMatchObject({ module: '__main__', count: 3000 });
    await bench.end(started);

    await bench.engine.projects.close({ project: started.project.id });
    const { id: project } = await bench.engine.projects.open({ path: started.project.path });
    const call = { signal: AbortSignal.timeout(30_000), onProgress: () => undefined };
    const summary = await bench.engine.heap.query('heap.summary', { project, snapshot: done.id }, call);
    expect(summary).toMatchObject({ objects: done.objects });
  });

  it('of each process of a tree is taken at once', async () => {
    const fork = `import multiprocessing as m
if __name__ == "__main__":
    job = m.get_context("fork").Process(target=time.sleep, args=(60,)); job.start(); job.join()`;
    const started = await bench.ready(holding(3000, fork));
    await until(() => started.recording.state().agents.filter(({ state }) => state === 'connected').length === 2);
    const forecast = await bench.engine.snapshots.forecast(bench.ref(started));
    expect(forecast).toHaveLength(2);
    expect(forecast[0]?.expectedPause).toBeGreaterThan(0);
    const rows = await bench.take(started);
    expect(rows.map(({ process }) => process).sort()).toEqual(forecast.map(({ process }) => process).sort());
    for (const { id } of rows) expect(await bench.settled(started, id)).toMatchObject({ state: 'ready' });
    const [one] = await bench.take(started, { processes: [rows[1]!.process] });
    expect(one?.process).toBe(rows[1]!.process);
    await bench.end(started);
  });

  it('whose session has ended meanwhile is imported all the same', async () => {
    const started = await bench.ready(holding(3000));
    const [row] = await bench.take(started);
    await until(() => bench.rows(started)[0]?.state !== 'capturing');
    await bench.end(started);
    expect(await bench.settled(started, row!.id)).toMatchObject({ state: 'ready' });
  });

  it('is not thrown away without a word when its project is closed before it is imported', async () => {
    const started = await bench.ready(holding(400_000));
    await bench.take(started);
    await until(() => bench.rows(started)[0]?.state !== 'capturing');
    await bench.end(started);
    const { id: first, path } = started.project;
    const refused = await bench.engine.projects.close({ project: first }).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ code: 'project.importing', facts: { path, count: 1 } });
    expect(bench.rows(started)).toMatchObject([{ state: 'importing' }]);

    await bench.engine.projects.close({ project: first, discard: true });
    const { id } = await bench.engine.projects.open({ path });
    const [row] = bench.engine.projects.file(id).snapshots.list(null);
    expect(row).toMatchObject({ state: 'failed', error: { code: 'snapshot.cancelled' } });
    expect(bench.dumps()).toEqual([]);
  });

  it('deleted while it is made goes, and comes back as cancelled', async () => {
    const started = await bench.ready(holding(80_000));
    const [row] = await bench.take(started, { method: 'python' });
    bench.engine.snapshots.delete({ project: started.project.id, snapshots: [row!.id] });
    expect(bench.rows(started)).toEqual([]);
    bench.engine.snapshots.restore({ project: started.project.id, snapshots: [row!.id] });
    expect(bench.rows(started)).toMatchObject([{ state: 'failed', error: { code: 'snapshot.cancelled' } }]);
    expect(bench.events.filter(({ event }) => event === 'snapshots.changed')).toHaveLength(2);
    await bench.end(started);
  });
});

describe('snapshots by themselves', () => {
  async function taken(started: Started, count: number): Promise<SnapshotRow[]> {
    await until(() => bench.rows(started).filter(({ state }) => state === 'ready').length >= count);
    return bench.rows(started);
  }

  it('are taken every so often, up to the limit', async () => {
    const started = await bench.ready(holding(3000), { rules: { every: 1000, limit: 2 } });
    expect(await taken(started, 2)).toMatchObject([
      { trigger: 'interval', name: '#1' },
      { trigger: 'interval', name: '#2' },
    ]);
    await new Promise((done) => setTimeout(done, 1500));
    expect(bench.rows(started)).toHaveLength(2);
    await bench.end(started);
  });

  it('are taken at marks of the user and of the program', async () => {
    const code = holding(3000, `import heapscope_agent as h\ntime.sleep(0.5)\nh.mark("other")\nh.mark("loaded")\ntime.sleep(60)`);
    const started = await bench.ready(code, { rules: { atMark: 'loaded' } });
    expect(await taken(started, 1)).toMatchObject([{ trigger: 'mark', name: 'loaded' }]);
    started.recording.mark('loaded');
    expect(await taken(started, 2)).toHaveLength(2);
    await bench.end(started);
  });

  it('are taken as memory grows', async () => {
    const code = holding(3000, `for _ in range(40):\n    users.append(bytearray(b"x") * 4_000_000)\n    time.sleep(0.1)\ntime.sleep(60)`);
    const started = await bench.ready(code, { rules: { rssStep: 50 << 20, limit: 2 } });
    const rows = await taken(started, 2);
    expect(rows).toMatchObject([{ trigger: 'growth' }, { trigger: 'growth' }]);
    expect(rows[1]!.rss! - rows[0]!.rss!).toBeGreaterThan(45 << 20);
    await bench.end(started);
  });

  it('are taken before the program ends, with what it still holds', async () => {
    const started = await bench.record(holding(3000, 'time.sleep(1)'), { rules: { atExit: true } });
    expect((await started.recording.ended).exit?.code).toBe(0);
    const [row] = await taken(started, 1);
    expect(row).toMatchObject({ trigger: 'exit' });
    expect(bench.users(started, row!)).toBe(3000);
  });

  it('are taken where the program asks for one', async () => {
    const code = holding(3000, `import heapscope_agent as h\ntime.sleep(0.5)\nh.snapshot("full")\nusers.clear()\ntime.sleep(60)`);
    const started = await bench.ready(code);
    const [row] = await taken(started, 1);
    expect(row).toMatchObject({ trigger: 'program', name: 'full' });
    expect(
      bench.engine.projects
        .file(started.project.id)
        .snapshots.types(row!.id)
        .find(({ name }) => name === 'User')?.count,
    ).toBe(3000);
    await bench.end(started);
  });

  it('are taken before the exit of a program that ends at once', async () => {
    const started = await bench.record('kept = [[i] for i in range(4321)]', { rules: { atExit: true } });
    expect((await started.recording.ended).exit?.code).toBe(0);
    expect(await taken(started, 1)).toMatchObject([{ trigger: 'exit', state: 'ready' }]);
  });

  it('follow new rules at once; those are kept, and the next recording starts with them', async () => {
    const started = await bench.ready(holding(3000));
    const plan = {
      rules: { ...DEFAULT_PLAN.rules, every: 1000, limit: 1 },
      options: { ...DEFAULT_PLAN.options, collectFirst: true },
    };
    bench.engine.snapshots.setPlan({ ...bench.ref(started), ...plan });
    expect(await taken(started, 1)).toMatchObject([{ trigger: 'interval', collected: true }]);
    await bench.end(started);
    expect(bench.engine.snapshots.plan(bench.ref(started))).toEqual(plan);
    await bench.engine.dispose();
    await bench.start();
    const next = await bench.engine.recording.start({
      spec: bench.spec('1'),
      project: null,
      columns: 80,
      rows: 24,
      confirmed: true,
      starter: 'pty',
    });
    expect(next.recording.part(SessionSnapshots).plan).toEqual(plan);
    await next.recording.ended;
  });
});
