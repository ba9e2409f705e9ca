import { describe, expect, test } from 'vitest';
import { Kinship } from './kinship.ts';
import type { ProcessStat } from './stat.ts';

function stat(o: Partial<ProcessStat>): ProcessStat {
  const nothing = { name: 'x', state: 'S', ppid: 1, session: 0, foregroundGroup: -1, exiting: false, cpuTicks: 0 };
  return { ...nothing, threads: 1, startTicks: 500, exitStatus: 0, ...o };
}

describe('descent', () => {
  const root = stat({ startTicks: 100 });
  function kin(living: number[], inits: number[] = []): Kinship {
    const made = new Kinship({ lives: (pid) => living.includes(pid), isInit: (pid) => inits.includes(pid), hasMark: (pid) => pid > 90 });
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

  test('is not shown by a parent that is the first of its pid namespace: the kernel makes it the parent of strangers too', () => {
    const made = kin([10], [10]);
    expect(made.isDescendant(11, stat({ ppid: 10 }))).toBe(false);
    expect(made.isDescendant(11, stat({ ppid: 10, session: 11 }))).toBe(false);
  });

  test('is shown there by the mark, by the session, or by a parent who was seen before it went', () => {
    const made = kin([10, 12], [10]);
    expect(made.isDescendant(91, stat({ ppid: 10 }))).toBe(true);
    expect(made.isDescendant(91, stat({ ppid: 1 }))).toBe(false);
    expect(made.isDescendant(11, stat({ ppid: 10, session: 10 }))).toBe(true);
    const [between, daemon] = [stat({ ppid: 10, session: 10 }), stat({ ppid: 12, session: 12, startTicks: 600 })];
    made.add(12, between);
    expect(made.isDescendant(13, daemon)).toBe(true);
    made.add(13, daemon);
    made.ended(12, between, 700);
    expect(made.isDescendant(13, { ...daemon, ppid: 10 })).toBe(true);
    expect(made.isDescendant(14, stat({ ppid: 10, session: 12, startTicks: 650 }))).toBe(true);
  });
});
