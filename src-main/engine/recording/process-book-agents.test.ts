import { describe, expect, it } from 'vitest';
import type { EventKind, Facts, ProcessRow } from '../../../src-preload/contract/index.ts';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import { connectionOf } from '../agent-link/testing.ts';
import { ProcessBook } from './process-book.ts';

/** A book with the program, pid 10, and the events it emitted. */
function aBook() {
  const rows: ProcessRow[] = [];
  const events: { t: number; kind: EventKind; facts: Facts }[] = [];
  const book = new ProcessBook({
    addProcess: (o) => {
      const row: ProcessRow = { id: rows.length + 1, session: 1, ordinal: rows.length, end: null, exit: null, ...o };
      rows.push(row);
      return row;
    },
    updateProcess: (id, patch) => Object.assign(rows[id - 1] ?? {}, patch) as ProcessRow,
    event: (_process, t, kind, facts) => void events.push({ t, kind, facts }),
  });
  const root = book.root(10, 'job.py');
  return { book, root, rows, events, kinds: () => events.map(({ kind }) => kind) };
}

/** An agent of the program that has been silent for this long. */
function silentFor(ms: () => number): AgentConnection {
  return Object.assign(connectionOf({ hello: { pid: 10, ppid: 1 } }), { silentFor: ms });
}

describe('an agent that says nothing', () => {
  it('for more than three seconds does not answer, is said so once, and comes back when it speaks', () => {
    const { book, root, events } = aBook();
    let silence = 3000;
    book.addAgent(
      silentFor(() => silence),
      0,
    );
    book.checkAgents(5000, false, 100);
    expect(root.row.agent).toBe('connected');
    silence = 3001;
    book.checkAgents(6000, false, 100);
    book.checkAgents(7000, false, 100);
    expect(root.row.agent).toBe('not-answering');
    expect(events.filter(({ kind }) => kind === 'agent-silent')).toEqual([{ t: 6000, kind: 'agent-silent', facts: { pid: 10 } }]);
    silence = 0;
    book.checkAgents(8000, false, 100);
    expect(root.row.agent).toBe('connected');
  });

  it('is given three intervals where those are longer', () => {
    const { book, root } = aBook();
    let silence = 30_000;
    book.addAgent(
      silentFor(() => silence),
      0,
    );
    book.checkAgents(40_000, false, 10_000);
    expect(root.row.agent).toBe('connected');
    silence = 30_001;
    book.checkAgents(50_000, false, 10_000);
    expect(root.row.agent).toBe('not-answering');
  });

  it('is excused while sampling is paused, and where its process stands still for us', () => {
    const { book, root, kinds } = aBook();
    book.addAgent(
      silentFor(() => 60_000),
      0,
    );
    book.checkAgents(1, true, 100);
    book.checkAgents(2, false, 100, (process) => process === root.row.id);
    expect([root.row.agent, kinds().includes('agent-silent')]).toEqual(['connected', false]);
    book.checkAgents(3, false, 100, () => false);
    expect(root.row.agent).toBe('not-answering');
  });

  it('whose end was a refusal does not come back by itself', () => {
    const { book, root } = aBook();
    book.addAgent(
      silentFor(() => 0),
      0,
    );
    book.setAgent(root, 'refused');
    book.checkAgents(1, false, 100);
    expect(root.row.agent).toBe('refused');
  });
});

describe('an agent that left', () => {
  it('is lost after more than a second, and traces nothing any more', () => {
    const { book, root, events } = aBook();
    const connection = silentFor(() => 0);
    book.addAgent(connection, 500);
    root.tracemallocFrames = 5;
    book.disconnected(root, connection, 2000);
    expect([root.connection, root.tracemallocFrames]).toEqual([null, 0]);
    book.checkAgents(3000, false, 100);
    expect(root.row.agent).toBe('connected');
    book.checkAgents(3001, false, 100);
    book.checkAgents(9000, false, 100);
    expect([root.row.agent, events.filter(({ kind }) => kind === 'agent-lost')]).toEqual([
      'gone',
      [{ t: 3001, kind: 'agent-lost', facts: { pid: 10 } }],
    ]);
  });

  it('since another took its place leaves that one alone', () => {
    const { book, root } = aBook();
    const [first, second] = [silentFor(() => 0), silentFor(() => 0)];
    book.addAgent(first, 0);
    book.addAgent(second, 10);
    book.disconnected(root, first, 20);
    book.checkAgents(5000, false, 100);
    expect([root.connection, root.row.agent]).toEqual([second, 'connected']);
  });
});

