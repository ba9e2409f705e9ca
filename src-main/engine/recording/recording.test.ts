import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentConnection } from '../agent-link/agent-connection.ts';
import { Kind, type AgentMessage } from '../agent-link/messages.ts';
import { newSession, TestFolder } from '../project/testing.ts';
import { UNIDENTIFIED_AT_MOST } from './process-book.ts';
import { FakeRecording, notingPart } from './testing.ts';
import type { PartFactory, SessionHost, SessionPart } from './session-part.ts';

const MB = 1 << 20;
const MARK: AgentMessage = { kind: Kind.mark, body: { t: 1, name: 'loaded' } };
const BYE: AgentMessage = { kind: Kind.bye, body: { t: 1, reason: 'exit', code: 3 } };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A recording with these parts, whose calls are logged together with all others. */
function recordingOf(...parts: (Partial<SessionPart> & { name: string })[]): FakeRecording {
  const calls: string[] = [];
  return new FakeRecording(
    parts.map((part) => () => notingPart(part.name, calls, part)),
    { calls },
  );
}

/** The calls from now on. */
function since(fake: FakeRecording): () => string[] {
  const from = fake.calls.length;
  return () => fake.calls.slice(from);
}

describe('parts', () => {
  it('are called in order, from the first agent to the end', async () => {
    const fake = recordingOf({ name: 'a' }, { name: 'b' });
    const agent = fake.join();
    expect(fake.calls).toEqual(['a.joined 10', 'b.joined 10', 'identify']);
    fake.tick({ 10: 5 * MB });
    agent.receive(MARK);
    agent.receive(BYE);
    agent.ended(null);
    fake.exit();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fake.calls.slice(3)).toEqual([
      ...[`a.tick ${5 * MB}`, `b.tick ${5 * MB}`],
      ...['a.onMessage 4', 'b.onMessage 4'],
      ...['expectExit 10:1', 'a.onMessage 7', 'b.onMessage 7'],
      ...['a.left 10', 'b.left 10', 'expectExit 10:1'],
      ...['a.processEnded 1', 'b.processEnded 1'],
      ...['a.end', 'b.end', 'sampler.dispose', 'link.dispose', 'finish'],
    ]);
  });

  it('have the RSS of every living process at a tick, null where there is none', () => {
    const fake = recordingOf({ name: 'a' });
    fake.tick({ 11: 2 * MB });
    fake.tick({ 10: 5 * MB, 11: 3 * MB });
    fake.tick({ 10: 6 * MB }, [11]);
    fake.tick({ 10: 6 * MB });
    expect(fake.calls.filter((call) => call.startsWith('a.tick'))).toEqual([
      `a.tick null ${2 * MB}`,
      `a.tick ${5 * MB} ${3 * MB}`,
      `a.tick ${6 * MB} ${3 * MB}`,
      `a.tick ${6 * MB}`,
    ]);
  });

  it('see marks, whoever made them', () => {
    const marking: PartFactory = (host: SessionHost) => ({
      name: 'marking',
      onMessage: ({ row }, _connection, message) => {
        if (message.kind === Kind.mark) host.event(row.id, host.now(), 'mark', { name: message.body.name, source: 'program' });
      },
    });
    const calls: string[] = [];
    const fake = new FakeRecording([marking, () => notingPart('a', calls)], { calls });
    fake.recording.mark('mine');
    fake.join().receive(MARK);
    expect(calls.filter((call) => call.includes('marked'))).toEqual(['a.marked user mine', 'a.marked 1 loaded']);
  });

  it('excuse a process that stands still for them: its agent is not said to be silent', () => {
    for (const isBusy of [true, false]) {
      const fake = recordingOf({ name: 'a' }, { name: 'b', isBusy: () => isBusy });
      fake.join();
      vi.advanceTimersByTime(4_000);
      fake.tick({ 10: MB });
      expect(fake.writer.kinds().includes('agent-silent')).toBe(!isBusy);
    }
  });

  it('cannot say when something happened outside the session', () => {
    let host: SessionHost | undefined;
    const fake = new FakeRecording([(given) => ((host = given), { name: 'a' })]);
    vi.advanceTimersByTime(500);
    expect([host?.sessionTime(-1e9), host?.sessionTime(Infinity)]).toEqual([0, fake.recording.now]);
  });
});

