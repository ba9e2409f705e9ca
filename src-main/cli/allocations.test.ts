import { expect, test } from 'vitest';
import type { AllocationRow } from '../../src-preload/contract/index.ts';
import { allocationCsv, allocationJson, allocationTable, nothingSampled } from './allocations.ts';
import type { AllocationAnswer, AllocationRequest } from './ports.ts';

const REQUEST: AllocationRequest = { session: null, from: null, to: null, by: 'line', of: 'live', top: 20, mine: false, format: 'table' };

function row(change: Partial<AllocationRow> = {}): AllocationRow {
  return {
    ...{ key: 1, function: 'keep', file: '/srv/app.py', line: 5, module: 'app', package: '', frames: null, own: true },
    ...{ bytes: 3 * 1024 ** 2, blocks: 1000.4, error: 2048, allocated: 4e6, freed: 1e6, perMinute: 1024, share: 0.755, spark: [] },
    ...change,
  };
}

type States = NonNullable<AllocationAnswer['report']>['states'];

function state(change: Partial<States[number]> = {}): States[number] {
  return { process: 1, pid: 42, state: 'on', why: '', mean: 524_288, live: 3, merged: 0, from: 0, to: 1000, ...change };
}

function answer(rows: AllocationRow[], states: States, total = rows.length): AllocationAnswer {
  const sums = { bytes: 4 * 1024 ** 2, blocks: 1, error: 4096, allocated: 0, freed: 0 };
  const session = { id: 3, name: 'app.py' } as NonNullable<AllocationAnswer['report']>['session'];
  return { path: '/p.heapscope', report: { session, states, table: { rows, total, sums } } };
}

test('given rows by line, when shown, then they are aligned, with their error, and the rest is counted', () => {
  const long = row({ bytes: 10, blocks: 1, error: 1, share: 0.001, function: 'a', file: '/x.py', line: 12 });
  expect(allocationTable(answer([row(), long], [state()], 9), REQUEST)).toBe(
    [
      '/p.heapscope, session 3 (app.py): live by line, one sample for each 512 KiB',
      '',
      '   bytes         ±  blocks  a minute   share  function  line',
      '3.00 MiB  2.00 KiB    1000  1.00 KiB  75.5 %  keep      /srv/app.py:5',
      '    10 B       1 B       1  1.00 KiB   0.1 %  a         /x.py:12',
      '',
      '2 of 9 rows; in all 4.00 MiB ± 4.00 KiB (one standard deviation)',
      '',
    ].join('\n'),
  );
});

test.each([
  ['file', row(), '/srv/app.py'],
  ['module', row({ function: '', file: '' }), 'app'],
  ['package', row({ function: '', file: '' }), '(own code)'],
  ['package', row({ function: '', file: '', package: 'pandas' }), 'pandas'],
  ['package', row({ function: '(merged)', file: '' }), '(merged)'],
  ['thread', row({ function: 'worker', file: '' }), 'worker'],
  ['line', row({ function: 'MainThread', file: '', line: 0 }), '-'],
] as const)('given rows by %s, when shown, then each ends with its place', (by, one, place) => {
  const line = allocationTable(answer([one], [state()]), { ...REQUEST, by }).split('\n')[3];
  expect(line?.endsWith(`  ${place}`)).toBe(true);
});

test('given tracebacks, when shown, then their frames are below each other', () => {
  const frames = [
    { function: 'keep', file: '/srv/app.py', line: 5, own: true },
    { function: 'main\x1b[31m', file: '/srv/app.py', line: 9, own: true },
  ];
  const asked = { ...REQUEST, by: 'traceback', from: 1000, to: null } as const;
  const [head, , , first, second] = allocationTable(answer([row({ frames })], [state()]), asked).split('\n');
  expect(head).toMatch(/from 1\.0 s to the end/);
  expect(first).toMatch(/keep +\/srv\/app\.py:5$/);
  expect(second).toMatch(/^ +main.* +\/srv\/app\.py:9$/);
  expect(second).not.toContain('\x1b');
  expect(JSON.parse(allocationJson(answer([row({ frames })], [state()]), asked))).toMatchObject([{ frames: [{ line: 5 }, { line: 9 }] }]);
  expect(allocationCsv(answer([row({ frames: frames.slice(0, 1) })], [state()]), asked)).toMatch(
    /,traceback\r\n.*,keep \(\/srv\/app\.py:5\)\r\n$/,
  );
});

test('given rows, when written for machines, then each has the same columns', () => {
  const one = row({ file: '/srv/a, "b".py' });
  const wanted = { file: one.file, line: 5, function: 'keep', bytes: one.bytes, count: one.blocks, error: 2048, perMinute: 1024 };
  expect(JSON.parse(allocationJson(answer([one], [state()]), REQUEST))).toEqual([wanted]);
  const csv = ['file,line,function,bytes,count,error,perMinute', '"/srv/a, ""b"".py",5,keep,3145728,1000.4,2048,1024', ''].join('\r\n');
  expect(allocationCsv(answer([one], [state()]), REQUEST)).toBe(csv);
  expect(JSON.parse(allocationJson(answer([one], [state()]), { ...REQUEST, by: 'module' }))).toMatchObject([{ module: 'app', ...wanted }]);
  expect(allocationCsv(answer([one], [state()]), { ...REQUEST, by: 'package' })).toMatch(/^package,file/);
});

test('given processes that were not sampled all the time, when shown, then they are named below', () => {
  const states = [
    state({ state: 'lost', why: 'displaced', merged: 7 }),
    state({ pid: 43, state: 'unavailable', why: 'free-threaded', mean: 0 }),
  ];
  expect(allocationTable(answer([row()], states), REQUEST)).toMatch(
    /\nprocess 42: sampling was lost, another profiler .*\nprocess 42: 7 samples .*\nprocess 43 could not be sampled: free-threaded builds .*\n$/,
  );
});

test.each([
  ['no session', { path: '/p', report: null }, /^there is no session/],
  ['a session that was not sampled', answer([], []), /^session 3 has no sampled allocations: sampling was off \(record --sampling/],
  ['a process without a core', answer([], [state({ state: 'unavailable', why: 'no-core' })]), /process 42: the agent has no C core/],
  ['a reason we do not know', answer([], [state({ state: 'unavailable', why: 'new\nline' })]), /process 42: new.line$/],
] as const)('given %s, when asked, then it is said why there is nothing', (_name, given, words) => {
  expect(nothingSampled(given)).toMatch(words);
});

test('given a sampled session, when nothing was allocated in a range, then that is a table without rows', () => {
  expect(nothingSampled(answer([], [state()]))).toBeNull();
  expect(allocationTable(answer([], [state()]), REQUEST)).toMatch(/\n0 rows; in all/);
});
