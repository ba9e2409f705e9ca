import { expect, test } from 'vitest';
import type { EventRow, SessionId, SessionRow, SnapshotRow } from '../../src-preload/contract/index.ts';
import { width } from './aligned.ts';
import { infoTable } from './info.ts';
import type { ProjectContent } from './ports.ts';

function session(id: SessionId, change: Partial<SessionRow> = {}): SessionRow {
  const launch = {
    mode: 'script',
    interpreter: '',
    target: '/a.py',
    args: [],
    cwd: '',
    env: {},
    intervalMs: 100,
    tracemallocFrames: 0,
    sampling: 0,
  } as const;
  return {
    id,
    uuid: `u${id}`,
    name: `run ${id}`,
    note: '',
    state: 'ended',
    program: 'a.py',
    origin: { kind: 'launched', spec: { ...launch, args: [] } },
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

const project = (sessions: SessionRow[], snapshots: SnapshotRow[] = [], claims: EventRow[] = []): ProjectContent => ({
  path: '/p.heapscope',
  size: 2048,
  formatVersion: 1,
  inUse: false,
  damage: null,
  sessions,
  snapshots,
  claims,
});

test('given no sessions, when shown, then one line says so', () => {
  expect(infoTable(project([]))).toBe('/p.heapscope: 0 sessions, 2.00 KiB\n');
});

test('given a project that another Heapscope writes, when shown, then that is said, as of a session that is being recorded', () => {
  const table = infoTable({ ...project([session(1, { state: 'running', exit: null })]), inUse: true });
  expect(table).toMatch(/^\/p\.heapscope: 1 session, 2\.00 KiB, in use by another Heapscope\n/);
  expect(table).toMatch(/ running\n$/);
});

test('given a damaged project, when shown, then what could not be read is said, of each table and of the samples', () => {
  const damage = {
    ...{ path: '/p.heapscope', detail: 'row 3\nmissing from index', sessionsRead: 1, lostSamples: 2 },
    lost: [
      { table: 'snapshot', rows: 3 },
      { table: 'event', rows: 1 },
    ],
  };
  const lines = infoTable({ ...project([session(1)]), damage }).split('\n');
  expect(lines.slice(0, 6)).toEqual([
    '/p.heapscope: 1 session, 2.00 KiB, damaged (row 3 missing from index): what can be read is shown, the file is unchanged',
    'snapshot: at least 3 rows lost',
    'event: at least 1 row lost',
    'samples: 2 stretches of time lost',
    '',
    expect.stringMatching(/^id/),
  ]);
  expect(infoTable({ ...project([]), damage: { ...damage, lost: [], lostSamples: 1 } })).toBe(
    '/p.heapscope: 0 sessions, 2.00 KiB, damaged (row 3 missing from index): what can be read is shown, the file is unchanged\nsamples: 1 stretch of time lost\n',
  );
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

test('given more sessions than one call takes arguments, when shown, then each has its row', () => {
  const sessions = Array.from({ length: 130_000 }, (_, at) => session(at + 1));
  expect(infoTable(project(sessions)).split('\n')).toHaveLength(130_004);
});

test('given snapshots, when shown, then each has its row, with why it failed', () => {
  const row: SnapshotRow = {
    id: 3,
    session: 1,
    process: 1,
    pid: 4242,
    t: 61_000,
    name: 'loaded\n',
    note: '',
    trigger: 'mark',
    state: 'ready',
    error: null,
    method: 'fork',
    methodReason: '',
    collected: false,
    previews: false,
    frames: 0,
    python: '3.12.1',
    pause: 12.34,
    captureTime: 100,
    importTime: 200,
    dumpBytes: 1000,
    storedBytes: 2048,
    objects: 123_456,
    tracked: 50_000,
    references: 300_000,
    size: 3 * 1024 * 1024,
    garbage: 0,
    rss: null,
  };
  const failed: SnapshotRow = {
    ...row,
    id: 4,
    state: 'failed',
    error: { code: 'snapshot.failed', facts: { pid: 4242, detail: 'write: File too large' } },
    objects: null,
    size: null,
    pause: null,
    storedBytes: null,
  };
  const lines = infoTable(project([session(1)], [row, failed])).split('\n');
  expect(lines[6]).toMatch(/^ 3 +1 {2}loaded +00:01:01 {2}4242 +123456 {2}3\.00 MiB {2}12\.3 ms {2}2\.00 KiB {2}ready$/);
  expect(lines[7]).toMatch(/^ 4 +1 {2}loaded +00:01:01 {2}4242 +- +- +- +- {2}failed$/);
  expect(lines.slice(8)).toEqual(['', 'snapshot 4: the snapshot of process 4242 failed (write: File too large): the program goes on', '']);
});

test('given agents whose word for themselves could not be checked, when shown, then each is said with what became of it', () => {
  const claim = (kind: EventRow['kind'], pid: number): EventRow => ({ id: 1, session: 2, process: 3, t: 1500, kind, facts: { pid } });
  const table = infoTable(project([session(2)], [], [claim('agent-unidentified', 1), claim('agent-unrelated', 77)]));
  expect(table.split('\n').slice(-3)).toEqual([
    'session 2, 1.5 s: an agent that calls itself process 1 could not be identified: it was recorded apart and never signalled',
    'session 2, 1.5 s: process 77 could not be shown to descend from the program: it was recorded, never signalled, and not waited for',
    '',
  ]);
});
