import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
import type { SeriesInfo, SeriesWindow } from '../../src-preload/contract/index.ts';
import { useRecording } from './recording.ts';
import { useSelection } from './selection.ts';
import { useSessions } from './sessions.ts';
import { FakeCallError, aSession, aState, fakeOf, freshStores } from './testing.ts';
import { useTimeline } from './timeline.ts';

const missed = vi.hoisted((): (() => void)[] => []);
vi.mock('../api/index.ts', async () => {
  const { fakeApi, FakeCallError: CallError } = await import('./testing.ts');
  return { ...fakeApi(), CallError, onResync: (reload: () => void) => missed.push(reload) };
});

const fake = fakeOf(api);
const ref = { project: 'p1', session: 1 };
const info = (id: number, change: Partial<SeriesInfo> = {}): SeriesInfo => ({
  ...{ id, session: 1, process: null, metric: 'rss', samples: 1000 },
  ...{ first: 0, last: 100_000, min: 1, max: 9, ...change },
});
const windowOf = (series: number, to: number, raw = false): SeriesWindow => ({
  ...{ series, raw, t: new Float64Array([0, to]), lo: new Float64Array(2), hi: new Float64Array(2) },
});
const asked = (method: string): Record<string, unknown>[] =>
  fake.call.mock.calls.filter(([name]) => name === method).map(([, args]) => args as Record<string, unknown>);
const views = (): Record<string, unknown>[] => asked('timeline.window').filter(({ buckets }) => buckets !== 700);
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

async function opened({ live = false, raw = false } = {}): Promise<ReturnType<typeof useTimeline>> {
  fake.answers.set('sessions.series', [info(1)]);
  fake.answers.set('sessions.events', { total: 0, events: [] });
  fake.answers.set('sessions.processes', []);
  fake.answers.set('timeline.window', (args: { series: number[]; to: number }) => args.series.map((id) => windowOf(id, args.to, raw)));
  fake.answers.set('timeline.stats', []);
  if (live) useRecording().put(aState(ref));
  useSessions().byProject = { p1: [aSession({ id: 1, duration: 100_000 })] };
  const timeline = useTimeline();
  timeline.listen();
  useSelection().go(ref);
  await pass(50);
  timeline.arrange([1], 1000);
  await pass(2000);
  fake.call.mockClear();
  return timeline;
}

beforeAll(() => void vi.useFakeTimers());
afterAll(() => void vi.useRealTimers());
beforeEach(() => freshStores(fake));
afterEach(() => pass(10_000));

describe('after events were missed', () => {
  test('all is read again, and the view stays as it was', async () => {
    const timeline = await opened();
    timeline.show({ from: 10_000, to: 20_000 });
    await pass(100);
    fake.call.mockClear();
    missed.at(-1)?.();
    // What is known stays in sight meanwhile.
    expect([timeline.phase, timeline.series.length, timeline.shown]).toEqual(['loading', 1, [1]]);
    await pass(100);
    expect([timeline.phase, timeline.view]).toEqual(['ready', { from: 10_000, to: 20_000 }]);
    expect(views().at(-1)).toMatchObject({ from: 5_000, to: 25_000 });
  });

  test('what is recorded is followed as before', async () => {
    const timeline = await opened({ live: true });
    missed.at(-1)?.();
    await pass(100);
    expect(timeline.following).toBe(true);
  });
});

describe('the engine’s word', () => {
  test('of new series has the list read again, that of another session not', async () => {
    const timeline = await opened();
    fake.answers.set('sessions.series', [info(1), info(2)]);
    fake.emit('session.shape', { project: 'p1', session: 2 });
    await pass(10);
    expect(asked('sessions.series')).toEqual([]);
    fake.emit('session.shape', ref);
    await pass(10);
    expect(timeline.series.map(({ id }) => id)).toEqual([1, 2]);
  });

  test('that the list cannot be read is shown', async () => {
    const timeline = await opened();
    fake.answers.set('sessions.series', () => Promise.reject(new FakeCallError('internal')));
    await timeline.loadSeries();
    expect([timeline.error?.code, timeline.phase]).toEqual(['internal', 'ready']);
  });
});

