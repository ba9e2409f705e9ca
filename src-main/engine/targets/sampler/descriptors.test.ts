import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { tempFolder } from '../testing/programs.ts';
import { DescriptorCounter } from './descriptors.ts';

let proc: string;
beforeEach(() => (proc = tempFolder()));

/** A process 7 with this many files and sockets as descriptors; the kernel does not count them itself. */
function holding(files: number, sockets: number): DescriptorCounter {
  const folder = path.join(proc, '7', 'fd');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (let n = 0; n < files; n++) symlinkSync('/etc/hosts', path.join(folder, String(n)));
  for (let n = 0; n < sockets; n++) symlinkSync(`socket:[${n}]`, path.join(folder, String(files + n)));
  return new DescriptorCounter(proc, 7);
}

describe('open descriptors', () => {
  test('are those that the folder lists, at each tick', () => {
    const counter = holding(3, 2);
    expect([counter.count(0), counter.count(1)]).toEqual([5, 5]);
  });

  test('are not known of a process that is not ours to see, which is asked again after a second', () => {
    const counter = new DescriptorCounter(proc, 7);
    expect(counter.count(0)).toBeNull();
    holding(1, 0);
    expect([counter.count(999), counter.count(1000)]).toEqual([null, 1]);
  });

  test('of a long list are counted once a second, of 256 at each tick', () => {
    const long = holding(257, 0);
    expect([long.count(0), long.count(999), long.count(1000)]).toEqual([257, null, 257]);
    const short = holding(256, 0);
    expect([short.count(0), short.count(1)]).toEqual([256, 256]);
  });
});

describe('sockets', () => {
  test('are counted once a second; what cannot be read is none', () => {
    const counter = holding(3, 2);
    writeFileSync(path.join(proc, '7', 'fd', '99'), 'no link');
    expect([counter.sockets(0), counter.sockets(999)]).toEqual([2, null]);
    holding(0, 4);
    expect(counter.sockets(1000)).toBe(4);
  });

  test('of many descriptors are counted over several ticks', () => {
    const counter = holding(1000, 25);
    expect([counter.sockets(0), counter.sockets(1), counter.sockets(2)]).toEqual([null, null, 25]);
  });

  test('of as many descriptors as are read in one go are counted in one', () => expect(holding(510, 2).sockets(0)).toBe(2));

  test('are not counted of a process that cannot be seen, or has too many descriptors; a second later it is tried again', () => {
    const gone = new DescriptorCounter(proc, 7);
    expect(gone.sockets(0)).toBeNull();
    holding(0, 1);
    expect([gone.sockets(999), gone.sockets(1000)]).toEqual([null, 1]);
    const many = holding(0, 4097);
    const ticks = Array.from({ length: 10 }, (_, t) => many.sockets(t));
    expect(ticks.every((count) => count === null)).toBe(true);
    const most = holding(0, 4096);
    expect(Array.from({ length: 8 }, (_, t) => most.sockets(t)).at(-1)).toBe(4096);
  });
});
