import { describe, expect, it } from 'vitest';
import type { SeriesWindow } from '../../src-preload/contract/index.ts';
import { ageAt, barsTop, endsInGap, extentOf, isFar, lastAtOrBefore, lastReading, nearestIndex, partsOf, readAt } from './samples.ts';
import type { LoadedWindows } from './samples.ts';

const f = (...values: number[]): Float64Array => new Float64Array(values);
const raw = (t: number[], lo: number[]): SeriesWindow => ({ series: 1, raw: true, t: f(...t), lo: f(...lo), hi: f() });
const loaded = (from: number, to: number, window: SeriesWindow): LoadedWindows => ({ range: { from, to }, series: new Map([[1, window]]) });

describe('binary search in times', () => {
  it('finds nothing in nothing', () => {
    expect(lastAtOrBefore(f(), 5)).toBe(-1);
    expect(nearestIndex(f(), 5)).toBe(-1);
  });

  it('agrees with a scan', () => {
    const times = f(0, 1, 1, 4, 9, 16);
    for (let t = -1; t <= 20; t += 0.5) {
      expect(lastAtOrBefore(times, t)).toBe([...times].findLastIndex((one) => one <= t));
      const nearest = times[nearestIndex(times, t)]!;
      expect(Math.abs(nearest - t)).toBe(Math.min(...[...times].map((one) => Math.abs(one - t))));
    }
  });
});

describe('readings that are far apart', () => {
  const times = f(0, 2000, 4000, 19_000, 21_000, 36_001, 38_000);

  it('are those more than 15 seconds and four times as far apart as their neighbours', () => {
    expect([...times.keys()].filter((i) => isFar(times, i))).toEqual([5]);
    expect([...f(0, 60_000, 120_000).keys()].filter((i) => isFar(f(0, 60_000, 120_000), i))).toEqual([]);
    expect([0, 1, 2].map((i) => isFar(f(0, 16_000), i))).toEqual([false, false, false]);
  });

  it('are far by the reading before them or by the one after them', () => {
    expect(isFar(f(0, 4001, 20_006), 2)).toBe(true);
    expect(isFar(f(0, 4002, 20_006), 2)).toBe(false);
    expect(isFar(f(0, 16_006, 20_007), 1)).toBe(true);
    expect(isFar(f(0, 16_006, 20_008), 1)).toBe(false);
  });

  it('give no value in between, but close to each', () => {
    const parts = [{ window: raw([...times], [1, 2, 3, 4, 5, 6, 7]), from: 0, to: 40_000 }];
    expect(readAt(parts, 28_000, 100)).toBeNull();
    expect(readAt(parts, 21_090, 100)).toMatchObject({ t: 21_000 });
    expect(readAt(parts, 12_000, 100)).toMatchObject({ t: 19_000 });
  });

  it('make the last value old', () => {
    const parts = [{ window: raw([0, 2000, 4000], [1, 2, 3]), from: 0, to: 40_000 }];
    const last = lastReading(parts, 40_000)!;
    expect(ageAt(parts, last, 19_000)).toBeNull();
    expect(ageAt(parts, last, 19_001)).toBe(15_001);
    const rare = [{ window: raw([0, 10_000], [1, 2]), from: 0, to: 90_000 }];
    expect(ageAt(rare, lastReading(rare, 90_000)!, 50_000)).toBeNull();
    expect(ageAt(rare, lastReading(rare, 90_000)!, 50_001)).toBe(40_001);
    const lone = [{ window: raw([0], [1]), from: 0, to: 90_000 }];
    expect(ageAt(lone, lastReading(lone, 90_000)!, 15_001)).toBe(15_001);
  });
});