describe('what is said of a process', () => {
  const seen = (pid: number, ppid: number | null, command = 'python job.py') => ({ key: `${pid}:1`, pid, ppid, command, descends: true });

  it('has its numbers and what it runs', () => {
    const { book, events } = aBook();
    const { tracked, isNew } = book.sampled(seen(11, 10, 'worker'), 100);
    expect([isNew, tracked.row.parent, tracked.saysItDescends]).toEqual([true, 1, false]);
    book.addAgent(connectionOf({ hello: { pid: 11, ppid: 10 } }), 200);
    expect(events).toEqual([
      { t: 100, kind: 'process-start', facts: { pid: 11, command: 'worker' } },
      { t: 200, kind: 'agent-connected', facts: { pid: 11, python: '3.12.1' } },
    ]);
  });

  it('is new once; whose parent is not known has none; what it runs stays where that cannot be read', () => {
    const { book, rows } = aBook();
    expect(book.sampled(seen(11, null), 0).isNew).toBe(true);
    expect(book.sampled(seen(11, null, ''), 5000).isNew).toBe(false);
    expect([rows[1]?.parent, rows[1]?.command]).toEqual([null, 'python job.py']);
    expect(book.addAgent(connectionOf({ hello: { pid: 11, ppid: 10 } }), 5100).isNew).toBe(false);
    expect(book.addAgent(connectionOf({ hello: { pid: 12, ppid: 10 } }), 5200).isNew).toBe(true);
  });

  it('by an agent without words is its interpreter', () => {
    const { book, rows } = aBook();
    book.addAgent(connectionOf({ hello: { pid: 11, ppid: 10, argv: [], executable: '/usr/bin/python3' } }), 0);
    book.addAgent(connectionOf({ hello: { pid: 12, ppid: 10, argv: [], executable: null } }), 0);
    expect(rows.slice(1).map(({ command }) => command)).toEqual(['/usr/bin/python3', 'python']);
  });

  it('that has ended is not taken back by what its agent says last', () => {
    const { book, root, rows, kinds } = aBook();
    book.announced(root, 3);
    expect(rows[0]?.exit).toBeNull();
    book.endProcess(root, { code: 5, signal: null, outOfMemory: false }, 100);
    book.announced(root, null);
    book.announced(root, 7);
    book.endProcess(root, null, 200);
    expect([rows[0]?.exit?.code, rows[0]?.end, kinds()]).toEqual([5, 100, ['process-end']]);
    const child = book.sampled(seen(11, 10), 200).tracked;
    book.endProcess(child, null, 300);
    book.announced(child, null);
    expect(child.row.exit).toBeNull();
    book.announced(child, 4);
    expect(child.row.exit).toEqual({ code: 4, signal: null, outOfMemory: false });
  });

  it('at its end has its status, and what became of its agent: none had none, and one that was refused stays so', () => {
    const { book, events } = aBook();
    const [plain, refused, left] = [11, 12, 13].map((pid) => book.sampled(seen(pid, 10), 0).tracked);
    book.setAgent(refused!, 'refused');
    book.setAgent(left!, 'not-answering');
    book.endProcess(plain!, { code: 3, signal: null, outOfMemory: false }, 100);
    book.endProcess(refused!, { code: null, signal: 'SIGTERM', outOfMemory: false }, 200);
    book.endProcess(left!, null, 300);
    expect([plain, refused, left].map((tracked) => tracked?.row.agent)).toEqual(['none', 'refused', 'gone']);
    expect(events.filter(({ kind }) => kind === 'process-end').map(({ facts }) => facts)).toEqual([
      { pid: 11, code: 3, signal: null },
      { pid: 12, code: null, signal: 'SIGTERM' },
      { pid: 13, code: null, signal: null },
    ]);
  });

  it('that an agent announced is known by its start: one that came back with its number is another', () => {
    const { book, rows } = aBook();
    const { tracked } = book.addAgent(connectionOf({ hello: { pid: 11, ppid: 10 } }), 0);
    expect(tracked.key).toBe('11:1');
    book.sampled({ ...seen(11, 10), key: '11:2' }, 100);
    expect(rows.map(({ pid, end }) => [pid, end])).toEqual([
      [10, null],
      [11, 100],
      [11, null],
    ]);
  });
});
