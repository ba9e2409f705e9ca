import { expect, test } from 'vitest';
import { barsPath, bucketAt, joinBuckets } from './allocation-bars.ts';

const TIMES = Float64Array.of(0, 10, 20, 30);

test('bars stand on the bottom, as high as their values; nothing has no bar', () => {
  const path = barsPath(Float64Array.of(4, 0, 1), { times: TIMES, width: 30, height: 40, most: 4 });
  expect(path).toBe('M0.0 40v-40.0h9.0V40zM20.0 40v-10.0h9.0V40z');
});

test('narrow bars touch, and no bar leaves its box', () => {
  expect(barsPath(Float64Array.of(8, 8, 8), { times: TIMES, width: 6, height: 40, most: 4 })).toBe(
    'M0.0 40v-40.0h2.0V40zM2.0 40v-40.0h2.0V40zM4.0 40v-40.0h2.0V40z',
  );
});

test('there are none where nothing was allocated, or no time has passed', () => {
  expect(barsPath(Float64Array.of(0), { times: Float64Array.of(0, 1), width: 6, height: 40, most: 0 })).toBe('');
  expect(barsPath(Float64Array.of(1), { times: Float64Array.of(5, 5), width: 6, height: 40, most: 1 })).toBe('');
  expect(barsPath(new Float64Array(), { times: new Float64Array(), width: 6, height: 40, most: 1 })).toBe('');
});

test('a time is in one bucket, the end in the last, and outside in none', () => {
  expect([0, 9.9, 10, 29, 30].map((time) => bucketAt(TIMES, time))).toEqual([0, 0, 1, 2, 2]);
  expect([bucketAt(TIMES, -1), bucketAt(TIMES, 31), bucketAt(new Float64Array(), 0)]).toEqual([null, null, null]);
});

test('buckets that are too short are joined, the last one as far as they go; long ones stay', () => {
  const bars = { times: TIMES, allocated: Float64Array.of(4, 2, 1), alive: Float64Array.of(1, 0, 1) };
  expect(joinBuckets(bars, 15)).toEqual({
    times: Float64Array.of(0, 20, 30),
    allocated: Float64Array.of(6, 1),
    alive: Float64Array.of(1, 1),
  });
  expect(joinBuckets(bars, 1000)).toEqual({ times: Float64Array.of(0, 30), allocated: Float64Array.of(7), alive: Float64Array.of(2) });
  expect(joinBuckets(bars, 10)).toBe(bars);
  const none = { times: new Float64Array(), allocated: new Float64Array(), alive: new Float64Array() };
  expect(joinBuckets(none, 10)).toBe(none);
});