describe('an agent whose connection was closed before it was looked at', () => {
  it.each([10, 11])('ends no process that lives on: %s keeps its row, and its exit status when that comes', (pid) => {
    const fake = recordingOf();
    if (pid === 11) fake.tick({ 10: MB, 11: MB });
    fake.join(pid, { kind: 'gone' }).ended(null);
    fake.tick({ 10: MB, 11: MB });
    expect(fake.writer.kinds().filter((kind) => kind === 'process-end')).toEqual([]);
    expect(fake.writer.events.filter(({ kind }) => kind === 'process-start').map(({ facts }) => facts['pid'])).toEqual([11]);
    expect(fake.recording.state().processes).toBe(2);
  });

  it('has ended with it where nobody else sees the process', () => {
    const fake = recordingOf();
    fake.join(12, { kind: 'gone' }).ended(null);
    expect(fake.writer.kinds()).toEqual(['process-start', 'agent-connected', 'process-end']);
  });
});

describe('agents that cannot be identified', () => {
  it('get rows up to a most; those that follow are let go, and counted with the strangers', async () => {
    const fake = recordingOf();
    const close = vi.spyOn(AgentConnection.prototype, 'close');
    for (let n = 0; n < UNIDENTIFIED_AT_MOST + 737; n++) fake.join(1, { kind: 'unknown' });
    fake.join();
    await fake.recording.abandon(false);
    const told = (kind: string): unknown[] => fake.writer.events.filter((event) => event.kind === kind);
    expect(told('agent-unidentified')).toHaveLength(UNIDENTIFIED_AT_MOST);
    expect(told('agent-connected')).toHaveLength(1);
    expect(told('stranger')).toMatchObject([
      { facts: { count: 1, reason: 'unidentified: pid 1' } },
      { facts: { count: 736, reason: 'unidentified: pid 1' } },
    ]);
    expect(fake.faults.filter(({ code }) => code === 'agent.unidentified')).toHaveLength(UNIDENTIFIED_AT_MOST);
    expect(close).toHaveBeenCalledTimes(737);
    close.mockRestore();
  });
});

describe('a part that throws', () => {
  const broken = (): never => {
    throw new Error('broken');
  };
  const BROKEN = { joined: broken, onMessage: broken, left: broken, tick: broken, marked: broken, processEnded: broken, end: broken };

  it('is reported; the recording and its other parts go on to the end', async () => {
    const fake = recordingOf({ name: 'bad', ...BROKEN, isBusy: broken }, { name: 'good' });
    const agent = fake.join();
    agent.receive(BYE);
    fake.tick({ 10: MB });
    fake.recording.mark('x');
    agent.ended(null);
    fake.exit({ code: 3 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await fake.recording.ended).toMatchObject({ state: 'ended', exit: { code: 3 } });
    const good = fake.calls.filter((call) => call.startsWith('good'));
    expect(good.map((call) => call.split(' ')[0])).toEqual(
      ['joined', 'onMessage', 'tick', 'marked', 'left', 'processEnded', 'end'].map((call) => `good.${call}`),
    );
    expect(fake.writer.samples).toContainEqual({ series: '1/rss', t: expect.any(Number) as number, value: MB });
    expect(fake.writer.finished).toMatchObject([{ state: 'ended', exit: { code: 3 } }]);
    expect(fake.warnings).toHaveLength(7);
    expect(fake.faults.map(({ code }) => code)).toEqual(Array(7).fill('internal'));
    expect(fake.faults[0]?.facts['detail']).toBe('bad, joined: broken');
  });
});

describe('the end of a recording', () => {
  it('waits for a part, whose agents are connected until then', async () => {
    let done = (): void => undefined;
    const fake = recordingOf({ name: 'a', end: () => new Promise((resolve) => (done = resolve)) });
    const agent = fake.join();
    const now = since(fake);
    void fake.recording.abandon(false);
    await vi.advanceTimersByTimeAsync(500);
    agent.receive(MARK);
    expect(now()).toEqual(['a.onMessage 4']);
    expect([fake.recording.running, fake.recording.state().phase]).toEqual([false, 'running']);
    done();
    await vi.advanceTimersByTimeAsync(0);
    expect(now().slice(1)).toEqual(['sampler.dispose', 'link.dispose', 'finish']);
    expect(fake.recording.state().phase).toBe('ended');
  });

  it('comes all the same where a part never ends', async () => {
    const fake = recordingOf({ name: 'a', end: () => new Promise(() => undefined) }, { name: 'b' });
    void fake.recording.abandon(false);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(fake.writer.finished).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(fake.writer.finished).toHaveLength(1);
    expect(fake.calls).toContain('b.end');
    expect(fake.faults).toMatchObject([{ code: 'internal' }]);
  });

  it('is told once, last, with a state that says so', async () => {
    const fake = recordingOf();
    const phases: string[] = [];
    fake.recording.onState.on(({ phase }) => phases.push(phase));
    await fake.recording.abandon(false);
    await fake.recording.abandon(true);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(phases).toEqual(['ended']);
    expect(fake.calls).toEqual(['sampler.dispose', 'link.dispose', 'finish']);
    expect(() => fake.recording.mark('late')).toThrow(/recording.not-running/);
  });

  it('kills a program that does not terminate', async () => {
    const fake = recordingOf();
    void fake.recording.abandon(true);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(fake.calls.slice(0, 4)).toEqual(['target.terminate', 'sampler.SIGTERM', 'target.kill', 'sampler.SIGKILL']);
    expect(await fake.recording.ended).toMatchObject({ state: 'ended', exit: { signal: 'SIGKILL', outOfMemory: false } });
  });
});

describe('flushing', () => {
  it('goes on twice a second and ends with the recording', async () => {
    const fake = recordingOf();
    await vi.advanceTimersByTimeAsync(1_600);
    expect(fake.writer.flushes).toBe(3);
    await fake.recording.abandon(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(fake.writer.flushes).toBe(3);
  });

  it('that fails ends what is taken in, not the program: its output still comes', async () => {
    let print = (_bytes: Uint8Array): void => undefined;
    const write = vi.fn();
    const terminal = {
      write,
      resize: () => undefined,
      onData: (listener: typeof print) => ((print = listener), { dispose: () => undefined }),
    };
    const fake = new FakeRecording([], { terminal });
    const parts: number[] = [];
    fake.recording.onConsole.on(({ offset }) => parts.push(offset));
    print(Buffer.from('a'));
    fake.writer.fault = new Error('gone');
    await vi.advanceTimersByTimeAsync(2_000);
    print(Buffer.from('b'));
    fake.recording.write('x');
    fake.recording.resize(80, 24);
    fake.tick({}, [], 1e6);
    expect([parts, write.mock.calls, fake.writer.flushes]).toEqual([[0, -1], [['x']], 1]);
    expect(fake.calls).toEqual(['sampler.pause', 'link.dispose']);
    expect(fake.writer.touched).toBe(0);
    expect(fake.writer.kinds()).toEqual(['recording-fault']);
    expect(fake.faults).toMatchObject([{ code: 'recording.write-failed' }]);
    fake.exit();
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await fake.recording.ended).state).toBe('stopped-recording');
  });
});

