import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
import type { EventRow, SeriesInfo, SeriesWindow } from '../../src-preload/contract/index.ts';
import { useRecording } from './recording.ts';
import { useSelection } from './selection.ts';
import { useSessions } from './sessions.ts';
import { FakeCallError, aSession, aState, fakeOf, freshStores } from './testing.ts';
import { info, pass, ref, timelineOver, windowOf } from './testing-timeline.ts';
import { useTimeline } from './timeline.ts';

const missed = vi.hoisted((): (() => void)[] => []);
vi.mock('../api/index.ts', async () => {
  const { fakeApi, FakeCallError: CallError } = await import('./testing.ts');
  return { ...fakeApi(), CallError, onResync: (reload: () => void) => missed.push(reload) };
});

const fake = fakeOf(api);
const { asked, views, opened } = timelineOver(fake);
const event = (id: number, kind: EventRow['kind']): EventRow => ({ ...{ id, session: 1, process: null, t: 5, kind, facts: {} } });

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
    // Known data stays visible in between.
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

describe('a session that is opened', () => {
  test('is asked for once, with all of its events and its processes where they are not known', async () => {
    await opened();
    useTimeline().listen();
    useSessions().processesOf = { project: 'p1', session: 2 };
    useSelection().go({ session: 2 });
    await pass(50);
    const all = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 5000 };
    expect(asked('sessions.series')).toEqual([{ project: 'p1', session: 2 }]);
    expect(asked('sessions.events')).toEqual([{ project: 'p1', session: 2, ...all }]);
    expect(asked('sessions.processes')).toEqual([]);
    useSelection().go({ session: 3 });
    await pass(50);
    expect(asked('sessions.processes')).toEqual([{ project: 'p1', session: 3 }]);
  });

  test('has its marks apart from its other events, and its strip', async () => {
    const timeline = await opened();
    fake.answers.set('sessions.events', { total: 2, events: [event(1, 'mark'), event(2, 'snapshot')] });
    useSelection().go({ session: 2 });
    await pass(50);
    expect([timeline.events.length, timeline.eventsTotal, timeline.marks.map(({ id }) => id)]).toEqual([2, 2, [1]]);
    expect(timeline.strip).toMatchObject({ rss: { series: 1 }, collections: [], until: 100_000 });
  });

  test('is no other one: figures and events of the one before that come late are not shown', async () => {
    const timeline = await opened();
    timeline.eventsTotal = 5001;
    const [stats, events] = [Promise.withResolvers<unknown>(), Promise.withResolvers<unknown>()];
    fake.answers.set('timeline.stats', () => stats.promise);
    fake.answers.set('sessions.events', () => events.promise);
    useSelection().go({ range: { from: 10_000, to: 20_000 } });
    timeline.show({ from: 10_000, to: 20_000 });
    await pass(50);
    fake.answers.set('timeline.stats', []);
    fake.answers.set('sessions.events', { total: 0, events: [] });
    useSelection().go({ session: 2 });
    await pass(50);
    stats.resolve([{ series: 1 }]);
    events.resolve({ total: 1, events: [event(9, 'mark')] });
    await pass(50);
    expect([timeline.stats, timeline.statsOf, timeline.events]).toEqual([[], null, []]);
  });
});

describe('what is asked for', () => {
  test('is under way until it is here', async () => {
    const timeline = await opened();
    const answer = Promise.withResolvers<SeriesWindow[]>();
    fake.answers.set('timeline.window', () => answer.promise);
    expect(timeline.fetching).toBe(false);
    timeline.show({ from: 10_000, to: 20_000 });
    await pass(20);
    expect(timeline.fetching).toBe(true);
    answer.resolve([windowOf(1, [0, 100_000])]);
    await pass(20);
    expect(timeline.fetching).toBe(false);
  });

  test('of lanes in another order, or fewer of them, is here already; of another one it is not', async () => {
    const timeline = await opened();
    timeline.arrange([1, 2], 1000);
    await pass(100);
    fake.call.mockClear();
    timeline.arrange([2, 1], 1000);
    timeline.arrange([2], 1000);
    await pass(100);
    expect([views(), timeline.shown]).toEqual([[], [2]]);
    timeline.arrange([3], 1000);
    await pass(100);
    expect(views()).toMatchObject([{ series: [3] }]);
  });

  test('closer is nothing where every sample of every series is here, and is asked for where one is coarser', async () => {
    const timeline = await opened({ raw: true });
    timeline.show({ from: 10_000, to: 20_000 });
    await pass(100);
    expect([views(), timeline.detail?.raw]).toEqual([[], true]);
    fake.answers.set('timeline.window', [windowOf(1, [0, 100_000], true), windowOf(2, [0, 100_000], false)]);
    timeline.arrange([1, 2], 1000);
    await pass(100);
    expect(timeline.detail?.raw).toBe(false);
  });

  test('figures of a brushed range are those of the shown series, and known with their range', async () => {
    const timeline = await opened();
    fake.answers.set('timeline.stats', [{ series: 1, mean: 5 }]);
    useSelection().go({ range: { from: 10_000, to: 20_000 } });
    await pass(50);
    expect(asked('timeline.stats')).toEqual([{ project: 'p1', series: [1], from: 10_000, to: 20_000 }]);
    expect([timeline.stats, timeline.statsOf]).toEqual([[{ series: 1, mean: 5 }], { from: 10_000, to: 20_000 }]);
    timeline.arrange([1, 2], 1000);
    await pass(50);
    expect(asked('timeline.stats').at(-1)).toMatchObject({ series: [1, 2] });
  });

  test('for following does not move the view of a user who looks elsewhere meanwhile', async () => {
    const timeline = await opened({ live: true });
    const answers: ((answer: SeriesWindow[]) => void)[] = [];
    fake.answers.set('timeline.window', () => new Promise((resolve) => answers.push(resolve)));
    fake.emit('timeline.advanced', { ...ref, until: 110_000 });
    await pass(300);
    timeline.show({ from: 10_000, to: 20_000 });
    answers[0]?.([windowOf(1, [0, 110_000])]);
    await pass(50);
    expect([timeline.view, timeline.following]).toEqual([{ from: 10_000, to: 20_000 }, false]);
    answers.forEach((answer) => answer([windowOf(1, [0, 110_000])]));
    await pass(50);
    expect(timeline.view).toEqual({ from: 10_000, to: 20_000 });
  });
});

