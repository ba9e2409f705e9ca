import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { nextTick, watch } from 'vue';
import * as api from '../api/index.ts';
import type { EventRow, SeriesInfo, SeriesWindow } from '../../src-preload/contract/index.ts';
import { useRecording } from './recording.ts';
import { useSelection } from './selection.ts';
import { useSessions } from './sessions.ts';
import { FakeCallError, aSession, aState, fakeOf, freshStores } from './testing.ts';
import { info, pass, ref, timelineOver, windowOf } from './testing-timeline.ts';
import { MOST_EVENTS } from './timeline.ts';

vi.mock('../api/index.ts', async () => {
  const { fakeApi, FakeCallError: CallError } = await import('./testing.ts');
  return { ...fakeApi(), CallError, onResync: () => () => undefined };
});

const fake = fakeOf(api);
const { asked, views, strips, opened } = timelineOver(fake);
const event = (id: number, t: number, kind: EventRow['kind'] = 'mark'): EventRow => ({
  ...{ id, session: 1, process: null, t, kind, facts: { name: 'x' } },
});
const eventsOf = (count: number): EventRow[] => Array.from({ length: count }, (_, id) => event(id, id));
const advance = (until: number): void => fake.emit('timeline.advanced', { ...ref, until });

// One clock for all: the store compares the times of its last actions, which only increase.
beforeAll(() => void vi.useFakeTimers());
afterAll(() => void vi.useRealTimers());
beforeEach(() => freshStores(fake));
afterEach(() => pass(10_000));

describe('while it is recorded', () => {
  test('the picture is asked for five times a second at most, however often samples come', async () => {
    await opened({ live: true });
    for (let until = 100_010; until <= 101_000; until += 10) {
      advance(until);
      await pass(10);
    }
    await pass(300);
    expect(views().length).toBeGreaterThanOrEqual(4);
    expect(views().length).toBeLessThanOrEqual(6);
    expect(views().at(-1)).toMatchObject({ to: 101_000 });
  });

  test('the strip is asked for once a second, the list of series each three', async () => {
    await opened({ live: true });
    for (let until = 100_100; until <= 107_000; until += 100) {
      advance(until);
      await pass(100);
    }
    expect(strips().length).toBeGreaterThanOrEqual(5);
    expect(strips().length).toBeLessThanOrEqual(7);
    expect(asked('sessions.series').length).toBeGreaterThanOrEqual(2);
    expect(asked('sessions.series').length).toBeLessThanOrEqual(3);
  });

  test('a view of the past is not asked for again; one that ends with the samples is', async () => {
    const timeline = await opened({ live: true });
    timeline.show({ from: 10_000, to: 20_000 });
    await pass(100);
    const before = views().length;
    advance(101_000);
    await pass(300);
    expect(views()).toHaveLength(before);

    timeline.show({ from: 95_000, to: 101_000 });
    await pass(100);
    const later = views().length;
    advance(102_000);
    await pass(300);
    expect(views().length).toBe(later + 1);
    expect(timeline.view).toEqual({ from: 95_000, to: 101_000 });
  });

  test('what comes late does not take time back', async () => {
    const timeline = await opened({ live: true });
    advance(120_000);
    advance(110_000);
    await pass(300);
    expect(timeline.until).toBe(120_000);
    advance(110_000);
    await pass(300);
    expect(timeline.until).toBe(120_000);
  });

  test('what draws the end of the session changes with its samples, and no more often', async () => {
    const timeline = await opened({ live: true });
    const seen = new Set<number>();
    watch(
      () => timeline.until,
      (until) => seen.add(until),
      { flush: 'sync' },
    );
    for (let until = 100_010; until <= 101_000; until += 10) {
      advance(until);
      await pass(10);
    }
    await pass(300);
    expect(timeline.until).toBe(101_000);
    expect(seen.size).toBeLessThanOrEqual(7);
  });

  test('a range without an end has its figures again, one with an end keeps its', async () => {
    await opened({ live: true });
    useSelection().go({ range: { from: 20_000, to: 30_000 } });
    await pass(100);
    advance(110_000);
    await pass(300);
    expect(asked('timeline.stats')).toHaveLength(1);
    useSelection().go({ range: { from: 20_000, to: null } });
    await pass(100);
    advance(120_000);
    await pass(300);
    expect(asked('timeline.stats').at(-1)).toMatchObject({ from: 20_000, to: 120_000 });
  });

  test('the first samples of an empty session start the picture', async () => {
    fake.answers.set('sessions.series', []);
    const timeline = await opened({ series: [] });
    expect(timeline.following).toBe(false);
    useRecording().put(aState(ref));
    await pass(10);
    expect([timeline.following, timeline.view]).toEqual([true, { from: 0, to: 60_000 }]);
  });
});

