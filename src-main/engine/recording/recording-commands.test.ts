import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import type { Refusal } from '../agent-link/agent-server.ts';
import { FakeRecording } from './testing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refused = (change: Partial<Refusal>): Refusal => ({
  ...{ address: '127.0.0.1:5', reason: 'version', detail: 'x', hello: null, identity: null },
  ...change,
});
const hello = { pid: 10, agent: '9.0.0', v: 99 } as NonNullable<Refusal['hello']>;

/** A recording whose agents answer commands. */
function commanded(answer: Record<string, unknown>) {
  const fake = new FakeRecording([]);
  const command = vi.fn(async () => answer);
  const join = (pid?: number): AgentConnection => Object.assign(fake.join(pid), { command });
  return { fake, command, join };
}

describe('asking the program to stop', () => {
  it('goes to the program, is an event, and is known to the windows', () => {
    const fake = new FakeRecording([]);
    const told: unknown[] = [];
    fake.recording.onState.on(({ phase, stopAsked }) => told.push([phase, stopAsked]));
    fake.recording.stop('interrupt');
    expect(fake.calls).toContain('target.interrupt');
    expect(fake.calls.filter((call) => call.startsWith('sampler.'))).toEqual([]);
    expect(told.at(-1)).toEqual(['stopping', 'interrupt']);
    fake.recording.stop('terminate');
    expect(told.at(-1)).toEqual(['stopping', 'terminate']);
    expect(fake.writer.events.filter(({ kind }) => kind === 'stop').map(({ facts }) => facts)).toEqual([
      { how: 'interrupt' },
      { how: 'terminate' },
    ]);
  });

  it('goes to what is left of its tree after it has ended', () => {
    const fake = new FakeRecording([]);
    fake.tick({ 10: 100, 11: 100 });
    fake.exit();
    fake.recording.stop('kill');
    expect(fake.calls.filter((call) => call.endsWith('kill') || call.includes('SIG'))).toEqual(['sampler.SIGKILL']);
  });
});

describe('commands to the agents', () => {
  it('collect garbage, which is an event of each process', async () => {
    const { fake, command, join } = commanded({ collected: 4, uncollectable: 1, duration: 0.5 });
    join();
    expect(await fake.recording.collect()).toEqual({ processes: 1, collected: 4, uncollectable: 1 });
    expect(command).toHaveBeenCalledWith('collect', {});
    expect(fake.writer.events.at(-1)).toMatchObject({ kind: 'collect', facts: { pid: 10, collected: 4, uncollectable: 1, duration: 500 } });
  });

  it('start tracing with a depth, and stop it with none', async () => {
    const { fake, command, join } = commanded({});
    join();
    expect([await fake.recording.tracemalloc(1), await fake.recording.tracemalloc(0)]).toEqual([{ processes: 1 }, { processes: 1 }]);
    expect(command.mock.calls).toEqual([
      ['tracemalloc_start', { frames: 1 }],
      ['tracemalloc_stop', {}],
    ]);
  });

  it('cannot be given to a recording that has ended, nor can anything else', async () => {
    const { fake, join } = commanded({});
    join();
    await fake.recording.abandon(false);
    const { recording } = fake;
    for (const asked of [() => recording.collect(), () => recording.tracemalloc(5)])
      await expect(asked()).rejects.toMatchObject({ code: 'recording.not-running' });
    for (const asked of [() => recording.stop('kill'), () => recording.mark('x'), () => recording.pause(true), () => recording.write('x')])
      expect(asked).toThrow(expect.objectContaining({ code: 'recording.not-running' }));
  });
});

describe('an agent of another version', () => {
  it('is told, with its process where the kernel knows it', () => {
    const fake = new FakeRecording([]);
    fake.tick({ 10: 100 });
    fake.link.onRefused.emit(refused({ hello, identity: { kind: 'descendant', pid: 10, ppid: 1, key: '10:1', holds: true } }));
    expect(fake.writer.events.at(-1)).toMatchObject({ process: 1, kind: 'agent-refused', facts: { pid: 10, reason: '9.0.0 (99)' } });
    expect(fake.faults).toMatchObject([{ code: 'agent.version', facts: { pid: 10, agent: '9.0.0', engine: 99 } }]);
    expect(fake.recording.state().agents).toMatchObject([{ pid: 10, state: 'refused' }]);
  });

  it('is told of no process where that is not known', () => {
    const fake = new FakeRecording([]);
    fake.link.onRefused.emit(refused({ hello }));
    fake.link.onRefused.emit(refused({ hello, identity: { kind: 'descendant', pid: 77, ppid: 1, key: '77:1', holds: true } }));
    expect(fake.writer.events.filter(({ kind }) => kind === 'agent-refused').map(({ process }) => process)).toEqual([null, null]);
    expect(fake.faults).toHaveLength(2);
  });

  it('is one of no version where the interpreter has none', () => {
    const fake = new FakeRecording([]);
    fake.tick({ 10: 100 });
    const identity = { kind: 'descendant', pid: 10, ppid: 1, key: '10:1', holds: true } as const;
    fake.link.onRefused.emit(refused({ reason: 'python', hello: { ...hello, python: '3.8.18' }, identity }));
    expect(fake.writer.events.at(-1)).toMatchObject({ process: 1, kind: 'agent-refused', facts: { pid: 10, reason: 'Python 3.8.18' } });
    expect(fake.faults).toMatchObject([{ code: 'agent.python', facts: { pid: 10, python: '3.8.18' } }]);
  });

  it('is not what a stranger is, who is counted', () => {
    const fake = new FakeRecording([]);
    fake.link.onRefused.emit(refused({ reason: 'protocol', hello }));
    fake.link.onRefused.emit(refused({ reason: 'version' }));
    expect(fake.writer.kinds()).not.toContain('agent-refused');
    expect(fake.faults.map(({ code }) => code)).not.toContain('agent.version');
  });
});