describe('no session', () => {
  test('shows nothing and asks nothing', async () => {
    const timeline = await opened();
    useSelection().go({ session: null });
    await pass(100);
    const { of, phase, series, events, shown, until, detail, overview, strip, cursor } = timeline;
    expect({ of, phase, series, events, shown, until, detail, overview, strip, cursor }).toEqual({
      ...{ of: null, phase: 'none', series: [], events: [], shown: [], until: 0 },
      ...{ detail: null, overview: null, strip: null, cursor: null },
    });
    timeline.arrange([1], 500);
    await timeline.loadSeries();
    await pass(100);
    expect(fake.call).not.toHaveBeenCalled();
    expect((await timeline.eventsIn({ from: 0, to: 9 }, 5)).total).toBe(0);
  });
});

describe('all of it', () => {
  test('is from the beginning to the end; while it is recorded to the latest, a second at least', async () => {
    const timeline = await opened();
    timeline.show({ from: 10_000, to: 20_000 });
    timeline.fit();
    expect(timeline.view).toEqual({ from: 0, to: 100_000 });
    useRecording().put(aState(ref));
    timeline.until = 70_000;
    timeline.fit();
    expect(timeline.view).toEqual({ from: 0, to: 70_000 });
    timeline.until = 10;
    timeline.fit();
    expect([timeline.view, timeline.following]).toEqual([{ from: 0, to: 1000 }, false]);
  });

  test('lasts to the last sample or the end of the program, whichever is later', async () => {
    const timeline = await opened();
    useSessions().byProject = { p1: [aSession({ id: 1, duration: 130_000 })] };
    expect([timeline.extent, timeline.newest]).toEqual([{ from: 0, to: 130_000 }, 130_000]);
    useSessions().byProject = { p1: [aSession({ id: 1, duration: 90_000 })] };
    expect(timeline.extent).toEqual({ from: 0, to: 100_000 });
    useRecording().put(aState(ref));
    timeline.until = 5_000;
    expect([timeline.extent, timeline.newest]).toEqual([{ from: 0, to: 60_000 }, 5_000]);
  });

  test('a range that ends before it begins is empty, not turned around', async () => {
    const timeline = await opened();
    expect(timeline.range).toBeNull();
    useSelection().go({ range: { from: 50_000, to: 40_000 } });
    expect(timeline.range).toEqual({ from: 50_000, to: 50_000 });
  });
});

describe('a step of the view', () => {
  /** Measures of steps, in milliseconds: faked timers keep none. */
  let steps: number[];
  beforeEach(() => {
    steps = [];
    const times = (options: unknown): number => {
      const { start, end } = options as { start: number; end: number };
      return end - start;
    };
    vi.spyOn(performance, 'measure').mockImplementation((name, options) => ({ name, duration: steps.push(times(options)) }) as never);
    vi.spyOn(performance, 'getEntriesByName').mockImplementation(() => steps as never);
    vi.spyOn(performance, 'clearMeasures').mockImplementation(() => void (steps = []));
  });
  afterEach(() => void vi.restoreAllMocks());

  test('is measured once, from the gesture to the picture with its samples', async () => {
    const timeline = await opened();
    timeline.drawn();
    steps = [];
    timeline.drawn();
    expect(steps).toEqual([]);
    timeline.show({ from: 10_000, to: 12_000 });
    timeline.drawn();
    expect(steps).toEqual([]);
    await pass(100);
    timeline.drawn();
    timeline.drawn();
    expect(steps).toEqual([100]);
  });

  test('that does not bring its samples is not measured', async () => {
    const timeline = await opened();
    timeline.drawn();
    steps = [];
    fake.answers.set('timeline.window', () => Promise.reject(new FakeCallError('internal')));
    timeline.show({ from: 10_000, to: 12_000 });
    await pass(100);
    timeline.detail = null;
    timeline.drawn();
    expect(steps).toEqual([]);
  });

  test('four hundred are kept; then it begins anew', async () => {
    const timeline = await opened({ raw: true });
    timeline.drawn();
    steps = [];
    const step = async (from: number): Promise<void> => {
      timeline.show({ from, to: from + 2000 });
      await pass(40);
      timeline.drawn();
    };
    for (let i = 0; i < 400; i++) await step(10_000 + i);
    expect(steps).toHaveLength(400);
    await step(0);
    expect(steps).toHaveLength(1);
  });
});
