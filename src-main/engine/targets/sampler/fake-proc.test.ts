import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { removeProcess, writeProcess } from '../testing/fake-proc.ts';
import { tempFolder } from '../testing/programs.ts';
import { watch } from '../testing/watch.ts';
import { FOLLOWED_AT_MOST } from './linux-sampler.ts';
import { machineUnits } from './machine.ts';
import type { TreeSample } from './types.ts';

const NOTHING = { files: null, sockets: null, uss: null, pss: null, swap: null, peakRss: null, executable: null };

describe('a process that is hard to see', () => {
  test('was gone before we looked', async () => {
    const { until, sampler } = watch(100, { proc: tempFolder() });
    expect((await until(() => true)).processes).toEqual([]);
    expect(sampler.identify({ port: 1, enginePort: 2, pid: 100 })).toEqual({ kind: 'gone' });
    sampler.expectExit('100:1');
  });

  test('whose figures may not be read has none, and is there', async () => {
    const proc = tempFolder();
    writeProcess(proc, 100, { children: [] });
    const sample = await watch(100, { proc }).untilProcess(() => true);
    expect(sample).toMatchObject({
      key: '100:1000',
      pid: 100,
      command: 'python3 app 100.py',
      rss: 100 * machineUnits().pageSize,
      ...NOTHING,
    });
  });

  test('whose stat is nonsense is not followed', async () => {
    const proc = tempFolder();
    writeProcess(proc, 100, { children: [101, 102] });
    writeProcess(proc, 101, { ppid: 100 });
    writeFileSync(path.join(proc, '101', 'stat'), 'nonsense');
    writeProcess(proc, 102, { ppid: 100 });
    expect((await watch(100, { proc }).until((sample) => sample.processes.length === 2)).processes.map((each) => each.pid)).toEqual([
      100, 102,
    ]);
  });

  test('being the copy that an agent makes to walk a heap is not followed, nor one that has not run yet and may be that', async () => {
    const proc = tempFolder();
    writeProcess(proc, 100, { children: [101, 102, 103], files: { schedstat: '0 0 0\n' } });
    writeProcess(proc, 101, { ppid: 100, files: { comm: 'heapscope-snap\n', schedstat: '5000 1 1\n' } });
    writeProcess(proc, 102, { ppid: 100, files: { comm: 'python3\n', schedstat: '0 0 0\n' } });
    writeProcess(proc, 103, { ppid: 100, files: { comm: 'python3\n', schedstat: '70 0 1\n' } });
    const watched = watch(100, { proc });
    expect((await watched.until((sample) => sample.processes.length === 2)).processes.map((each) => each.pid)).toEqual([100, 103]);
    writeProcess(proc, 102, { ppid: 100, files: { schedstat: '70 0 1\n' } });
    expect((await watched.until((sample) => sample.processes.length === 3)).processes.map((each) => each.pid)).toContain(102);
  });

  test('whose memory is gone already has no figure rather than 0', async () => {
    const proc = tempFolder();
    writeProcess(proc, 100, { children: [], resident: 0 });
    expect(await watch(100, { proc }).untilProcess(() => true)).toMatchObject({ rss: null });
  });
});

describe('ends', () => {
  test('seen as a zombie have their status; a first thread that ended is no end', async () => {
    const proc = tempFolder();
    writeProcess(proc, 100, { children: [101, 102, 103] });
    for (const pid of [101, 102, 103]) writeProcess(proc, pid, { ppid: 100 });
    const watched = watch(100, { proc });
    await watched.until((sample) => sample.processes.length === 4);
    writeProcess(proc, 101, { state: 'Z', flags: 4, exitStatus: 1280 });
    writeProcess(proc, 102, { state: 'Z', flags: 4, exitStatus: 9 });
    writeProcess(proc, 103, { state: 'Z', flags: 4, threads: 2 });
    expect(await watched.untilEnded(101)).toMatchObject({ key: '101:1000', exit: { code: 5, signal: null, outOfMemory: false } });
    expect(await watched.untilEnded(102)).toMatchObject({ exit: { code: null, signal: 'SIGKILL', outOfMemory: false } });
    expect(watched.ended().map((each) => each.pid)).not.toContain(103);
  });

  test('are told from life where a connection was closed: by one that runs, and by one that is ending', async () => {
    const proc = tempFolder();
    writeProcess(proc, 100, { children: [] });
    const { sampler, until } = watch(100, { proc, intervalMs: 60_000 });
    await until((sample) => sample.processes.length === 1);
    expect([sampler.runs('100:1000'), sampler.runs('100:7'), sampler.runs('101:1000')]).toEqual([true, false, false]);
    writeProcess(proc, 100, { flags: 4 });
    expect(sampler.runs('100:1000')).toBe(false);
    removeProcess(proc, 100);
    expect(sampler.runs('100:1000')).toBe(false);
  });

  test('not seen have none', async () => {
    const proc = tempFolder();
    writeProcess(proc, 100, { children: [101] });
    writeProcess(proc, 101, { ppid: 100 });
    const watched = watch(100, { proc });
    await watched.until((sample) => sample.processes.length === 2);
    removeProcess(proc, 101);
    expect(await watched.untilEnded(101)).toMatchObject({ exit: null });
  });

  test('are seen though the next tick is far away', async () => {
    const proc = tempFolder();
    writeProcess(proc, 100, { children: [101] });
    writeProcess(proc, 101, { ppid: 100 });
    const watched = watch(100, { proc, intervalMs: 60_000 });
    await watched.until((sample) => sample.processes.length === 2);
    removeProcess(proc, 101);
    expect(await watched.untilEnded(101)).toMatchObject({ key: '101:1000' });
    expect(watched.samples.at(-1)?.processes).toEqual([]);
  });

  test('a pid that comes back is another process', async () => {
    const proc = tempFolder();
    writeProcess(proc, 100, { children: [101] });
    writeProcess(proc, 101, { ppid: 100, startTicks: 2000 });
    const watched = watch(100, { proc });
    await watched.untilProcess((each) => each.key === '101:2000');
    removeProcess(proc, 101);
    await watched.untilEnded(101);
    writeProcess(proc, 101, { ppid: 100, startTicks: 3000 });
    await watched.untilProcess((each) => each.key === '101:3000');
    expect(watched.ended().map((each) => each.key)).toEqual(['101:2000']);
  });
});

