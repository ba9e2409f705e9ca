import { expect, test } from 'vitest';
import type { RunComparison } from '../../src-preload/contract/index.ts';
import { readRuns, writeRuns } from './runs-place.ts';

const RUNS: RunComparison = {
  id: 0,
  name: '',
  runs: [
    { path: null, uuid: 'a' },
    { path: '/b', uuid: 'b' },
  ],
  baseline: 1,
  align: { at: 'start' },
  layout: 'overlay',
  metric: 'rss',
};
const read = (value: unknown): unknown => readRuns(new URLSearchParams({ runs: JSON.stringify(value) }));

test.each<RunComparison | null>([
  null,
  RUNS,
  { ...RUNS, id: 7, name: 'n', align: { at: 'mark', name: 'loaded' }, layout: 'lanes', runs: [] },
])('what is written is read: %j', (place) => {
  const query = new URLSearchParams();
  writeRuns(query, place);
  expect(readRuns(query)).toEqual(place);
});

test('as many runs as can be compared are read, one more is none', () => {
  const runs = Array.from({ length: 101 }, (_, n) => ({ path: null, uuid: String(n) }));
  expect(read({ ...RUNS, runs: runs.slice(1) })).toMatchObject({ runs: runs.slice(1) });
  expect(read({ ...RUNS, runs })).toBeNull();
});

test.each<[string, unknown]>([
  ['no object', [RUNS]],
  ['nothing', null],
  ['runs that are no list', { ...RUNS, runs: 'ab' }],
  ['a run that is none', { ...RUNS, runs: [{ path: null, uuid: 'a' }, null] }],
  ['a run without a name', { ...RUNS, runs: [{ path: null }] }],
  ['a run of no path', { ...RUNS, runs: [{ path: 5, uuid: 'a' }] }],
  ['no alignment', { ...RUNS, align: null }],
  ['an alignment of another kind', { ...RUNS, align: { at: 'end', name: 'x' } }],
  ['a mark without a name', { ...RUNS, align: { at: 'mark' } }],
  ['a number that is a text', { ...RUNS, id: '1' }],
  ['a number that is not whole', { ...RUNS, id: 1.5 }],
  ['a number below zero', { ...RUNS, id: -1 }],
  ['a baseline that is a text', { ...RUNS, baseline: '0' }],
  ['a baseline that is not whole', { ...RUNS, baseline: 0.5 }],
  ['a name that is none', { ...RUNS, name: 5 }],
  ['a metric that is none', { ...RUNS, metric: null }],
  ['another layout', { ...RUNS, layout: 'pile' }],
])('is none: %s', (_, value) => expect(read(value)).toBeNull());

test('what else a link carries is left behind', () => {
  const runs = [{ path: null, uuid: 'a', more: 1 }];
  expect(read({ ...RUNS, runs, align: { at: 'start', more: 1 }, more: 1 })).toEqual({ ...RUNS, runs: [{ path: null, uuid: 'a' }] });
});
