import { describe, expect, it } from 'vitest';
import type { EventKind, Facts, ProcessRow } from '../../../src-preload/contract/index.ts';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import type { PeerIdentity } from '../base/peer.ts';
import { connectionOf } from '../agent-link/testing.ts';
import { ProcessBook } from './process-book.ts';

/** A book over rows kept in memory, and the events it emitted. */
function book() {
  const rows: ProcessRow[] = [];
  const events: { kind: EventKind; facts: Facts }[] = [];
  const made = new ProcessBook({
    addProcess: (o) => {
      const row: ProcessRow = { id: rows.length + 1, session: 1, ordinal: rows.length, end: null, exit: null, ...o };
      rows.push(row);
      return row;
    },
    updateProcess: (id, patch) => Object.assign(rows[id - 1] ?? {}, patch) as ProcessRow,
    event: (_process, _t, kind, facts) => void events.push({ kind, facts }),
  });
  return { book: made, rows, kinds: () => events.map((event) => event.kind), events };
}

function agent(pid: number, ppid: number, identity?: PeerIdentity): AgentConnection {
  return connectionOf({ hello: { pid, ppid }, identity });
}

const seen = (pid: number, ppid: number, start = 1, command = 'python job.py') => ({
  key: `${pid}:${start}`,
  pid,
  ppid,
  command,
  descends: true,
});

describe('a process', () => {
  it('seen by the sampler first and by its agent then is one row', () => {
    const { book: it_, rows, kinds } = book();
    it_.root(10, 'job.py');
    it_.sampled(seen(11, 10), 100);
    it_.addAgent(agent(11, 10), 120);
    expect(rows.map((row) => [row.pid, row.parent, row.python])).toEqual([
      [10, null, null],
      [11, 1, '3.12.1'],
    ]);
    expect(kinds()).toEqual(['process-start', 'agent-connected']);
  });

  it('announced by its agent first is one row too', () => {
    const { book: it_, rows, kinds } = book();
    it_.root(10, 'job.py');
    it_.addAgent(agent(11, 10), 100);
    it_.sampled(seen(11, 10), 120);
    expect(rows).toHaveLength(2);
    expect(kinds()).toEqual(['process-start', 'agent-connected']);
  });

  it('gone before what its agent said was read is still one row, and has ended', () => {
    const { book: it_, rows, kinds } = book();
    const root = it_.root(10, 'job.py');
    it_.endProcess(root, { code: 7, signal: null, outOfMemory: false }, 90);
    const { tracked } = it_.addAgent(agent(10, 1, { kind: 'gone' }), 100);
    expect(tracked).toBe(root);
    expect(rows).toMatchObject([{ pid: 10, end: 90, python: '3.12.1', agent: 'gone', exit: { code: 7 } }]);
    expect(it_.size).toBe(0);
    expect(kinds()).toEqual(['process-end', 'agent-connected']);
  });

  it('whose pid comes back with an agent while the other is there no more is another row', () => {
    const { book: it_, rows } = book();
    it_.endProcess(it_.root(10, 'job.py'), null, 90);
    it_.addAgent(agent(10, 1), 100);
    expect(rows.map((row) => row.end)).toEqual([90, null]);
  });

  it('whose pid comes back with another start time is another row', () => {
    const { book: it_, rows } = book();
    it_.root(10, 'job.py');
    it_.sampled(seen(11, 10, 1), 100);
    it_.sampled(seen(11, 10, 2), 900);
    expect(rows.map((row) => [row.pid, row.end])).toEqual([
      [10, null],
      [11, 900],
      [11, null],
    ]);
  });

  it('that replaces its program stays one row and says so', () => {
    const { book: it_, rows, events } = book();
    it_.root(10, 'sh');
    it_.sampled(seen(11, 10, 1, 'sh run.sh'), 100);
    it_.sampled(seen(11, 10, 1, 'python job.py'), 1_500);
    expect(rows).toHaveLength(2);
    expect(events.at(-1)).toEqual({ kind: 'exec', facts: { pid: 11, command: 'python job.py' } });
  });
});