describe('a number that another process has by now', () => {
  test('is not signalled, though no tick has come by since', async () => {
    const stranger = spawn('sleep', ['600']);
    const pid = stranger.pid!;
    const proc = tempFolder();
    writeProcess(proc, 100, { children: [pid] });
    writeProcess(proc, pid, { ppid: 100, startTicks: 2000 });
    const { sampler, until } = watch(100, { proc, intervalMs: 60_000 });
    const { processes } = await until(() => true);
    expect(processes.find((each) => each.pid === pid)).toMatchObject({ descends: true });
    // As it is read when too many processes are followed to keep each file open.
    writeProcess(proc, pid, { ppid: 1, startTicks: 3000 });
    sampler.signal('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill('SIGKILL');
  });

  test('is another process at the next tick, and its children are none of the tree', async () => {
    const proc = tempFolder();
    writeProcess(proc, 100, { children: [101] });
    writeProcess(proc, 101, { ppid: 100, startTicks: 2000, children: [] });
    const watched = watch(100, { proc });
    await watched.untilProcess((each) => each.key === '101:2000');
    writeProcess(proc, 100, { children: [] });
    writeProcess(proc, 102, { ppid: 101, startTicks: 3001 });
    writeProcess(proc, 101, { ppid: 1, startTicks: 3000, children: [102] });
    await watched.untilEnded(101);
    const { length } = watched.samples;
    await watched.until((sample) => watched.samples.indexOf(sample) > length + 2);
    expect(watched.samples.flatMap((sample) => sample.processes).map((each) => each.pid)).not.toContain(102);
  });
});

describe('discovery', () => {
  test('where the kernel lists no children: by parents, and by the session of the root', async () => {
    const proc = tempFolder();
    writeProcess(proc, 100, { session: 100 });
    writeProcess(proc, 101, { ppid: 100 });
    writeProcess(proc, 102, { ppid: 101 });
    writeProcess(proc, 103, { ppid: 1, session: 100 });
    writeProcess(proc, 104, { ppid: 1 });
    writeProcess(proc, 105, { ppid: 103 });
    const { processes } = await watch(100, { proc }).until((sample) => sample.processes.length > 1);
    expect(processes.map((each) => each.pid).sort()).toEqual([100, 101, 102, 103, 105]);
  });

  test('of more than are followed says how many were cut', async () => {
    const proc = tempFolder();
    // Numbers that no real process has: we ourselves, and whom this says to be our ancestors, are never followed.
    const children = Array.from({ length: FOLLOWED_AT_MOST + 20 }, (_, i) => 4_190_000 + i);
    const listed = [process.pid, ...children];
    writeProcess(proc, 100, { children: listed });
    for (const pid of listed) writeProcess(proc, pid, { ppid: pid === process.pid ? 1 : 100, children: [] });
    const watched = watch(100, { proc });
    const full = (sample: TreeSample): boolean => sample.processes.length === FOLLOWED_AT_MOST;
    const first = await watched.until(full);
    const { cut } = await watched.until((sample) => full(sample) && sample !== first);
    expect(cut).toBe(22);
  });
});

test('slow figures come from where the kernel has them', async () => {
  const proc = tempFolder();
  const files = {
    smaps_rollup: 'Pss: 445 kB\nPrivate_Clean: 76 kB\nPrivate_Dirty: 108 kB\n',
    maps: '7f0000000000-7f0000100000 rw-p 00000000 00:00 0    [anon:cpython:pymalloc]\n',
    status: 'VmHWM:\t1700 kB\nVmSwap:\t8 kB\n',
  };
  writeProcess(proc, 100, { children: [], files });
  mkdirSync(path.join(proc, '100', 'fd'));
  for (const [name, to] of Object.entries({ 0: '/dev/null', 1: 'socket:[12]', 2: 'pipe:[9]', 3: 'socket:[13]' }))
    symlinkSync(to, path.join(proc, '100', 'fd', name));
  const watched = watch(100, { proc });
  expect(await watched.untilProcess((each) => each.uss !== null)).toMatchObject({ uss: 184 * 1024, pss: 445 * 1024 });
  expect(await watched.untilProcess((each) => each.peakRss !== null)).toMatchObject({ peakRss: 1700 * 1024, swap: 8192 });
  expect(await watched.untilProcess((each) => each.sockets !== null)).toMatchObject({ sockets: 2 });
  expect(await watched.untilProcess((each) => each.arenas !== null)).toMatchObject({ arenas: 1 << 20 });
});
