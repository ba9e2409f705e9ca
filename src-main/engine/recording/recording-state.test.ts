import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RecordingState } from '../../../src-preload/contract/index.ts';
import { Kind } from '../agent-link/messages.ts';
import { connectionOf } from '../agent-link/testing.ts';
import { FakeRecording } from './testing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A recording, and what was sent to its windows. */
function watched(o: ConstructorParameters<typeof FakeRecording>[1] = {}) {
  const fake = new FakeRecording([], o);
  const states: RecordingState[] = [];
  const advanced: number[] = [];
  const told = { shape: 0 };
  fake.recording.onState.on((state) => states.push(state));
  fake.recording.onAdvanced.on((until) => advanced.push(Math.round(until)));
  fake.recording.onShape.on(() => told.shape++);
  return { fake, states, advanced, told };
}
const seriesOf = (fake: FakeRecording, name: string): number[] =>
  fake.writer.samples.filter(({ series }) => series === name).map(({ value }) => value);

describe('the state of a recording', () => {
  it('is told twice a second, with its time, its memory and how many processes it has', () => {
    const { fake, states } = watched();
    fake.tick({ 10: 100, 11: 50 });
    vi.advanceTimersByTime(499);
    expect(states).toEqual([]);
    vi.advanceTimersByTime(1001);
    expect(states).toHaveLength(3);
    expect(states.at(-1)).toMatchObject({ project: 'p1', session: 1, rss: 150, processes: 2, paused: false, stopAsked: null, agents: [] });
    expect(states.at(-1)?.now).toBeCloseTo(1500, 0);
  });

  it('is running once an agent has joined, or three seconds have passed, or the program has ended', () => {
    const joined = watched();
    expect(joined.fake.recording.state().phase).toBe('starting');
    joined.fake.join();
    expect(joined.states.map(({ phase }) => phase)).toEqual(['running']);
    const late = watched();
    late.fake.tick({ 10: 1 }, [], 3000);
    expect(late.fake.recording.state().phase).toBe('starting');
    late.fake.tick({ 10: 1 }, [], 3001);
    expect(late.fake.recording.state().phase).toBe('running');
    const short = watched();
    short.fake.exit();
    expect(short.fake.recording.state().phase).toBe('running');
  });

  it('stays stopping, whatever comes', () => {
    const { fake } = watched();
    fake.recording.stop('interrupt');
    fake.join();
    fake.tick({ 10: 1 }, [], 4000);
    fake.exit();
    expect(fake.recording.state().phase).toBe('stopping');
  });

  it('has those processes that have or had an agent', () => {
    const { fake } = watched();
    fake.tick({ 10: 1, 11: 1 });
    const agent = fake.join(11);
    expect(fake.recording.state().agents).toEqual([{ process: 2, pid: 11, state: 'connected', tracemallocFrames: 0 }]);
    agent.ended('lost');
    vi.advanceTimersByTime(1001);
    fake.tick({ 10: 1, 11: 1 });
    expect(fake.recording.state().agents).toMatchObject([{ pid: 11, state: 'gone' }]);
  });

  it('is told when sampling pauses and goes on, and at the end', async () => {
    const { fake, states, advanced, told } = watched();
    fake.recording.pause(true);
    fake.recording.pause(false);
    expect(states.map(({ paused }) => paused)).toEqual([true, false]);
    const shapes = told.shape;
    await fake.recording.abandon(false);
    expect([states.at(-1)?.phase, advanced.length, told.shape]).toEqual(['ended', 1, shapes + 1]);
  });
});