describe('a launcher', () => {
  it('that replaces itself at once is no news, but the row says what runs', () => {
    const { book: it_, rows, kinds } = book();
    it_.root(10, 'job.py');
    it_.sampled(seen(10, 1, 1, 'sh python job.py'), 20);
    it_.sampled(seen(10, 1, 1, 'python job.py'), 200);
    expect(rows.map((row) => row.command)).toEqual(['python job.py']);
    expect(kinds()).toEqual([]);
  });
});

describe('an exit status', () => {
  it('that nobody saw is not invented', () => {
    const { book: it_, rows } = book();
    const root = it_.root(10, 'job.py');
    it_.endProcess(root, null, 100);
    expect(rows[0]?.exit).toBeNull();
  });

  it('that only the agent announced is taken from it', () => {
    const { book: it_, rows } = book();
    const root = it_.root(10, 'job.py');
    root.announced = 3;
    it_.endProcess(root, null, 100);
    expect(rows[0]?.exit).toEqual({ code: 3, signal: null, outOfMemory: false });
  });

  it("that the kernel told beats the agent's word", () => {
    const { book: it_, rows } = book();
    const root = it_.root(10, 'job.py');
    root.announced = 0;
    it_.endProcess(root, { code: null, signal: 'SIGSEGV', outOfMemory: false }, 100);
    expect(rows[0]?.exit?.signal).toBe('SIGSEGV');
  });

  it('that is read after the process is gone still counts, but never against what was seen', () => {
    const { book: it_, rows } = book();
    const [unseen, seenToDie] = [it_.root(10, 'job.py'), it_.sampled(seen(11, 10), 50).tracked];
    it_.endProcess(unseen, null, 100);
    it_.endProcess(seenToDie, { code: null, signal: 'SIGKILL', outOfMemory: false }, 100);
    it_.announced(unseen, 3);
    it_.announced(seenToDie, 0);
    expect(rows.map((row) => row.exit)).toMatchObject([
      { code: 3, signal: null },
      { code: null, signal: 'SIGKILL' },
    ]);
  });
});

describe('an agent that goes away', () => {
  it('is said to be lost when its process lives on', () => {
    const { book: it_, rows, kinds } = book();
    it_.root(10, 'job.py');
    const connection = agent(10, 1);
    const { tracked } = it_.addAgent(connection, 50);
    it_.disconnected(tracked, connection, 100);
    it_.checkAgents(500, false, 100);
    expect(kinds()).not.toContain('agent-lost');
    it_.checkAgents(1_200, false, 100);
    expect(kinds()).toContain('agent-lost');
    expect(rows[0]?.agent).toBe('gone');
  });

  it('is not lost when the next program image connects in time', () => {
    const { book: it_, kinds } = book();
    it_.root(10, 'job.py');
    const first = agent(10, 1);
    const { tracked } = it_.addAgent(first, 50);
    it_.disconnected(tracked, first, 100);
    it_.addAgent(agent(10, 1), 400);
    it_.checkAgents(2_000, false, 100);
    expect(kinds()).not.toContain('agent-lost');
  });
});

describe('an agent whose identity the kernel knows', () => {
  it('is the process that the kernel says, whatever pid it has in its own namespace', () => {
    const { book: it_, rows } = book();
    it_.root(10, 'unshare');
    it_.sampled(seen(11, 10), 50);
    const { tracked } = it_.addAgent(agent(1, 0, { kind: 'descendant', pid: 11, ppid: 10, key: '11:1', holds: true }), 60);
    expect(tracked.row.pid).toBe(11);
    expect(rows.map((row) => [row.pid, row.python])).toEqual([
      [10, null],
      [11, '3.12.1'],
    ]);
  });
});

