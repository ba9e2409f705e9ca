import { describe, expect, it, vi } from 'vitest';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import { Kind, type AgentMessage, type Collection, type Hello, type Sample } from '../agent-link/messages.ts';
import { AgentRecorder, interpreterOf } from './agent-recorder.ts';
import type { SampleSink, SessionProcess } from './session-part.ts';

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

/** An agent of process 7, whose clock runs in seconds from the session's start. */
function listening(o: { osFromAgent?: boolean } = {}) {
  const put = vi.fn<SampleSink['put']>();
  const stop = vi.fn();
  const event = vi.fn();
  const host = { samples: { put, stop }, event, sessionTime: (t: number) => t * 1000 };
  const recorder = new AgentRecorder(host as never, { osFromAgent: o.osFromAgent ?? false });
  const process = { row: { id: 7, pid: 70 }, tracemallocFrames: 0 } as SessionProcess;
  const connection = { toEngineTime: (t: number) => t } as AgentConnection;
  const hear = (message: unknown): void => recorder.onMessage(process, connection, message as AgentMessage);
  const sample = (t: number, change: Partial<Sample> = {}): void => {
    hear({ kind: Kind.sample, body: { t, blocks: 10, garbage: 1, gc: [3, 2, 1], traced: 40, traced_peak: 50, frames: 0, ...change } });
  };
  const of = (metric: string): unknown[] => put.mock.calls.filter(([, name]) => name === metric).map(([, , t, value]) => [t, value]);
  return { recorder, hear, sample, of, put, stop, event, process };
}

describe('figures of the interpreter', () => {
  it('are samples of their metrics', () => {
    const { sample, put } = listening();
    sample(2);
    expect(put.mock.calls.map(([process, metric, t, value]) => [process, metric, t, value])).toEqual(
      Object.entries({ py_blocks: 10, garbage: 1, gc_count_0: 3, gc_count_1: 2, gc_count_2: 1, traced: 40, traced_peak: 50 }).map(
        ([metric, value]) => [7, metric, 2000, value],
      ),
    );
  });

  it('say when tracemalloc starts, changes and stops; where it stops its lines end', () => {
    const { sample, event, stop, process } = listening();
    for (const [t, frames] of [0, 5, 5, 9, 0, 0].entries()) sample(t, { frames });
    expect(event.mock.calls).toEqual([
      [7, 1000, 'tracemalloc', { pid: 70, frames: 5 }],
      [7, 3000, 'tracemalloc', { pid: 70, frames: 9 }],
      [7, 4000, 'tracemalloc', { pid: 70, frames: 0 }],
    ]);
    expect(stop.mock.calls).toEqual([
      [7, 'traced', 4000],
      [7, 'traced_peak', 4000],
    ]);
    expect(process.tracemallocFrames).toBe(0);
  });
});

describe('what the operating system shows', () => {
  const os = (cpu: number | null) => ({ os: { rss: 100, peak_rss: 200, threads: 3, files: 9, cpu } }) as Partial<Sample>;

  it('is the sampler’s to say where it can', () => {
    const { sample, of } = listening();
    sample(1, os(1));
    expect(of('rss')).toEqual([]);
  });

  it('is the agent’s where the sampler cannot', () => {
    const { sample, of } = listening({ osFromAgent: true });
    sample(1, os(null));
    sample(2);
    expect(['rss', 'peak_rss', 'threads', 'files', 'cpu'].map(of)).toEqual([[[1000, 100]], [[1000, 200]], [[1000, 3]], [[1000, 9]], []]);
  });

  it('has the CPU’s share since the sample before: none for the first, none backwards, and anew for a new process', () => {
    const { recorder, sample, of } = listening({ osFromAgent: true });
    sample(1, os(10));
    expect(of('cpu')).toEqual([]);
    sample(3, os(11));
    sample(4, os(10.5));
    sample(4, os(10.6));
    sample(5, os(10.7));
    expect(of('cpu')).toEqual([
      [3000, 0.5],
      [4000, 0],
      [5000, 0.1],
    ]);
    recorder.processEnded(7);
    sample(6, os(99));
    expect(of('cpu')).toHaveLength(3);
  });
});

describe('what the program and the agent say', () => {
  it('is an event at its time', () => {
    const { hear, event } = listening();
    hear({ kind: Kind.mark, body: { t: 1, name: 'loaded' } });
    hear({ kind: Kind.fault, body: { t: 2, where: 'tick', message: 'no' } });
    hear({
      kind: Kind.garbage,
      body: {
        t: 3,
        total: 4,
        types: [
          ['dict', 3],
          ['list', 1],
        ],
      },
    });
    hear({ kind: Kind.bye, body: {} });
    expect(event.mock.calls).toEqual([
      [7, 1000, 'mark', { name: 'loaded', source: 'program' }],
      [7, 2000, 'agent-fault', { pid: 70, where: 'tick', message: 'no' }],
      [7, 3000, 'garbage', { pid: 70, total: 4, types: 'dict × 3, list × 1' }],
    ]);
  });

  it('of a generation that there is not is left out', () => {
    expect(recorded([[1, 3, 0.002, 5, 0, 1]]).put).toEqual([]);
  });

  it('of its interpreter is taken as it is', () => {
    const hello = { python: '3.13.1', implementation: 'cpython', free_threaded: true } as Hello;
    expect(interpreterOf(hello)).toMatchObject({ path: '', version: '3.13.1', implementation: 'cpython', freeThreaded: true });
    expect(interpreterOf({ ...hello, executable: '/usr/bin/python' }).path).toBe('/usr/bin/python');
  });
});