describe('reading a value', () => {
  it('gives none in a gap, outside of the parts, and beyond reach of the last sample', () => {
    const parts = [{ window: raw([0, 10, 20], [1, NaN, 3]), from: 0, to: 100 }];
    expect(readAt(parts, 11, 5)).toBeNull();
    expect(readAt(parts, 200, 5)).toBeNull();
    expect(readAt(parts, 40, 5)).toBeNull();
    expect(readAt([], 1, 5)).toBeNull();
  });

  it('gives the nearest sample, and says whether it stands for several', () => {
    const parts = [{ window: raw([0, 10, 20], [1, 2, 3]), from: 0, to: 100 }];
    expect(readAt(parts, 14, 5)).toEqual({ t: 10, lo: 2, hi: 2, exact: true });
    expect(readAt(parts, 24, 5)).toMatchObject({ t: 20 });
    const bucketed = [{ window: { series: 1, raw: false, t: f(0, 10), lo: f(1, 2), hi: f(5, 6) }, from: 0, to: 10 }];
    expect(readAt(bucketed, 9, 1)).toEqual({ t: 10, lo: 2, hi: 6, exact: false });
  });

  it('finds the last value, before a gap too', () => {
    expect(lastReading([{ window: raw([0, 10], [NaN, NaN]), from: 0, to: 10 }], 50)).toBeNull();
    expect(lastReading([{ window: raw([0, 10], [1, NaN]), from: 0, to: 10 }], 50)?.hi).toBe(1);
    expect(lastReading([{ window: raw([0, 10], [1, 4]), from: 0, to: 10 }], 50)?.hi).toBe(4);
    expect(endsInGap([{ window: raw([0, 10], [1, NaN]), from: 0, to: 10 }], 50)).toBe(true);
    expect(endsInGap([{ window: raw([0, 10], [1, NaN]), from: 0, to: 10 }], 5)).toBe(false);
    expect(endsInGap([], 5)).toBe(true);
  });
});

describe('the parts of a line', () => {
  const fine = loaded(40, 60, raw([40, 50, 60], [1, 1, 1]));
  const coarse = loaded(0, 100, { series: 1, raw: false, t: f(0, 50), lo: f(0, 0), hi: f(9, 9) });

  it('is nothing without data, and either alone', () => {
    expect(partsOf(1, { from: 0, to: 10 }, null, null)).toEqual([]);
    expect(partsOf(1, { from: 0, to: 10 }, fine, null)).toHaveLength(1);
    expect(partsOf(1, { from: 0, to: 10 }, null, coarse)).toHaveLength(1);
    expect(partsOf(2, { from: 0, to: 10 }, fine, coarse)).toEqual([]);
  });

  it('takes the detail where it reaches and the overview on both sides', () => {
    const parts = partsOf(1, { from: 30, to: 70 }, fine, coarse);
    expect(parts.map(({ window, from, to }) => [window.raw, from, to])).toEqual([
      [false, 30, 40],
      [true, 40, 60],
      [false, 60, 70],
    ]);
    expect(partsOf(1, { from: 45, to: 55 }, fine, coarse)).toHaveLength(1);
    expect(partsOf(1, { from: 0, to: 20 }, fine, coarse).map((part) => part.window.raw)).toEqual([false]);
  });

  it('has the extent of what is drawn', () => {
    expect(extentOf([])).toBeNull();
    expect(extentOf([{ window: raw([0, 1, 2, 3], [9, 2, NaN, 4]), from: 1.5, to: 3 }])).toEqual({ lo: 2, hi: 4 });
    expect(extentOf([{ window: raw([0], [NaN]), from: 0, to: 1 }])).toBeNull();
  });
});

describe('the highest bar of a scale', () => {
  const bars = (...values: number[]): { window: SeriesWindow; from: number; to: number }[] => [
    { window: raw([...values.keys()], values), from: 0, to: values.length },
  ];
  const usual = Array.from({ length: 30 }, (_, i) => 5 + (i % 4));

  it('is the highest one, also far above the others where there are few', () => {
    expect(barsTop(bars(...usual, 40))).toBe(40);
    expect(barsTop(bars(1, 1, 500))).toBe(500);
    expect(barsTop([])).toBeNull();
    expect(barsTop(bars(NaN))).toBeNull();
    expect(barsTop(bars(...usual.map(() => 0), 7))).toBe(7);
  });

  it('leaves out a towering one, and shows all that are merely high', () => {
    expect(barsTop(bars(...usual, 500))).toBe(8);
    expect(barsTop(bars(...usual, 20, 500))).toBe(20);
  });

  it('knows nothing of what is outside the view', () => {
    const [all] = bars(...usual, 20, ...usual);
    expect(barsTop([{ window: all!.window, from: 31, to: 60 }])).toBe(8);
  });
});
