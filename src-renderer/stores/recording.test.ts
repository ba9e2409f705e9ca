import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
import type { RecordingState } from '../../src-preload/contract/index.ts';
import { useLayout } from './layout.ts';
import { useProjects } from './projects.ts';
import { useRecording } from './recording.ts';
import { useSelection } from './selection.ts';
import { useSessions } from './sessions.ts';
import { FakeCallError, aProject, aSession, aSpec, aState, fakeOf, freshStores } from './testing.ts';

vi.mock('../api/index.ts', async () => {
  const { fakeApi, FakeCallError } = await import('./testing.ts');
  return { ...fakeApi(), CallError: FakeCallError };
});

const fake = fakeOf(api);
const agent = (change: Partial<RecordingState['agents'][number]> = {}): RecordingState['agents'][number] => ({
  ...{ process: 1, pid: 7, state: 'connected', tracemallocFrames: 0, ...change },
});
const argsOf = (method: string): unknown => fake.call.mock.calls.find(([name]) => name === method)?.[1];

beforeEach(() => {
  freshStores(fake);
  fake.answers.set('sessions.list', [aSession({ state: 'running' })]);
  fake.answers.set('recording.start', { project: aProject(), session: 1 });
  fake.answers.set('recording.states', [aState()]);
});

describe('what runs', () => {
  test('is what the engine says now; what ended meanwhile is left out', async () => {
    const recording = useRecording();
    recording.put(aState({ session: 9 }));
    fake.answers.set('recording.states', [aState(), aState({ session: 2, phase: 'ended' }), aState({ project: 'p2' })]);
    await recording.load();
    expect(recording.running.map(({ project, session }) => [project, session])).toEqual([
      ['p1', 1],
      ['p2', 1],
    ]);
    expect([recording.isRunning('p1', 1), recording.isRunning('p1', 2), recording.isRunning('p1', 9)]).toEqual([true, false, false]);
  });

  test('is current where its session is in view', () => {
    const recording = useRecording();
    recording.put(aState());
    expect(recording.current).toBeNull();
    useSelection().go({ project: 'p1' });
    expect(recording.current).toBeNull();
    useSelection().go({ session: 1 });
    expect(recording.current?.session).toBe(1);
    useSelection().go({ session: 2 });
    expect([recording.current, recording.hasAgent, recording.tracemallocFrames]).toEqual([null, false, 0]);
  });

  test('has the most frames that any process keeps, and an agent where one is connected', () => {
    const recording = useRecording();
    useSelection().go({ project: 'p1', session: 1 });
    recording.put(aState({ agents: [agent({ state: 'gone' })] }));
    expect([recording.hasAgent, recording.tracemallocFrames]).toEqual([false, 0]);
    recording.put(aState({ agents: [agent(), agent({ state: 'gone' })] }));
    expect(recording.hasAgent).toBe(true);
    recording.put(aState({ agents: [agent({ tracemallocFrames: 5 }), agent({ tracemallocFrames: 20 }), agent({ tracemallocFrames: 1 })] }));
    expect([recording.hasAgent, recording.tracemallocFrames]).toEqual([true, 20]);
  });
});

describe('starting', () => {
  test('what the user wrote is confirmed, and goes into the project that is named', async () => {
    expect(await useRecording().start(aSpec(), 'p7')).toEqual({ project: 'p1', session: 1 });
    expect(argsOf('recording.start')).toMatchObject({ spec: aSpec(), confirmed: true, project: 'p7' });
    expect([useProjects().open.length, useSessions().byProject['p1']?.length, useRecording().isRunning('p1', 1)]).toEqual([1, 1, true]);
  });

  test('what was kept is not confirmed, and nothing happens where this machine never started it', async () => {
    expect(await useRecording().startKept(aSpec(), null)).toEqual({ project: 'p1', session: 1 });
    expect(argsOf('recording.start')).toMatchObject({ confirmed: false, project: null });
    fake.answers.set('recording.start', () => Promise.reject(new FakeCallError('launch.unconfirmed')));
    expect(await useRecording().startKept(aSpec(), null)).toBeNull();
    for (const fault of [new FakeCallError('launch.script-missing'), new TypeError('a defect')]) {
      fake.answers.set('recording.start', () => Promise.reject(fault));
      await expect(useRecording().startKept(aSpec(), null)).rejects.toBe(fault);
    }
  });

  test('shows the whole of it from the beginning, whatever range was brushed before', async () => {
    useSelection().go({ project: 'p1', session: 1, range: { from: 1, to: 2 } });
    await useRecording().start(aSpec(), 'p1');
    expect(useSelection().current).toMatchObject({ view: 'timeline', range: null });
  });

  test.each([
    [[120, 40], 120, 40],
    [[2, 1000], 2, 1000],
    [[1, 40], 100, 24],
    [[120, 1001], 100, 24],
    [[120, 1], 100, 24],
    [[120.5, 40], 100, 24],
    [[120], 100, 24],
    [[120, 40, 1], 100, 24],
    ['wide', 100, 24],
  ])('in a terminal as large as the last one, where that makes sense: %j', async (kept, columns, rows) => {
    useLayout().values = { 'console.size': kept };
    await useRecording().start(aSpec(), null);
    expect(argsOf('recording.start')).toMatchObject({ columns, rows });
  });
});

test('what is asked of a recording is asked of that one', async () => {
  const recording = useRecording();
  const ref = { project: 'p1', session: 1 };
  fake.answers.set('recording.collect', { processes: 1, collected: 5, uncollectable: 0 });
  fake.answers.set('recording.tracemalloc', { processes: 2 });
  await recording.stop(ref, 'interrupt');
  expect(await recording.collect(ref)).toEqual({ processes: 1, collected: 5, uncollectable: 0 });
  expect(await recording.tracemalloc(ref, 10)).toEqual({ processes: 2 });
  await recording.pause(ref, true);
  await recording.mark(ref, 'loaded');
  expect(fake.call.mock.calls).toEqual([
    ['recording.stop', { ...ref, how: 'interrupt' }],
    ['recording.collect', ref],
    ['recording.tracemalloc', { ...ref, frames: 10 }],
    ['recording.pause', { ...ref, paused: true }],
    ['recording.mark', { ...ref, name: 'loaded' }],
  ]);
});
