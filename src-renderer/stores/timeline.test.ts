import { beforeEach, expect, test, vi } from 'vitest';
import { nextTick } from 'vue';
import * as api from '../api/index.ts';
import type { SeriesId, SeriesInfo, SeriesWindow } from '../../src-preload/contract/index.ts';
import { useRecording } from './recording.ts';
import { useSelection } from './selection.ts';
import { useSessions } from './sessions.ts';
import { FakeCallError, aSession, aState, fakeOf, freshStores } from './testing.ts';
import { useTimeline } from './timeline.ts';

vi.mock('../api/index.ts', async () => {
  const { fakeApi, FakeCallError: CallError } = await import('./testing.ts');
  return { ...fakeApi(), CallError, onResync: () => () => undefined };
});

const fake = fakeOf(api);
const info = (id: number, last = 100_000): SeriesInfo => ({
  id,
  session: 1,
  process: null,
  metric: 'rss',
  samples: 1000,
  first: 0,
  last,
  min: 1,
  max: 9,
});
const windowOf = (series: SeriesId): SeriesWindow => ({
  series,
  raw: false,
  t: new Float64Array([0, 1]),
  lo: new Float64Array([1, 1]),
  hi: new Float64Array([2, 2]),
});
const asked = (method: string): Record<string, unknown>[] =>
  fake.call.mock.calls.filter(([name]) => name === method).map(([, args]) => args as Record<string, unknown>);
const until = (check: () => void): Promise<void> => vi.waitFor(check);

/** A session of 100 seconds with one series, opened and drawn over 1000 pixels. */
async function opened({ live = false } = {}): Promise<ReturnType<typeof useTimeline>> {
  fake.answers.set('sessions.series', [info(1)]);
  fake.answers.set('sessions.events', { total: 0, events: [] });
  fake.answers.set('sessions.processes', []);
  fake.answers.set('timeline.window', [windowOf(1)]);
  fake.answers.set('timeline.stats', []);
  if (live) useRecording().put(aState({ project: 'p1', session: 1 }));
  useSessions().byProject = { p1: [aSession({ id: 1, duration: 100_000 })] };
  const timeline = useTimeline();
  timeline.listen();
  useSelection().go({ project: 'p1', session: 1 });
  await until(() => expect(timeline.phase).toBe('ready'));
  timeline.arrange([1], 1000);
  await until(() => expect(timeline.detail).not.toBeNull());
  return timeline;
}

beforeEach(() => {
  freshStores(fake);
  fake.call.mockClear();
});

test('a session that cannot be read says why, and can be tried again', async () => {
  const timeline = useTimeline();
  timeline.listen();
  fake.call.mockRejectedValueOnce(new FakeCallError('session.missing'));
  await timeline.open({ project: 'p1', session: 9 });
  expect([timeline.phase, timeline.error?.code]).toEqual(['failed', 'session.missing']);
});

test('windows that cannot be read leave the picture, and the next view asks again', async () => {
  const timeline = await opened();
  fake.call.mockRejectedValueOnce(new FakeCallError('internal'));
  timeline.show({ from: 10_000, to: 12_000 });
  await until(() => expect(timeline.error?.code).toBe('internal'));
  expect(timeline.detail).not.toBeNull();
  timeline.show({ from: 50_000, to: 52_000 });
  await until(() => expect(timeline.error).toBeNull());
});

test('a session that has ended is shown whole; one question serves all series', async () => {
  const timeline = await opened();
  expect(timeline.view).toEqual({ from: 0, to: 100_000 });
  expect(timeline.following).toBe(false);
  timeline.arrange([1, 2, 3], 1000);
  await until(() => expect(asked('timeline.window').at(-1)?.['series']).toEqual([1, 2, 3]));
});

test('a zoom asks for the view and half as much on both sides, a small pan for nothing', async () => {
  const timeline = await opened();
  timeline.show({ from: 40_000, to: 50_000 });
  await until(() => expect(asked('timeline.window').at(-1)).toMatchObject({ from: 35_000, to: 55_000, buckets: 1334 }));
  const before = asked('timeline.window').length;
  timeline.show({ from: 41_000, to: 51_000 });
  await nextTick();
  expect(asked('timeline.window')).toHaveLength(before);
});

test('a running session is followed until the user looks elsewhere, and again when asked', async () => {
  const timeline = await opened({ live: true });
  expect(timeline.following).toBe(true);
  expect(timeline.view).toEqual({ from: 40_000, to: 100_000 });
  fake.emit('timeline.advanced', { project: 'p1', session: 1, until: 110_000 });
  await until(() => expect(timeline.view).toEqual({ from: 50_000, to: 110_000 }));

  timeline.show({ from: 30_000, to: 90_000 });
  expect(timeline.following).toBe(false);
  const { view } = timeline;
  fake.emit('timeline.advanced', { project: 'p1', session: 1, until: 120_000 });
  await new Promise((resolve) => setTimeout(resolve, 260));
  expect(timeline.view).toEqual(view);

  timeline.follow(true);
  await until(() => expect(timeline.view).toEqual({ from: 60_000, to: 120_000 }));
});

test('what another session tells changes nothing', async () => {
  const timeline = await opened();
  fake.emit('timeline.advanced', { project: 'p1', session: 2, until: 900_000 });
  fake.emit('event.added', { project: 'p2', event: { id: 1, session: 1, process: null, t: 5, kind: 'mark', facts: { name: 'x' } } });
  expect([timeline.until, timeline.events.length]).toEqual([100_000, 0]);
});

test('an event comes once, in its place', async () => {
  const timeline = await opened();
  const event = (id: number, t: number) => ({
    project: 'p1',
    event: { id, session: 1, process: null, t, kind: 'mark' as const, facts: { name: 'x' } },
  });
  for (const one of [event(1, 50), event(2, 10), event(2, 10)]) fake.emit('event.added', one);
  expect(timeline.events.map(({ id }) => id)).toEqual([2, 1]);
  expect((await timeline.eventsIn({ from: 0, to: 20 }, 10)).total).toBe(1);
});

test('a range has its figures, up to the latest where it has no end', async () => {
  const timeline = await opened();
  useSelection().go({ range: { from: 20_000, to: null } });
  await until(() => expect(asked('timeline.stats').at(-1)).toMatchObject({ series: [1], from: 20_000, to: 100_000 }));
  expect(timeline.range).toEqual({ from: 20_000, to: 100_000 });
});
