import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { tempFolder } from '../testing/programs.ts';
import { SlowFigures } from './slow-figures.ts';
import type { TrackedProcess } from './tracked-process.ts';

const clock = vi.hoisted(() => ({ now: 0, processor: 0 }));
vi.mock('../../base/clock.ts', () => ({ monotonicNow: () => clock.now, processorTime: () => clock.processor }));

/** Files that are being read. */
const reading = vi.hoisted(() => ({ count: 0 }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const readFile = (file: string, encoding: 'latin1', done: (error: unknown, text: string) => void): void => {
    reading.count++;
    fs.readFile(file, encoding, (error, text) => {
      reading.count--;
      done(error, text);
    });
  };
  return { ...fs, readFile };
});

async function untilRead(): Promise<void> {
  await vi.waitFor(() => expect(reading.count).toBe(0), { interval: 1, timeout: 5000 });
}

const ARENA = '7f0000000000-7f0000100000 rw-p 00000000 00:00 0    [anon:cpython:pymalloc]\n';
let proc: string;
let figures: SlowFigures;

beforeEach(() => {
  clock.now = 1000;
  proc = tempFolder();
  figures = new SlowFigures(proc);
});

/** A process whose files say that it has so many kilobytes, and these maps; so many more are resident, where the price of reading matters. */
function processOf(pid: number, kilobytes: number, maps = '', resident = 2 ** 22): TrackedProcess {
  mkdirSync(path.join(proc, String(pid)));
  writeFileSync(
    path.join(proc, String(pid), 'smaps_rollup'),
    `Rss: ${resident} kB\nPss: ${kilobytes} kB\nPrivate_Clean: 0 kB\nPrivate_Dirty: ${kilobytes} kB\n`,
  );
  writeFileSync(path.join(proc, String(pid), 'maps'), maps);
  return { pid, slow: { uss: null, pss: null, arenas: null } } as never;
}

/** What the next tick finds to be read, `ms` after the one before, where reading takes so long, and of the processor so much. */
async function tick(ms: number, process: TrackedProcess, cost = 0, processor = cost): Promise<Partial<TrackedProcess['slow']>> {
  clock.now += ms;
  process.slow = { uss: null, pss: null, arenas: null };
  figures.run();
  clock.now += cost;
  clock.processor += processor;
  await untilRead();
  return process.slow;
}

describe('costly figures', () => {
  test('are read at once, and then two seconds apart', async () => {
    const process = processOf(7, 5);
    figures.add(process, clock.now);
    expect(await tick(0, process)).toMatchObject({ uss: 5120, pss: 5120 });
    for (const ms of [900, 1099]) expect((await tick(ms, process)).pss).toBeNull();
    expect((await tick(1, process)).pss).toBe(5120);
  });

  test('take a hundredth of the program’s time at most, and a twentieth of ours', async () => {
    const [slow, other] = [processOf(7, 5), processOf(8, 6)];
    figures.add(slow, clock.now);
    await tick(0, slow, 50);
    figures.add(other, clock.now);
    expect((await tick(949, other)).pss).toBeNull();
    expect((await tick(1, other)).pss).toBe(6144);
    figures.remove(other);
    expect((await tick(100, slow)).arenas).toBeNull();
    expect((await tick(3890, slow)).pss).toBeNull();
    expect((await tick(10, slow)).pss).toBe(5120);
  });

  test('cost what was worked for them, not what they waited for', async () => {
    const process = processOf(7, 5);
    figures.add(process, clock.now);
    await tick(0, process, 1500, 3);
    expect((await tick(499, process)).pss).toBeNull();
    expect((await tick(1, process)).pss).toBe(5120);
  });

  test('cost no more than their pages take, while all else of ours works', async () => {
    const process = processOf(7, 5, '', 2 ** 20);
    figures.add(process, clock.now);
    await tick(0, process, 1500, 1500);
    await tick(1000, process);
    expect((await tick(1999, process)).pss).toBeNull();
    expect((await tick(1, process)).pss).toBe(5120);
  });

  test('are read one at a time, of who waits longest', async () => {
    const [first, second] = [processOf(7, 5), processOf(8, 6)];
    figures.add(second, clock.now);
    figures.add(first, clock.now - 1);
    figures.run();
    figures.run();
    await untilRead();
    expect([first.slow.pss, second.slow.pss]).toEqual([5120, null]);
    await tick(0, second);
    expect(second.slow.pss).toBe(6144);
  });

  test('of a process that is gone, or is followed no more, are none', async () => {
    const [gone, dropped] = [processOf(7, 5), processOf(8, 6)];
    rmSync(path.join(proc, '7'), { recursive: true });
    figures.add(gone, clock.now);
    expect(await tick(0, gone)).toEqual({ uss: null, pss: null, arenas: null });
    figures.remove(gone);
    figures.add(dropped, clock.now);
    figures.run();
    figures.remove(dropped);
    await untilRead();
    expect(dropped.slow.pss).toBeNull();
  });
});

describe('named arenas', () => {
  test('are read after a second, and then each ten seconds', async () => {
    const process = processOf(7, 5, ARENA);
    figures.add(process, clock.now);
    await tick(0, process);
    expect((await tick(999, process)).arenas).toBeNull();
    expect((await tick(1, process)).arenas).toBe(1 << 20);
    await tick(1000, process);
    for (let n = 0; n < 4; n++) expect((await tick(2000, process)).arenas).toBeNull();
    expect((await tick(1000, process)).arenas).toBe(1 << 20);
  });

  test('are looked for three times, and no more where no memory is named', async () => {
    const process = processOf(7, 5);
    figures.add(process, clock.now);
    await tick(0, process);
    const look = async (ms: number): Promise<void> => {
      await tick(ms, process);
      await tick(0, process);
    };
    for (const ms of [1000, 10_000, 10_000]) await look(ms);
    writeFileSync(path.join(proc, '7', 'maps'), ARENA);
    let found: number | null = null;
    for (let n = 0; n < 6; n++) found ??= (await tick(5000, process)).arenas ?? null;
    expect(found).toBeNull();
  });
});
