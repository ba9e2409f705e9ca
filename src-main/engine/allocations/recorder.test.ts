import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import { Kind, type AgentMessage } from '../agent-link/messages.ts';
import type { SessionProcess } from '../recording/session-part.ts';
import { AllocationRecorder } from './recorder.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function message(t: number, epoch: number): AgentMessage {
  const state = { mean: 65_536, state: 'on', why: '', live: 1, merged: 0 } as const;
  return { kind: Kind.allocations, body: { t, epoch, ...state, strings: ['MainThread', ''], nodes: [[-1, 0, 1, 0]], made: [], freed: [] } };
}

/** Agents whose clocks run in seconds from the session's start. */
function listening() {
  const append = vi.fn();
  const begin = vi.fn(() => ({ append }));
  const tell = vi.fn();
  const began = Date.now();
  const host = { session: 3, now: () => Date.now() - began, sessionTime: (t: number) => t };
  const recorder = new AllocationRecorder(host as never, { store: { begin } as never, tell });
  const agent = (): AgentConnection => ({ hello: { t: 2 }, toEngineTime: (t: number) => t * 1000 }) as AgentConnection;
  const process = { row: { id: 7, pid: 70 } } as SessionProcess;
  return { recorder, append, begin, tell, agent, process };
}

describe('sampled allocations of an agent', () => {
  it('go into a track of its process; another connection has another', () => {
    const { recorder, append, begin, agent, process } = listening();
    const first = agent();
    recorder.onMessage(process, first, message(5, 0));
    recorder.onMessage(process, first, message(6, 1));
    recorder.onMessage(process, first, { kind: Kind.mark, body: { t: 7, name: 'x' } });
    expect(begin.mock.calls).toEqual([[3, 7, 2000]]);
    const state = { state: 'on', why: '', mean: 65_536, live: 1, merged: 0 };
    expect(append.mock.calls.map(([epoch, its]) => [(epoch as { t: number }).t, its as unknown])).toEqual([
      [5000, state],
      [6000, state],
    ]);
    recorder.left(process, first);
    recorder.onMessage(process, agent(), message(9, 0));
    expect(begin).toHaveBeenCalledTimes(2);
  });

  it('are told of at once, then once a second, and at the end', () => {
    const { recorder, tell, agent, process } = listening();
    const connection = agent();
    recorder.onMessage(process, connection, message(5, 0));
    expect(tell).toHaveBeenCalledTimes(1);
    recorder.onMessage(process, connection, message(5.1, 1));
    recorder.onMessage(process, connection, message(5.2, 2));
    expect(tell).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1000);
    expect(tell).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(5000);
    expect(tell).toHaveBeenCalledTimes(2);
    for (let i = 0; i < 3; i++) recorder.onMessage(process, connection, message(6 + i, 3 + i));
    expect(tell).toHaveBeenCalledTimes(3);
    recorder.end();
    expect(tell).toHaveBeenCalledTimes(4);
    vi.advanceTimersByTime(5000);
    expect(tell).toHaveBeenCalledTimes(4);
  });
});