describe('a tick', () => {
  it('writes how many processes there are, and the sums; while paused no number', () => {
    const { fake } = watched();
    fake.tick({ 10: 100, 11: 50 });
    fake.recording.pause(true);
    fake.tick({ 10: 100 });
    expect([seriesOf(fake, 'all/processes')[0], seriesOf(fake, 'all/rss')[0]]).toEqual([2, 150]);
    expect(seriesOf(fake, 'all/processes').filter((value) => !Number.isNaN(value))).toEqual([2]);
  });

  it('keeps the time and the highest memory that there was; none where none was measured', () => {
    const { fake } = watched();
    fake.tick({}, [], 50);
    expect([Math.round(fake.writer.touched), fake.writer.peak]).toEqual([50, null]);
    fake.tick({ 10: 300 }, [], 100);
    fake.tick({ 10: 200 }, [], 200);
    expect([Math.round(fake.writer.touched), fake.writer.peak]).toEqual([200, 300]);
  });

  it('is told to the windows about ten times a second at most', () => {
    const { fake, advanced } = watched();
    for (const t of [89, 90.2, 100, 179, 180.4, 400]) fake.tick({ 10: 1 }, [], t);
    expect(advanced).toEqual([90, 180, 400]);
  });

  it('is no change of shape unless a process comes or goes', () => {
    const { fake, told } = watched();
    fake.tick({ 10: 1, 11: 1 });
    const before = told.shape;
    fake.tick({ 10: 1, 11: 1 });
    expect(told.shape).toBe(before);
    fake.tick({ 10: 1 }, [11]);
    expect(told.shape).toBe(before + 1);
    expect(fake.writer.kinds().filter((kind) => kind === 'process-end')).toHaveLength(1);
  });

  it('does not end a process that took the number of one that is gone', () => {
    const { fake } = watched();
    fake.join(11);
    const gone = fake.writer.kinds().length;
    fake.tick({ 10: 1, 11: 1 });
    // The sampler's key is pid and start time: this process has another start time.
    fake.tick({ 10: 1, 11: 1 }, [], 200);
    expect(fake.writer.kinds().slice(gone)).not.toContain('process-end');
    fake.tick({ 10: 1 }, [11], 300);
    const [end] = fake.writer.events.filter(({ kind }) => kind === 'process-end');
    expect(Math.round(end?.t ?? 0)).toBe(300);
  });

  it('does not end the program, which is the target’s to tell, nor a process that nobody knows', () => {
    const { fake } = watched();
    fake.tick({ 10: 1, 11: 1 });
    fake.tick({ 10: 1, 11: 1 }, [10, 77]);
    expect(fake.writer.kinds()).not.toContain('process-end');
  });

  it('adds to the slope of the last minute, which is that of the sums', () => {
    const { fake } = watched();
    for (let t = 1000; t <= 20_000; t += 1000) fake.tick({ 10: t, 11: 0 }, [], t);
    expect(fake.recording.state().rssSlope).toBeCloseTo(60_000, -3);
  });

  it('after the end changes nothing', async () => {
    const { fake, told } = watched();
    await fake.recording.abandon(false);
    const shapes = told.shape;
    fake.tick({ 10: 1, 11: 1 });
    fake.join(11);
    expect([told.shape, fake.writer.samples]).toEqual([shapes, []]);
  });
});

describe('the end of the program', () => {
  it.each([
    ['a kill for want of memory', true, null, 'SIGKILL', true],
    ['a kill that the user asked for', true, 'kill', 'SIGKILL', false],
    ['a kill by somebody', false, null, 'SIGKILL', false],
    ['another signal while memory was short', true, null, 'SIGTERM', false],
  ] as const)('is known as %s', (_, memory, asked, signal, outOfMemory) => {
    const { fake } = watched({ outOfMemory: memory });
    const ends: unknown[] = [];
    fake.recording.onRootEnded.on((exit) => ends.push(exit));
    if (asked !== null) fake.recording.stop(asked);
    else fake.exit({ code: null, signal });
    expect(ends).toEqual([{ code: null, signal, outOfMemory }]);
  });

  it('is not that of the recording while a child lives, or an agent has more to say', async () => {
    const { fake } = watched();
    fake.tick({ 10: 1, 11: 1 });
    fake.exit();
    await vi.advanceTimersByTimeAsync(5000);
    expect(fake.recording.running).toBe(true);
    const agent = fake.join(11);
    fake.tick({}, [11]);
    await vi.advanceTimersByTimeAsync(400);
    expect(fake.recording.running).toBe(true);
    agent.ended(null);
    await vi.advanceTimersByTimeAsync(300);
    expect(fake.recording.running).toBe(false);
  });

  it('has the status that its agent announced, where nobody saw it', () => {
    const { fake } = watched();
    fake.tick({ 10: 1, 11: 1 });
    fake.join(11).receive({ kind: Kind.bye, body: { t: 1, reason: 'exit', code: 3 } });
    fake.tick({ 10: 1 }, [11]);
    expect(fake.writer.events.filter(({ kind }) => kind === 'process-end').map(({ facts }) => facts['code'])).toEqual([3]);
  });

  it('drops its memory from the sum', () => {
    const { fake } = watched();
    fake.tick({ 10: 100, 11: 50 });
    fake.exit();
    fake.tick({ 11: 50 });
    expect(seriesOf(fake, 'all/rss').at(-1)).toBe(50);
  });
});