describe('no session', () => {
  test('at the beginning nothing is shown, known or under way', () => {
    const { series, events, marks, view, following, shown, fetching, stats } = useTimeline();
    expect({ series, events, marks, view, following, shown, fetching, stats }).toEqual({
      ...{ series: [], events: [], marks: [], view: { from: 0, to: 60_000 } },
      ...{ following: false, shown: [], fetching: false, stats: [] },
    });
    expect(useTimeline().extent).toEqual({ from: 0, to: 1 });
  });

  test.each([
    { project: null, session: null },
    { project: 'p2', session: null },
  ])('in view asks for nothing: %j', async (place) => {
    await opened();
    useSelection().go(place);
    await pass(50);
    expect([useTimeline().of, useTimeline().phase, fake.call.mock.calls]).toEqual([null, 'none', []]);
  });

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

describe('an event that comes', () => {
  test('is among the marks where it is one, behind those that came before', async () => {
    const timeline = await opened();
    for (const [id, kind] of [['mark'], ['snapshot'], ['mark']].entries())
      fake.emit('event.added', { project: 'p1', event: event(id, kind[0] as EventRow['kind']) });
    expect([timeline.events.map(({ id }) => id), timeline.marks.map(({ id }) => id), timeline.eventsTotal]).toEqual([[0, 1, 2], [0, 2], 3]);
  });

  test('in a session of exactly as many as are kept needs no asking', async () => {
    const timeline = await opened();
    timeline.eventsTotal = 5000;
    await timeline.eventsIn({ from: 0, to: 9 }, 5);
    expect(asked('sessions.events')).toEqual([]);
    timeline.eventsTotal = 5001;
    await timeline.eventsIn({ from: 0, to: 9 }, 5);
    expect(asked('sessions.events')).toHaveLength(1);
  });
});

describe('the strip', () => {
  test('that cannot be read says so, where its session is still in view', async () => {
    const timeline = await opened();
    fake.answers.set('timeline.window', () => Promise.reject(new FakeCallError('internal')));
    timeline.loadStrip();
    await pass(10);
    expect(timeline.error?.code).toBe('internal');
  });

  test('of no session asks for nothing, and its failure is none', async () => {
    const timeline = await opened();
    useSelection().go({ session: null });
    await pass(10);
    timeline.series = [info(1)];
    timeline.loadStrip();
    await pass(10);
    expect([asked('timeline.window'), timeline.error]).toEqual([[], null]);
  });
});

describe('the run', () => {
  test('that begins in a session with samples leaves what is in view', async () => {
    const timeline = await opened();
    timeline.show({ from: 10_000, to: 20_000 });
    useRecording().put(aState(ref));
    await pass(10);
    expect([timeline.following, timeline.view]).toEqual([false, { from: 10_000, to: 20_000 }]);
  });

  test('that ends while its last samples are in view keeps them there, and stays followed by nobody', async () => {
    const timeline = await opened({ live: true });
    timeline.follow(false);
    timeline.view = { from: 50_000, to: 160_000 };
    useRecording().put(aState({ ...ref, phase: 'ended' }));
    await pass(100);
    expect([timeline.following, timeline.view]).toEqual([false, { from: 50_000, to: 160_000 }]);
    expect(asked('sessions.series')).toEqual([ref]);
  });

  test('that ends before its session is read asks for nothing more', async () => {
    const timeline = await opened({ live: true });
    const series = Promise.withResolvers<SeriesInfo[]>();
    fake.answers.set('sessions.series', () => series.promise);
    const opening = timeline.open(ref);
    useRecording().put(aState({ ...ref, phase: 'ended' }));
    await pass(50);
    expect([timeline.phase, asked('sessions.series').length, views()]).toEqual(['loading', 1, []]);
    series.resolve([info(1)]);
    await opening;
    expect(timeline.phase).toBe('ready');
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
  /** Performance measures of steps, in milliseconds: fake timers record none. */
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
