import { tmpdir } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import type { SnapshotRules } from '../../../src-preload/contract/index.ts';
import { Kind } from '../agent-link/messages.ts';
import { HeapscopeError } from '../base/errors.ts';
import { SessionSnapshots } from './session-snapshots.ts';
import { FakeSession, NO_RULES, OPTIONS, messageOf, processOf, type Commanded } from './testing.ts';

const ALL = { processes: null, name: '', options: OPTIONS };
const refuses =
  (code: 'agent.failed' | 'agent.gone', facts = {}): Commanded =>
  () =>
    Promise.reject(new HeapscopeError(code, facts));

/** Processes 1, 2, …, by how their agents answer; null: without one. */
function aSession(agents: (Commanded | null)[], rules: Partial<SnapshotRules> = {}) {
  const processes = agents.map((agent, n) => processOf(n + 1, agent));
  const session = new FakeSession(processes, { rules: { ...NO_RULES, ...rules }, options: OPTIONS });
  return { session, processes, snapshots: new SessionSnapshots(session.setup, session.host) };
}
const agent = () => vi.fn<Commanded>(async () => ({ number: 1 }));
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const named = (command: ReturnType<typeof agent>, name: string) =>
  command.mock.calls.filter(([called]) => called === name).map(([, args]) => args);

describe('the next pause', () => {
  it('is that of the interval, where any process can be captured', () => {
    const { snapshots, session } = aSession([null, agent()], { every: 5000 });
    expect(snapshots.untilPause()).toBe(5000);
    session.now += 4200;
    expect(snapshots.untilPause()).toBe(800);
    expect([aSession([agent()]), aSession([null], { every: 5000 })].map(({ snapshots: none }) => none.untilPause())).toEqual([null, null]);
  });

  it('is there from the request until the agent says that it is over, or that it failed', async () => {
    const { snapshots, processes } = aSession([agent()]);
    const [process] = processes;
    const say = (...message: Parameters<typeof messageOf>): void =>
      snapshots.onMessage(process!, process!.connection!, { kind: Kind.snapshot, body: messageOf(...message) });
    const taking = snapshots.take(ALL);
    expect(snapshots.untilPause()).toBe(0);
    await taking;
    say('started');
    expect(snapshots.untilPause()).toBe(0);
    say('progress', { at: 1, pause: 0.01 });
    expect([snapshots.untilPause(), snapshots.isBusy(1)]).toEqual([null, true]);
    say('done', { at: 1, pause: 0.01, path: '/dumps/10-1.heapdump' });
    await snapshots.take(ALL);
    expect(snapshots.untilPause()).toBe(0);
    say('failed', { code: 'killed', error: '' });
    expect(snapshots.untilPause()).toBeNull();
  });

  it('delays imports, until the session has ended', async () => {
    const { session, snapshots } = aSession([agent()]);
    await snapshots.take(ALL);
    const stop = new AbortController();
    let over = false;
    const waiting = session.pauses.over(stop.signal).then(() => (over = true));
    await settled();
    expect(over).toBe(false);
    snapshots.end();
    await waiting;
    expect(over).toBe(true);
  });
});