describe('an agent that cannot be identified', () => {
  it('is recorded, and is no process of the tree', () => {
    const { book: it_, rows, kinds } = book();
    it_.root(10, 'job.py');
    const { tracked } = it_.addAgent(agent(1, 0, { kind: 'unknown' }), 60);
    expect(rows[1]).toMatchObject({ pid: 1, parent: null, agent: 'connected', end: null });
    expect(kinds()).toEqual(['agent-unidentified']);
    expect(it_.size).toBe(1);
    expect(it_.byPid(1)).toBeUndefined();
    it_.endProcess(tracked, null, 90);
    expect(rows[1]).toMatchObject({ end: 90, agent: 'gone' });
    expect(rows[0]?.end).toBeNull();
  });

  it('takes the place of no other: one that is gone is not believed to be a process whose agent is there', () => {
    const { book: it_, rows } = book();
    it_.root(10, 'job.py');
    const real = it_.addAgent(agent(10, 1), 50).tracked;
    const { tracked } = it_.addAgent(agent(10, 1, { kind: 'gone' }), 60);
    const closed = it_.addAgent(agent(10, 1, { kind: 'descendant', pid: 10, ppid: 1, key: '10:1', holds: false }), 70).tracked;
    expect([tracked, closed]).not.toContain(real);
    expect(real.connection?.identity.kind).toBe('descendant');
    expect(rows).toHaveLength(3);
  });
});

describe('an agent whose descent cannot be shown', () => {
  const unrelated = (pid: number): AgentConnection => agent(pid, 1, { kind: 'connected', pid, ppid: 1, key: `${pid}:1`, holds: true });

  it('is said to be so, and is not awaited, nor is what it starts', () => {
    const { book: it_, rows, kinds } = book();
    const root = it_.root(10, 'job.py');
    it_.addAgent(unrelated(11), 50);
    it_.sampled({ ...seen(11, 1), descends: false }, 60);
    it_.sampled({ ...seen(12, 11), descends: false }, 60);
    expect(kinds()).toEqual(['process-start', 'agent-connected', 'agent-unrelated', 'process-start']);
    expect([it_.size, it_.isAwaiting]).toEqual([3, true]);
    it_.endProcess(root, null, 90);
    expect([it_.size, it_.isAwaiting]).toEqual([2, false]);
    expect(rows.slice(1).map((row) => row.end)).toEqual([null, null]);
  });

  it('is awaited where it says whose child it was, until somebody asks to stop, and so is what it starts', () => {
    const { book: it_, kinds } = book();
    const root = it_.root(10, 'job.py');
    it_.addAgent(agent(11, 10, { kind: 'connected', pid: 11, ppid: 1, key: '11:1', holds: true }), 50);
    it_.endProcess(root, null, 60);
    it_.sampled({ ...seen(11, 1), descends: false }, 70);
    const { tracked: child } = it_.sampled({ ...seen(12, 11), descends: false }, 70);
    expect([it_.isAwaiting, child.saysItDescends]).toEqual([true, true]);
    expect(kinds()).not.toContain('agent-unrelated');
    it_.stopping(80);
    it_.stopping(90);
    expect(it_.isAwaiting).toBe(false);
    expect(kinds().filter((kind) => kind === 'agent-unrelated')).toHaveLength(2);
  });

  it('has no agent of ours any more when the recording ends without it', () => {
    const { book: it_, rows } = book();
    it_.root(10, 'job.py');
    it_.addAgent(unrelated(11), 50);
    it_.close();
    expect(rows.map(({ agent: state, end }) => [state, end])).toEqual([
      ['none', null],
      ['gone', null],
    ]);
  });

  it('is awaited where nothing on the system could show it', () => {
    const { book: it_, kinds } = book();
    const root = it_.root(10, 'job.py');
    it_.addAgent(agent(11, 10, { kind: 'claimed', pid: 11, ppid: null, key: '11:1', holds: true }), 50);
    it_.endProcess(root, null, 90);
    expect(it_.isAwaiting).toBe(true);
    expect(kinds()).not.toContain('agent-unrelated');
  });
});
