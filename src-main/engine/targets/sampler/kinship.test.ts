import { describe, expect, test } from 'vitest';
import { Kinship } from './kinship.ts';
import type { ProcessStat } from './stat.ts';

function stat(o: Partial<ProcessStat>): ProcessStat {
  const nothing = { name: 'x', state: 'S', ppid: 1, session: 0, foregroundGroup: -1, exiting: false, cpuTicks: 0 };
  return { ...nothing, threads: 1, startTicks: 500, exitStatus: 0, ...o };
}

describe('descent', () => {
  const root = stat({ startTicks: 100 });
  function kin(living: number[]): Kinship {
    const made = new Kinship((pid) => living.includes(pid));
    made.add(10, root);
    return made;
  }

  test('is shown by a parent that lives', () => {
    expect(kin([10]).isDescendant(11, stat({ ppid: 10 }))).toBe(true);
    expect(kin([10]).isDescendant(11, stat({ ppid: 12 }))).toBe(false);
  });

  test('is not shown by a parent whose number another process has by now', () => {
    expect(kin([]).isDescendant(11, stat({ ppid: 10 }))).toBe(false);
  });

  test('is not shown by a pid that has come back', () => {
    expect(kin([10]).isDescendant(10, stat({ startTicks: 101 }))).toBe(false);
    expect(kin([10]).isDescendant(10, root)).toBe(true);
  });

  test('is shown by the session of a member, as long as that one lived when the process started', () => {
    const made = kin([]);
    made.ended(10, root, 300);
    expect(made.isDescendant(11, stat({ session: 10, startTicks: 300 }))).toBe(true);
    expect(made.isDescendant(11, stat({ session: 10, startTicks: 301 }))).toBe(false);
    expect(made.isDescendant(11, stat({ session: 10, startTicks: 99 }))).toBe(false);
  });
});