describe('a program without a terminal of ours', () => {
  it('is recorded; what is typed goes nowhere', () => {
    const fake = recordingOf();
    fake.recording.write('x');
    fake.recording.resize(80, 24);
    fake.tick({ 10: MB });
    expect([fake.recording.showStatus, fake.recording.state().rss]).toEqual([null, MB]);
  });
});

describe('a pause', () => {
  it('is a gap in every line, at that instant; agents are told, and those that join later', () => {
    const fake = recordingOf();
    const command = vi.spyOn(fake.join(), 'command').mockResolvedValue({});
    fake.tick({ 10: MB });
    vi.advanceTimersByTime(700);
    fake.recording.pause(true);
    fake.recording.pause(true);
    const gaps = fake.writer.samples.filter(({ value }) => Number.isNaN(value));
    expect(gaps.map(({ series }) => series)).toEqual(expect.arrayContaining(['1/rss', 'all/rss']));
    for (const { t } of gaps) expect(t).toBeCloseTo(700, 0);
    expect([command.mock.calls, fake.link.welcome.paused]).toEqual([[['pause']], true]);
    fake.recording.pause(false);
    expect(fake.calls.filter((call) => call.startsWith('sampler'))).toEqual(['sampler.pause', 'sampler.resume']);
    expect(fake.writer.events.filter(({ kind }) => kind === 'sampling').map(({ facts }) => facts['paused'])).toEqual([true, false]);
  });
});

describe('in a real project file', () => {
  it('every event is kept once, whether a flush came before or after it, and the duration never shrinks', async () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = project.newSession(newSession());
    const fake = new FakeRecording([], { writer });
    const durations: number[] = [];
    for (let n = 0; n < 4; n++) {
      fake.recording.mark(`mark ${n}`);
      fake.tick({ 10: MB }, [], n * 10_000);
      await vi.advanceTimersByTimeAsync(600);
      durations.push(project.sessions.get(writer.id).duration);
    }
    fake.recording.mark('unflushed');
    await fake.recording.abandon(false);
    project.close();
    const again = folder.open();
    const { events } = again.events.list(writer.id, 0, 1e9, 100);
    expect(events.map(({ facts }) => facts['name'])).toEqual(['mark 0', 'mark 1', 'mark 2', 'mark 3', 'unflushed']);
    expect(durations).toEqual([0, 10_000, 20_000, 30_000]);
    expect(again.sessions.get(writer.id)).toMatchObject({ state: 'stopped-recording', duration: durations.at(-1) });
    again.close();
  });
});
