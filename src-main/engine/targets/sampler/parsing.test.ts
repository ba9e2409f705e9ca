import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { statLine } from '../testing/fake-proc.ts';
import { parseArenas, parseKilobytes, parseResident, parseRollup } from './figures.ts';
import { machineUnits } from './machine.ts';
import { parseStat } from './stat.ts';
import { nextDue } from './ticker.ts';
import { decodeWaitStatus } from './wait-status.ts';

describe('a stat line', () => {
  test.each(['', ' ', '12', '12 (a', '12 (a)', '(', ')('])('that is none: %j', (text) => {
    expect(parseStat(Buffer.from(text))).toBeNull();
  });

  test.each(['python3', 'a b', ') R 1 2', '((', '\n', ''])('of a program called %j', (name) => {
    const stat = parseStat(
      Buffer.from(statLine(42, { name, ppid: 7, session: 5, threads: 3, startTicks: 123456, flags: 0x40000c, exitStatus: 1280 })),
    );
    expect(stat).toEqual({
      name,
      state: 'S',
      ppid: 7,
      session: 5,
      foregroundGroup: -1,
      exiting: true,
      cpuTicks: 42,
      threads: 3,
      startTicks: 123456,
      exitStatus: 1280,
    });
  });

  test('cut short has zeros', () => {
    expect(parseStat(Buffer.from('42 (x) S 7 1 5'))).toMatchObject({ ppid: 7, session: 5, threads: 0, exitStatus: 0 });
  });

  test('of this kernel', () => {
    expect(parseStat(readFileSync('/proc/self/stat'))).toMatchObject({ ppid: process.ppid, exiting: false });
  });
});

test.each([
  [0, { code: 0, signal: null }],
  [1280, { code: 5, signal: null }],
  [255 << 8, { code: 255, signal: null }],
  [9, { code: null, signal: 'SIGKILL' }],
  [11 | 0x80, { code: null, signal: 'SIGSEGV' }],
  [34, { code: null, signal: 'SIG34' }],
])('wait status %d', (status, exit) => {
  expect(decodeWaitStatus(status)).toEqual(exit);
});

describe('figures', () => {
  const resident = (text: string): number | null => parseResident(Buffer.from(text), text.length, 4096);
  test('statm', () => {
    expect(resident('9000 250 50 1 0 60 0\n')).toBe(250 * 4096);
    expect(resident('0 0 0 0 0 0 0\n')).toBe(0);
    expect(resident('1 90 3')).toBe(90 * 4096);
    for (const bad of ['', '9000', '9000 25', '9000 x 1', '9000 /5 1', '9000 -5 1']) expect(resident(bad)).toBeNull();
  });

  test('status and smaps_rollup', () => {
    const text = 'VmHWM:\t    1700 kB\nVmSwap:\t       4 kB\n';
    expect(parseKilobytes(text, 'VmHWM')).toBe(1700 * 1024);
    expect(parseKilobytes(text, 'VmSwap')).toBe(4096);
    expect(parseKilobytes(text, 'Swap')).toBeNull();
    expect(parseKilobytes('VmHWM: x', 'VmHWM')).toBeNull();
    expect(parseRollup('Rss: 9 kB\nPss: 445 kB\nPss_Dirty: 1 kB\nPrivate_Clean: 76 kB\nPrivate_Dirty: 108 kB\n')).toEqual({
      uss: 184 * 1024,
      pss: 445 * 1024,
    });
    expect(parseRollup('')).toEqual({ uss: null, pss: null });
    expect(parseRollup('Private_Clean: 1 kB\nPrivate_Dirty: 2 kB\nPrivate_Hugetlb: 4 kB\n').uss).toBe(7 * 1024);
    for (const one of ['Private_Clean: 1 kB\n', 'Private_Dirty: 1 kB\n']) expect(parseRollup(one).uss).toBeNull();
  });

  test('named arenas', () => {
    const maps =
      '7f0000000000-7f0000100000 rw-p 00000000 00:00 0    [anon:cpython:pymalloc]\n' +
      '7f0000100000-7f0000200000 rw-p 00000000 00:00 0    [anon:cpython:other]\n' +
      '7f0000300000-7f0000500000 rw-p 00000000 00:00 0    [anon:cpython:pymalloc:arena]\n';
    expect(parseArenas(maps)).toBe(3 << 20);
    expect(parseArenas('7f0000000000-7f0000100000 rw-p 00000000 00:00 0    [heap]\n')).toBeNull();
  });

  test('units of this machine', () => {
    const { pageSize, ticksPerSecond } = machineUnits();
    expect(pageSize % 4096).toBe(0);
    expect(ticksPerSecond).toBeGreaterThanOrEqual(100);
  });
});

test.each([
  [100, 10, 105, 110],
  [100, 10, 110, 110],
  [100, 10, 111, 120],
  [100, 10, 999, 1000],
])('after %d every %d, not before %d: %d', (due, interval, after, next) => {
  expect(nextDue(due, interval, after)).toBe(next);
});
