import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { watchOutOfMemory } from './out-of-memory.ts';
import { tempFolder } from './testing/programs.ts';

afterEach(() => void vi.useRealTimers());

function makePlaces(group: string | null): {
  proc: string;
  cgroups: string;
  setMachine(kills: number): void;
  setGroup(kills: number): void;
} {
  const folder = tempFolder();
  const [proc, cgroups] = [path.join(folder, 'proc'), path.join(folder, 'cgroup')];
  mkdirSync(path.join(proc, 'self'), { recursive: true });
  mkdirSync(path.join(cgroups, 'app'), { recursive: true });
  writeFileSync(path.join(proc, 'self', 'cgroup'), group === null ? '4:memory:/x\n' : `10::/other\n0::${group}\n`);
  const setMachine = (kills: number): void => writeFileSync(path.join(proc, 'vmstat'), `pgfault 9\nmemcg_oom_kill 99\noom_kill ${kills}\n`);
  const setGroup = (kills: number): void =>
    writeFileSync(path.join(cgroups, 'app', 'memory.events'), `oom 1\nlocal_oom_kill 99\noom_kill ${kills}\noom_group_kill 0\n`);
  setMachine(3);
  return { proc, cgroups, setMachine, setGroup };
}

test('nothing to read is no evidence', () => {
  const watch = watchOutOfMemory({ proc: '/no/such', cgroups: '/no/such' });
  watch.refresh();
  expect(watch.happened()).toBe(false);
});

test('the machine’s counter tells, once for each kill', () => {
  const places = makePlaces(null);
  const watch = watchOutOfMemory(places);
  expect(watch.happened()).toBe(false);
  places.setMachine(5);
  watch.refresh();
  expect([watch.happened(), watch.happened(), watch.happened()]).toEqual([true, true, false]);
});

test('our own group’s counter is taken before the machine’s', () => {
  const places = makePlaces('/app');
  places.setGroup(0);
  const watch = watchOutOfMemory(places);
  places.setMachine(4);
  expect(watch.happened()).toBe(false);
  places.setGroup(1);
  expect(watch.happened()).toBe(true);
});

test('a kill is evidence for ten seconds, however often one looked meanwhile', () => {
  vi.useFakeTimers();
  const places = makePlaces(null);
  const watch = watchOutOfMemory(places);
  const later = (seconds: number): void => {
    for (let i = 0; i < seconds; i++) {
      vi.advanceTimersByTime(1000);
      watch.refresh();
    }
  };
  later(30);
  places.setMachine(14);
  later(10);
  expect(watch.happened()).toBe(true);
  places.setMachine(115);
  later(13);
  expect(watch.happened()).toBe(false);
  later(60);
  places.setMachine(116);
  expect([watch.happened(), watch.happened()]).toEqual([true, false]);
});

test('a group whose kills cannot be read is none', () => {
  const places = makePlaces('/gone');
  const watch = watchOutOfMemory(places);
  places.setMachine(4);
  expect(watch.happened()).toBe(true);
});
