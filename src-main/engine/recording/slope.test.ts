import { describe, expect, it } from 'vitest';
import { RecentSlope } from './slope.ts';

describe('the slope of the last minute', () => {
  it('is not told before there is enough to look at', () => {
    const slope = new RecentSlope();
    slope.add(0, 1);
    slope.add(4_000, 2);
    expect(slope.perMinute()).toBeNull();
  });

  it('is told from five seconds on', () => {
    const slope = new RecentSlope();
    expect(slope.perMinute()).toBeNull();
    slope.add(0, 1);
    slope.add(4_999, 2);
    expect(slope.perMinute()).toBeNull();
    const enough = new RecentSlope();
    enough.add(0, 1);
    enough.add(5_000, 2);
    expect(enough.perMinute()).toBeCloseTo(12);
  });

  it('takes one value a second: those between weigh nothing', () => {
    const slope = new RecentSlope();
    for (let t = 0; t <= 10_000; t += 1000) slope.add(t, 100 - t / 1000);
    slope.add(10_999, 1e9);
    expect(slope.perMinute()).toBeCloseTo(-60);
    slope.add(11_000, 89);
    expect(slope.perMinute()).toBeCloseTo(-60);
  });

  it('is of the last minute, its first moment included', () => {
    const slope = new RecentSlope();
    slope.add(0, 1000);
    for (let t = 30_000; t <= 60_000; t += 10_000) slope.add(t, 0);
    expect(slope.perMinute()).toBeLessThan(0);
    slope.add(61_000, 0);
    expect(slope.perMinute()).toBeCloseTo(0);
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