describe('taking', () => {
  it('is of all with an agent, or of those that are named', async () => {
    const { session, snapshots } = aSession([agent(), null, agent()]);
    expect((await snapshots.take(ALL)).map(({ process }) => process)).toEqual([1, 3]);
    snapshots.end();
    expect((await snapshots.take({ ...ALL, processes: [3] })).map(({ process }) => process)).toEqual([3]);
    expect(session.rows).toHaveLength(3);
  });

  it('cannot be done where none has an agent, or none that is named', async () => {
    await expect(aSession([null]).snapshots.take(ALL)).rejects.toMatchObject({ code: 'recording.no-agent', facts: { session: 1 } });
    await expect(aSession([agent(), null]).snapshots.take({ ...ALL, processes: [2] })).rejects.toMatchObject({
      code: 'recording.no-agent',
    });
  });

  it('tells the agent how and under which name', async () => {
    const command = agent();
    const { snapshots } = aSession([command]);
    await snapshots.take({ ...ALL, name: 'x', options: { ...OPTIONS, collectFirst: true, memoryLimit: 5 } });
    expect(named(command, 'snapshot')).toEqual([
      { method: 'auto', collect: true, previews: false, redact: [], limit_bytes: 5, join_pages: false, name: 'x' },
    ]);
  });

  it('is one at a time in each process', async () => {
    const { snapshots } = aSession([agent(), agent()]);
    await snapshots.take({ ...ALL, processes: [1] });
    expect([snapshots.isBusy(1), snapshots.isBusy(2)]).toEqual([true, false]);
    await expect(snapshots.take({ ...ALL, processes: [1] })).rejects.toMatchObject({ code: 'snapshot.busy', facts: { pid: 10 } });
    expect(await snapshots.take(ALL)).toHaveLength(1);
  });

  it('that the agent refuses leaves no row, and the process free; the program’s own is the reason where it is', async () => {
    const { session, snapshots } = aSession([refuses('agent.failed', { reason: 'busy' })]);
    await expect(snapshots.take(ALL)).rejects.toMatchObject({ code: 'snapshot.busy', facts: { pid: 10 } });
    expect([session.rows, snapshots.isBusy(1)]).toEqual([[], false]);
    for (const [reason, code] of [
      ['unavailable', 'snapshot.failed'],
      ['no-space', 'snapshot.no-space'],
      ['limit', 'snapshot.limit'],
    ]) {
      const refused = aSession([refuses('agent.failed', { reason, detail: 'why' })]).snapshots.take(ALL);
      await expect(refused).rejects.toMatchObject({ code });
    }
    await expect(aSession([refuses('agent.gone', { reason: 'busy' })]).snapshots.take(ALL)).rejects.toMatchObject({ code: 'agent.gone' });
  });

  it('where the disk is too full is not begun', async () => {
    const { session, snapshots, processes } = aSession([agent()]);
    session.setup.folder = tmpdir();
    snapshots.tick([{ process: processes[0]!.row.id, rss: 2 ** 60 }]);
    await expect(snapshots.take(ALL)).rejects.toMatchObject({
      code: 'snapshot.no-space',
      facts: { path: tmpdir(), needed: 0.75 * 2 ** 60 + 2 ** 26 },
    });
    snapshots.tick([{ process: 1, rss: 1 }]);
    expect(await snapshots.take(ALL)).toHaveLength(1);
  });

  it('can be cancelled, and ends with its process, its agent or the session', async () => {
    const { session, snapshots, processes } = aSession([agent(), agent(), agent(), agent(), agent()]);
    await snapshots.take(ALL);
    expect([snapshots.cancel(1), snapshots.cancel(99)]).toEqual([true, false]);
    snapshots.left(processes[1]!, processes[1]!.connection!, false);
    snapshots.processEnded(3);
    snapshots.left(processes[4]!, processes[4]!.connection!, true);
    snapshots.end();
    expect(session.states().map((state) => state.slice(8))).toEqual([
      ...['snapshot.cancelled', 'agent.gone', 'agent.gone', 'snapshot.interrupted', 'agent.closed'],
    ]);
  });
});

describe('what the agents are told', () => {
  it('is the plan, when they join and when it changes', async () => {
    const command = agent();
    const { session, snapshots, processes } = aSession([command, null]);
    snapshots.joined(processes[0]!, processes[0]!.connection!);
    const plan = { rules: { ...NO_RULES, atExit: true }, options: { ...OPTIONS, previews: true } };
    snapshots.setPlan(plan);
    expect(named(command, 'snapshot_options')).toMatchObject([
      { previews: false, at_exit: false },
      { previews: true, at_exit: true },
    ]);
    expect([snapshots.plan, session.plans]).toEqual([plan, [plan]]);
  });

  it('changes when rules have taken all they may: no more at the end', async () => {
    const command = agent();
    const { snapshots, processes } = aSession([command], { atExit: true, atMark: '*', limit: 1 });
    snapshots.joined(processes[0]!, processes[0]!.connection!);
    await snapshots.take(ALL);
    snapshots.end();
    expect(named(command, 'snapshot_options')).toMatchObject([{ at_exit: true }]);
    snapshots.marked(null, 'x');
    await settled();
    expect(named(command, 'snapshot_options')).toMatchObject([{ at_exit: true }, { at_exit: false }]);
  });

  it('and do not hear is worth a line in the log', async () => {
    const { session, snapshots, processes } = aSession([refuses('agent.gone')]);
    snapshots.joined(processes[0]!, processes[0]!.connection!);
    await settled();
    expect(session.log).toHaveLength(1);
  });
});

