import { describe, expect, it, vi } from 'vitest';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import { Kind, type Collection } from '../agent-link/messages.ts';
import { AgentRecorder } from './agent-recorder.ts';
import type { SessionProcess } from './session-part.ts';

const TIMED: Collection = [1, 0, 0.002, 5, 0, 1];
const COUNTED: Collection = [2, 0, null, 900, 1, 300];

function recorded(...messages: Collection[][]): { put: unknown[][]; events: unknown[][] } {
  const put = vi.fn();
  const event = vi.fn();
  const host = { samples: { put, stop: vi.fn() }, event, sessionTime: (t: number) => t * 1000 };
  const recorder = new AgentRecorder(host as never, { osFromAgent: false });
  const process = { row: { id: 7, pid: 70 }, tracemallocFrames: 0 } as SessionProcess;
  const connection = { toEngineTime: (t: number) => t } as AgentConnection;
  for (const c of messages) recorder.onMessage(process, connection, { kind: Kind.gc, body: { c } });
  return { put: put.mock.calls, events: event.mock.calls };
}

describe('collections', () => {
  it('become a pause and what they freed', () => {
    const { put, events } = recorded([TIMED]);
    expect(put).toEqual([
      [7, 'gc_pause_0', 1000, 2],
      [7, 'gc_collected_0', 1000, 5],
      [7, 'gc_uncollectable_0', 1000, 0],
    ]);
    expect(events).toEqual([]);
  });

  it('that were counted and not timed have no pause, and that is said once', () => {
    const { put, events } = recorded([TIMED, COUNTED, COUNTED], [COUNTED]);
    expect(put.filter(([, metric]) => metric === 'gc_pause_0').map(([, , , pause]) => pause)).toEqual([2, null, null, null]);
    expect(put.filter(([, metric]) => metric === 'gc_joined').map(([, , , more]) => more)).toEqual([
      COUNTED[5] - 1,
      COUNTED[5] - 1,
      COUNTED[5] - 1,
    ]);
    expect(events).toEqual([[7, 2000, 'collections-sampled', { pid: 70 }]]);
  });
});
