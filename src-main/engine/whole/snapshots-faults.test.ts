import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holding, SnapshotBench, until, type Started } from './snapshot-bench.ts';

const bench = SnapshotBench.forEach();

/** A child process that has the same name as the heap's forked copy. */
function copyOf(pid: number): number | null {
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    for (const child of readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ')) {
      if (child !== '' && readFileSync(`/proc/${child}/comm`, 'utf8').trim() === 'heapscope-snap') return Number(child);
    }
  }
  return null;
}

function rssOf({ project, recording }: Started): number {
  const series = bench.engine.projects.file(project.id).series.list(recording.session);
  return series.find(({ metric }) => metric === 'rss')?.max ?? 0;
}

describe('a snapshot that cannot be taken', () => {
  it('of a program without an agent says so', async () => {
    const started = await bench.record('python3 -I -c "import time; time.sleep(60)"', { spec: { mode: 'command' } });
    await expect(bench.take(started)).rejects.toMatchObject({ code: 'recording.no-agent' });
    await expect(bench.engine.snapshots.forecast(bench.ref(started))).rejects.toMatchObject({
      code: 'recording.no-agent',
    });
    await bench.end(started);
    await expect(bench.take(started)).rejects.toMatchObject({ code: 'recording.not-running' });
    expect(bench.rows(started)).toEqual([]);
  });

  it('while another is taken says so, and the other comes through', async () => {
    const started = await bench.ready(holding(3000));
    const first = bench.take(started);
    await expect(bench.take(started)).rejects.toMatchObject({ code: 'snapshot.busy' });
    const [row] = await first;
    expect(await bench.settled(started, row!.id)).toMatchObject({ state: 'ready' });
    expect(bench.rows(started)).toHaveLength(1);
    await bench.end(started);
  });

  it('as its program is killed has failed, and leaves no dump', async () => {
    const started = await bench.ready(holding(3000));
    const [row] = await bench.take(started, { method: 'python' });
    started.recording.stop('kill');
    const { state, error } = await bench.settled(started, row!.id);
    // A small heap may be walked before the signal arrives.
    if (state === 'failed') expect(error?.code).toBe('agent.gone');
    await started.recording.ended;
    await until(() => bench.dumps().length === 0);
  });

  it('as the user does not want it any more has failed at once; the next one comes through', async () => {
    const started = await bench.ready(holding(80_000));
    const [row] = await bench.take(started, { method: 'python' });
    bench.engine.snapshots.cancel({ project: started.project.id, snapshot: row!.id });
    expect(await bench.settled(started, row!.id)).toMatchObject({ state: 'failed', error: { code: 'snapshot.cancelled' } });
    const next = await bench.takeWhenFree(started, 'next');
    expect(await bench.settled(started, next[0]!.id)).toMatchObject({ state: 'ready', name: 'next' });
    expect(bench.dumps()).toEqual([]);
    expect(bench.eventsOf(started, 'snapshot-failed')).toEqual([]);
    await bench.end(started);
  });

  it.each(['auto', 'python'] as const)('within its limit of memory by %s says so', async (method) => {
    const started = await bench.ready(holding(80_000));
    const [row] = await bench.take(started, { method, memoryLimit: 1 << 20 });
    expect(await bench.settled(started, row!.id)).toMatchObject({ state: 'failed', error: { code: 'snapshot.limit' } });
    expect(bench.dumps()).toEqual([]);
    expect(bench.eventsOf(started, 'snapshot-failed')).toMatchObject([{ facts: { code: 'snapshot.limit', name: 'one' } }]);
    await bench.end(started);
  });

  it('as the recording is abandoned has failed, also when the file is reopened', async () => {
    const started = await bench.ready(holding(80_000));
    const { path } = started.project;
    await bench.take(started, { method: 'python' });
    await bench.engine.dispose();
    await bench.start();
    const { id } = await bench.engine.projects.open({ path });
    const [row] = bench.engine.projects.file(id).snapshots.list(null);
    expect(row).toMatchObject({ state: 'failed' });
    expect(['snapshot.interrupted', 'snapshot.cancelled', 'agent.gone']).toContain(row?.error?.code);
    expect(bench.dumps()).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux')('a copy whose program ends before it', () => {
  it.each(['os._exit(0)', 'os.kill(os.getpid(), 9)'])('is imported when it has finished: %s', async (end) => {
    const started = await bench.record(holding(300_000, `import os, heapscope_agent; heapscope_agent.snapshot("last"); ${end}`));
    await started.recording.ended;
    const row = await until(() => bench.rows(started)[0]);
    expect(await bench.settled(started, row.id)).toMatchObject({ state: 'ready', name: 'last' });
    expect(bench.users(started, row)).toBe(300_000);
    await until(() => bench.dumps().length === 0);
  });
});

describe.skipIf(process.platform !== 'linux')('a copy of the process that is killed while it walks', () => {
  it('is told by its signal, and the program goes on', async () => {
    const started = await bench.ready(holding(1_000_000));
    const { agents } = started.recording.state();
    const forecast = await bench.engine.snapshots.forecast(bench.ref(started));
    if (forecast[0]?.method !== 'fork') return bench.end(started); // no compiler, no core
    const [row] = await bench.take(started);
    const child = await until(() => copyOf(agents[0]!.pid) ?? (bench.rows(started)[0]?.state !== 'capturing' && -1));
    if (child > 0) process.kill(child, 'SIGKILL');
    const settled = await bench.settled(started, row!.id);
    if (settled.state === 'failed') expect(settled.error?.code).toBe('snapshot.killed');
    expect(started.recording.running).toBe(true);
    expect(bench.engine.projects.file(started.project.id).sessions.processes(started.recording.session)).toHaveLength(1);
    await bench.end(started);
  });
});

describe.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)('a full disk', () => {
  async function onSmallDisk<T>(at: string, size: string, work: () => Promise<T>): Promise<T> {
    mkdirSync(at, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at]);
    try {
      return await work();
    } finally {
      await bench.engine.dispose();
      execFileSync('umount', [at]);
    }
  }

  it('where dumps lie is noticed before a snapshot is taken', async () => {
    await bench.engine.dispose();
    await onSmallDisk(join(bench.folder, 'dumps'), '8m', async () => {
      await bench.start();
      const started = await bench.ready(holding(3000));
      await until(() => rssOf(started) > 0);
      await expect(bench.take(started)).rejects.toMatchObject({
        code: 'snapshot.no-space',
        facts: { available: expect.any(Number) as number },
      });
      expect(bench.rows(started)).toEqual([]);
      await bench.end(started);
    });
  });

  it('where the project lies fails the import; the file stays whole', async () => {
    const small = join(bench.folder, 'small');
    await onSmallDisk(small, '700k', async () => {
      const { id } = bench.engine.projects.createAt(join(small, 'full.heapscope'));
      const started = await bench.ready(holding(100_000), { project: id });
      const [row] = await bench.take(started);
      expect(await bench.settled(started, row!.id)).toMatchObject({ state: 'failed', error: { code: 'snapshot.no-space' } });
      expect(bench.dumps()).toEqual([]);
      await bench.end(started);
      await bench.engine.projects.close({ project: id });
      const again = await bench.engine.projects.open({ path: join(small, 'full.heapscope') });
      expect(again.damage).toBeNull();
      expect(bench.engine.projects.file(again.id).snapshots.list(null)).toMatchObject([{ state: 'failed' }]);
    });
  });
});
