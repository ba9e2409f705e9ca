import { describe, expect, it } from 'vitest';
import { RecentSlope } from './slope.ts';

describe('the slope of the last minute', () => {
  it('is not told before there is enough to look at', () => {
    const slope = new RecentSlope();
    slope.add(0, 1);
    slope.add(4_000, 2);
    expect(slope.perMinute()).toBeNull();
  });

  it('is exact for a straight line', () => {
    const slope = new RecentSlope();
    for (let t = 0; t <= 30_000; t += 100) slope.add(t, 500 + t / 1000);
    expect(slope.perMinute()).toBeCloseTo(60, 6);
  });

  it('forgets what is older than a minute', () => {
    const slope = new RecentSlope();
    for (let t = 0; t < 60_000; t += 1000) slope.add(t, t);
    for (let t = 60_000; t <= 180_000; t += 1000) slope.add(t, 60_000);
    expect(slope.perMinute()).toBeCloseTo(0, 6);
  });
});