describe('by rule', () => {
  it('every so often in each process, one that is busy or has no agent left out', async () => {
    const { session, snapshots } = aSession([agent(), null, agent()], { every: 1000 });
    await snapshots.take({ ...ALL, processes: [1] });
    session.now = 1099;
    snapshots.tick([]);
    session.now = 1100;
    snapshots.tick([]);
    await settled();
    expect(session.rows.map(({ process, trigger }) => [process, trigger])).toEqual([
      [1, 'user'],
      [3, 'interval'],
    ]);
  });

  it('every so often, where the program is taking one itself: it is left out, too', async () => {
    const { session, snapshots } = aSession([refuses('agent.failed', { reason: 'busy' }), agent()], { every: 1000 });
    session.now = 1100;
    snapshots.tick([]);
    await settled();
    expect(session.rows.map(({ process, state }) => [process, state])).toEqual([[2, 'capturing']]);
  });

  it('at a size, of the process that reached it alone; what was not measured fires nothing', async () => {
    const { session, snapshots } = aSession([agent(), agent()], { rssAbove: 100 });
    snapshots.tick([
      { process: 1, rss: null },
      { process: 2, rss: 101 },
    ]);
    await settled();
    expect(session.rows.map(({ process, trigger, rss }) => [process, trigger, rss])).toEqual([[2, 'rss', 101]]);
  });

  it('at a mark: of a process there, of the user everywhere, with the mark’s name', async () => {
    const { session, snapshots } = aSession([agent(), agent()], { atMark: 'loaded' });
    snapshots.marked(2, 'other');
    snapshots.marked(2, 'loaded');
    await settled();
    snapshots.end();
    snapshots.marked(null, 'loaded');
    await settled();
    expect(session.rows.map(({ process, trigger, name }) => [process, trigger, name])).toEqual([
      [2, 'mark', 'loaded'],
      [1, 'mark', 'loaded'],
      [2, 'mark', 'loaded'],
    ]);
  });

  it('that is wanted at a mark while another is being taken is a row that says so', async () => {
    const { session, snapshots } = aSession([agent()], { every: 50, atMark: '*' });
    await snapshots.take(ALL);
    snapshots.marked(1, 'm');
    await settled();
    expect(session.rows.map(({ name, state, error }) => [name, state, error?.code])).toEqual([
      ['#1', 'capturing', undefined],
      ['m', 'failed', 'snapshot.busy'],
    ]);
  });

  it('that an agent refuses is a row and an event; of one that is just ending nothing is said', async () => {
    const { session, snapshots } = aSession([refuses('agent.failed', { reason: 'other', detail: 'no' }), refuses('agent.gone')], {
      atMark: '*',
    });
    snapshots.marked(null, 'm');
    await settled();
    expect(session.events).toEqual([
      { process: 1, t: 100, kind: 'snapshot-failed', facts: { pid: 10, name: 'm', code: 'snapshot.failed', detail: 'no' } },
    ]);
    expect(session.states()).toEqual(['failed: snapshot.failed']);
    expect(session.rows[0]).toMatchObject({ name: 'm', trigger: 'mark', process: 1 });
  });

  it('counts growth anew for a process that took the number of one that ended', async () => {
    const { session, snapshots } = aSession([agent()], { rssStep: 50 });
    snapshots.tick([{ process: 1, rss: 100 }]);
    snapshots.processEnded(1);
    snapshots.tick([{ process: 1, rss: 160 }]);
    await settled();
    expect(session.rows).toEqual([]);
  });
});

describe('an agent that ends without the snapshot that is wished at its exit', () => {
  const bye = { kind: Kind.bye, body: { t: 2, reason: 'exit' as const, code: 0 } };

  function ended(rules: Partial<SnapshotRules>, o: { took?: boolean; reason?: 'exit' | '_exit' | 'exec' } = {}) {
    const { session, snapshots, processes } = aSession([agent()], rules);
    const [process] = processes;
    if (o.took)
      snapshots.onMessage(process!, process!.connection!, { kind: Kind.snapshot, body: messageOf('started', { trigger: 'exit' }) });
    snapshots.processEnded(1);
    snapshots.onMessage(process!, process!.connection!, { ...bye, body: { ...bye.body, reason: o.reason ?? 'exit' } });
    return session.rows.map(({ trigger, state, error }) => [trigger, state, error?.code]);
  }

  it('has a row that says so', () => {
    expect(ended({ atExit: true })).toEqual([['exit', 'failed', 'snapshot.unanswered']]);
  });

  it('has none where it was taken, was not wished, or could not be taken since the process did not end of itself', () => {
    expect(ended({ atExit: true }, { took: true })).toEqual([['exit', 'failed', 'agent.gone']]);
    expect(ended({ atExit: false })).toEqual([]);
    expect(ended({ atExit: true }, { reason: 'exec' })).toEqual([]);
  });
});

describe('what the program takes itself', () => {
  it('is a snapshot with the plan’s options; other messages are none', () => {
    const { session, snapshots, processes } = aSession([agent()]);
    const [process] = processes;
    snapshots.onMessage(process!, process!.connection!, { kind: Kind.mark, body: { t: 0, name: 'x' } });
    snapshots.setPlan({ rules: NO_RULES, options: { ...OPTIONS, previews: true } });
    snapshots.onMessage(process!, process!.connection!, {
      kind: Kind.snapshot,
      body: messageOf('started', { trigger: 'program', name: 'warm' }),
    });
    expect(session.rows).toMatchObject([{ name: 'warm', trigger: 'program', previews: true }]);
  });
});

describe('a forecast', () => {
  it('is what each agent expects, in milliseconds; what it says wrongly is not believed', async () => {
    const { snapshots } = aSession([
      async () => ({ method: 'fork', why: 'core', expected_pause: 0.03 }),
      async () => ({ method: 'magic', why: 5, expected_pause: -1 }),
      refuses('agent.gone'),
    ]);
    expect(await snapshots.forecast()).toEqual([
      { process: 1, pid: 10, method: 'fork', methodReason: 'core', expectedPause: 30 },
      { process: 2, pid: 20, method: 'python', methodReason: '', expectedPause: 0 },
    ]);
  });

  it('is of the method that is asked about, else of the plan’s; none at all is the first failure', async () => {
    const command = agent();
    const { snapshots } = aSession([command]);
    await snapshots.forecast();
    await snapshots.forecast('python');
    expect(named(command, 'snapshot_forecast')).toMatchObject([{ method: 'auto' }, { method: 'python' }]);
    await expect(aSession([refuses('agent.gone', { pid: 10 })]).snapshots.forecast()).rejects.toMatchObject({ code: 'agent.gone' });
  });
});
