import { expect, test } from 'vitest';
import type { SessionRow } from '../../src-preload/contract/index.ts';
import { infoTable, width } from './info.ts';
import type { ProjectContent } from './ports.ts';

function session(id: number, change: Partial<SessionRow> = {}): SessionRow {
  const launch = {
    mode: 'script',
    interpreter: '',
    target: '/a.py',
    args: [],
    cwd: '',
    env: {},
    intervalMs: 100,
    tracemallocFrames: 0,
  } as const;
  return {
    id,
    uuid: `u${id}`,
    name: `run ${id}`,
    note: '',
    state: 'ended',
    program: 'a.py',
    launch: { ...launch, args: [] },
    interpreter: null,
    startedAt: new Date(2026, 0, 2, 3, 4, 5).getTime(),
    duration: 1500,
    peakRss: 1024 * 1024,
    exit: { code: 0, signal: null, outOfMemory: false },
    processes: 1,
    samples: 12,
    agent: true,
    ...change,
  };
}

const project = (sessions: SessionRow[]): ProjectContent => ({
  path: '/p.heapscope',
  size: 2048,
  formatVersion: 1,
  damaged: false,
  sessions,
});

test('given no sessions, when shown, then one line says so', () => {
  expect(infoTable(project([]))).toBe('/p.heapscope: 0 sessions, 2.00 KiB\n');
});

test('given names with control characters and wide ones, when shown, then columns line up and nothing reaches the terminal', () => {
  const table = infoTable(
    project([session(1, { name: '内存\x1b[31m' }), session(10, { exit: { code: null, signal: 'SIGSEGV', outOfMemory: false } })]),
  );
  const lines = table.split('\n').slice(2, 5);
  expect(table).not.toContain('\x1b');
  const ends = lines.map((line) => width(line.slice(0, line.search(/started|2026-/))));
  expect(new Set(ends).size).toBe(1);
  expect(lines[2]).toMatch(/^10 {2}run 10 +2026-01-02 03:04:05 +1\.5 s +1\.00 MiB +1 +12 {2}- +SIGSEGV$/);
});