describe('when the run ends', () => {
  const end = (): void => useRecording().put(aState({ ...ref, phase: 'ended' }));

  test('nothing is followed any more, and all is read once again', async () => {
    const timeline = await opened({ live: true });
    end();
    await pass(500);
    expect(timeline.following).toBe(false);
    expect([asked('sessions.series').length, strips().length, views().length]).toEqual([1, 1, 1]);
    expect(timeline.view).toEqual({ from: 40_000, to: 100_000 });
  });

  test('a picture that was still filling up ends where the samples end', async () => {
    const timeline = await opened({ live: true, series: [info(1, { last: 5_000 })] });
    useSessions().byProject = { p1: [aSession({ id: 1, duration: 5_500 })] };
    expect(timeline.view).toEqual({ from: 0, to: 60_000 });
    end();
    await pass(500);
    expect(timeline.view).toEqual({ from: 0, to: 5_500 });
  });

  test('a view that the user chose stays', async () => {
    const timeline = await opened({ live: true });
    timeline.show({ from: 10_000, to: 20_000 });
    await pass(100);
    end();
    await pass(500);
    expect(timeline.view).toEqual({ from: 10_000, to: 20_000 });
    timeline.follow(true);
    expect(timeline.following).toBe(false);
  });
});

describe('the latest wins', () => {
  const other = { project: 'p1', session: 2 };

  test('series that come after another session was opened are not shown, nor is their failure', async () => {
    const timeline = await opened({ live: true });
    const late = Promise.withResolvers<SeriesInfo[]>();
    fake.answers.set('sessions.series', () => late.promise);
    const loading = timeline.loadSeries();
    fake.answers.set('sessions.series', [info(7, { session: 2 })]);
    await timeline.open(other);
    late.resolve([info(1)]);
    await loading;
    expect(timeline.series.map(({ id }) => id)).toEqual([7]);

    const failing = Promise.withResolvers<SeriesInfo[]>();
    fake.answers.set('sessions.series', () => failing.promise);
    const second = timeline.loadSeries();
    fake.answers.set('sessions.series', []);
    await timeline.open(ref);
    failing.reject(new FakeCallError('session.missing'));
    await second;
    expect(timeline.error).toBeNull();
  });

  test('a session that could not be read and was left meanwhile says nothing', async () => {
    const timeline = await opened();
    const failing = Promise.withResolvers<SeriesInfo[]>();
    fake.answers.set('sessions.series', () => failing.promise);
    const opening = timeline.open(other);
    fake.answers.set('sessions.series', [info(1)]);
    await timeline.open(ref);
    failing.reject(new FakeCallError('session.missing'));
    await opening;
    expect([timeline.phase, timeline.error]).toEqual(['ready', null]);
  });

  test('the strip of a session that was left is not shown, nor is its failure', async () => {
    const timeline = await opened();
    const late = Promise.withResolvers<SeriesWindow[]>();
    fake.answers.set('timeline.window', () => late.promise);
    const reading = timeline.readStrip();
    fake.answers.set('sessions.series', []);
    await timeline.open(other);
    late.resolve([windowOf(1)]);
    await reading;
    expect(timeline.strip).toBeNull();

    fake.answers.set('sessions.series', [info(1)]);
    fake.answers.set('timeline.window', []);
    await timeline.open(ref);
    const failing = Promise.withResolvers<SeriesWindow[]>();
    fake.answers.set('timeline.window', () => failing.promise);
    timeline.loadStrip();
    fake.answers.set('sessions.series', []);
    await timeline.open(other);
    failing.reject(new FakeCallError('internal'));
    await pass(10);
    expect(timeline.error).toBeNull();
  });

  test('a failure is told alone, without what an earlier one said', async () => {
    const timeline = await opened();
    timeline.failed(new FakeCallError('file.missing', { path: '/x' }));
    timeline.failed(new FakeCallError('internal', { detail: 'y' }));
    expect(timeline.error).toEqual({ code: 'internal', facts: { detail: 'y' } });
  });
});