describe('an agent that nobody else sees', () => {
  const unknown = () => connectionOf({ hello: { pid: 99 }, identity: { kind: 'unknown' } });

  it('is told as one that cannot be identified, and ends with its connection', () => {
    const { fake } = watched();
    const agent = unknown();
    fake.link.onJoined.emit(agent);
    expect(fake.faults).toMatchObject([{ code: 'agent.unidentified', facts: { pid: 99 } }]);
    agent.ended('gone');
    expect(fake.writer.kinds()).toEqual(['agent-unidentified', 'process-end']);
    expect(fake.calls.filter((call) => call.startsWith('expectExit'))).toEqual([]);
  });

  it('and whose descent cannot be shown is told so', () => {
    const { fake } = watched();
    fake.link.onJoined.emit(
      connectionOf({ hello: { pid: 98, ppid: 1 }, identity: { kind: 'connected', pid: 98, ppid: 1, key: '98:1' } as never }),
    );
    expect(fake.faults).toMatchObject([{ code: 'agent.unrelated', facts: { pid: 98 } }]);
  });

  it('whose process the sampler sees lives on without it', () => {
    const { fake } = watched();
    fake.tick({ 10: 1 });
    fake.join().ended('lost');
    expect(fake.writer.kinds()).not.toContain('process-end');
  });

  it('whose process closed the connection is told to the parts as running, one that is ending as not', () => {
    const left: unknown[] = [];
    const fake = new FakeRecording([() => ({ name: 'a', left: ({ row }, _connection, runs) => void left.push([row.pid, runs]) })]);
    fake.tick({ 10: 1, 11: 1 });
    fake.ending.add('11:1');
    fake.join(10).ended('closed');
    fake.join(11).ended('closed');
    const agent = unknown();
    fake.link.onJoined.emit(agent);
    agent.ended('closed');
    expect(left).toEqual([
      [10, true],
      [11, false],
      [99, false],
    ]);
  });
});

describe('a stranger', () => {
  it('is an event, and the user is warned', () => {
    const { fake } = watched();
    fake.link.onRefused.emit({ address: '127.0.0.1:9', reason: 'protocol', detail: 'x', hello: null, identity: null });
    expect(fake.writer.events).toMatchObject([{ kind: 'stranger', facts: { address: '127.0.0.1:9', count: 1 } }]);
    expect(fake.faults).toMatchObject([{ code: 'agent.stranger', facts: { address: '127.0.0.1:9', detail: 'protocol' } }]);
  });
});

describe('strangers', () => {
  it('that were counted and not told yet are told at the end', async () => {
    const { fake } = watched();
    for (let port = 1; port <= 3; port++)
      fake.link.onRefused.emit({ address: `127.0.0.1:${port}`, reason: 'protocol', detail: 'x', hello: null, identity: null });
    await fake.recording.abandon(false);
    expect(fake.writer.events.filter(({ kind }) => kind === 'stranger').map(({ facts }) => facts['count'])).toEqual([1, 2]);
  });
});

describe('the terminal', () => {
  const terminal = () => ({ onData: () => ({ dispose: () => undefined }), write: vi.fn(), resize: vi.fn() }) as never;

  it('has the size that it is given, in the file too as long as that can be written', () => {
    const { fake } = watched({ terminal: terminal() });
    fake.recording.resize(90, 30);
    expect(fake.calls).toContain('resizeConsole');
    fake.writer.fault = new Error('gone');
    vi.advanceTimersByTime(600);
    const calls = fake.calls.length;
    fake.recording.resize(91, 30);
    expect(fake.calls.slice(calls)).toEqual([]);
  });

  it('shows no line of ours where it cannot', () => expect(watched({ terminal: terminal() }).fake.recording.showStatus).toBeNull());
});

it('events are told as they are written, with the reason where the file cannot be written any more', () => {
  const { fake, states } = watched();
  const told: unknown[] = [];
  fake.recording.onEvent.on(({ kind, facts }) => told.push([kind, facts]));
  fake.recording.mark('loaded');
  fake.writer.fault = new Error('no space');
  vi.advanceTimersByTime(500);
  expect(told).toEqual([
    ['mark', { name: 'loaded', source: 'user' }],
    ['recording-fault', { code: 'recording.write-failed', detail: 'no space' }],
  ]);
  expect(states.length).toBeGreaterThan(1);
});