describe('more events than the window keeps', () => {
  test('are read around the view, counted all, and asked for in a range', async () => {
    const timeline = await opened({ events: eventsOf(MOST_EVENTS), total: MOST_EVENTS + 1 });
    expect(timeline.marks).toHaveLength(500);
    fake.answers.set('sessions.events', { total: 3, events: [event(9001, 42_000)] });
    timeline.show({ from: 40_000, to: 50_000 });
    await pass(100);
    expect(asked('sessions.events').at(-1)).toMatchObject({ ...ref, from: 35_000, to: 55_000, limit: MOST_EVENTS });
    expect(timeline.events.map(({ id }) => id)).toEqual([9001]);
    expect(await timeline.eventsIn({ from: 0, to: 9 }, 7)).toMatchObject({ total: 3 });
    expect(asked('sessions.events').at(-1)).toMatchObject({ from: 0, to: 9, limit: 7 });
  });

  test('one event fewer is all of them: none is asked for, and the list takes no more', async () => {
    const timeline = await opened({ events: eventsOf(MOST_EVENTS) });
    timeline.show({ from: 40_000, to: 50_000 });
    await pass(100);
    expect(asked('sessions.events')).toEqual([]);
    fake.emit('event.added', { project: 'p1', event: event(MOST_EVENTS, 1) });
    expect([timeline.events.length, timeline.eventsTotal, timeline.marks.length]).toEqual([MOST_EVENTS, MOST_EVENTS + 1, 500]);
  });

  test('a range has what lies on its ends, and no more than was asked for', async () => {
    const timeline = await opened({ events: eventsOf(20) });
    const { total, events } = await timeline.eventsIn({ from: 5, to: 8 }, 3);
    expect([total, events.map(({ t }) => t)]).toEqual([4, [5, 6, 7]]);
  });
});

describe('the lanes', () => {
  test('that are the same are not asked for again; another series, another order or another width is', async () => {
    const timeline = await opened();
    timeline.arrange([1], 1000);
    await pass(100);
    expect(views()).toEqual([]);
    timeline.arrange([1, 2], 1000);
    await pass(100);
    expect(views().at(-1)).toMatchObject({ series: [1, 2] });
    timeline.arrange([2, 1], 1000);
    await nextTick();
    expect(timeline.shown).toEqual([2, 1]);
    const before = views().length;
    timeline.arrange([2, 1], 3000);
    await pass(100);
    expect(views()).toHaveLength(before + 1);
  });

  test('without a width or a series nothing is asked', async () => {
    const timeline = await opened();
    timeline.arrange([], 1000);
    timeline.arrange([1], 0);
    timeline.request({ from: 0, to: 50 });
    await pass(100);
    expect(views()).toEqual([]);
  });

  test('windows of the whole session are kept as the overview, those of a part are not', async () => {
    const timeline = await opened();
    const whole = timeline.overview;
    expect(whole).toBe(timeline.detail);
    timeline.show({ from: 40_000, to: 50_000 });
    await pass(100);
    expect(timeline.overview).toBe(whole);
    expect(timeline.detail).not.toBe(whole);
  });
});

describe('the strip', () => {
  test('is the sum where there is one, with the collections of eight processes', async () => {
    const collectors = Array.from({ length: 9 }, (_, i) => info(20 + i, { metric: 'gc_pause_2', process: i }));
    const series = [info(3, { process: 1 }), info(4), info(5, { metric: 'gc_pause_2', samples: 0 }), ...collectors];
    const timeline = await opened({ series });
    await timeline.readStrip();
    expect(strips().at(-1)).toMatchObject({ series: [4, 20, 21, 22, 23, 24, 25, 26, 27], from: 0, to: 100_000 });
    expect([timeline.strip?.rss?.series, timeline.strip?.collections.length]).toEqual([4, 16]);
  });

  test('is one process where there is no sum, and nothing without memory', async () => {
    const timeline = await opened({ series: [info(2, { samples: 0 }), info(3, { process: 1 })] });
    await timeline.readStrip();
    expect(strips().at(-1)).toMatchObject({ series: [3] });
    const before = strips().length;
    timeline.series = [info(3, { metric: 'cpu' })];
    await timeline.readStrip();
    expect(strips()).toHaveLength(before);
  });
});
