import { describe, expect, it } from 'vitest';
import { RecentSlope } from './slope.ts';

/** Figures of each second from 0 on. */
function slopeOf(values: readonly number[]): number | null {
  const slope = new RecentSlope();
  for (const [second, value] of values.entries()) slope.add(second * 1000, value);
  return slope.perMinute();
}

const seconds = (count: number): number[] => Array.from({ length: count }, (_, second) => second);

describe('the slope of the last minute', () => {
  it('is not told before there is enough to look at', () => {
    expect(new RecentSlope().perMinute()).toBeNull();
    expect(slopeOf(seconds(15))).toBeNull();
    expect(slopeOf(seconds(16))).toBeCloseTo(60);
  });

  it('takes one value a second: those between weigh nothing', () => {
    const slope = new RecentSlope();
    for (let t = 0; t <= 20_000; t += 1000) slope.add(t, 100 - t / 1000);
    slope.add(20_999, 1e9);
    expect(slope.perMinute()).toBeCloseTo(-60);
    slope.add(21_000, 79);
    expect(slope.perMinute()).toBeCloseTo(-60);
  });

  it('is exact for a straight line, and forgets what is older than a minute', () => {
    expect(slopeOf(seconds(40).map((second) => 500 + second))).toBeCloseTo(60, 6);
    expect(slopeOf([...seconds(60).map(() => 0), ...seconds(61).map((second) => 2 * second)])).toBeCloseTo(120, 6);
  });

  it('is nothing for a program that only started, or that freed something once', () => {
    const started = (second: number): number => Math.min(second, 8) * 10e6;
    expect(slopeOf(seconds(16).map(started))).toBe(0);
    expect(slopeOf(seconds(60).map(started))).toBe(0);
    expect(slopeOf(seconds(60).map((second) => (second < 50 ? 90e6 : 20e6)))).toBe(0);
  });

  it('is nothing for a figure that only moves to and fro', () => {
    const noise = (second: number): number => 100e6 + ((second * 7919) % 13) * 4096;
    expect(slopeOf(seconds(60).map(noise))).toBe(0);
    expect(slopeOf(seconds(60).map((second) => 100e6 + (second % 2) * 5e6))).toBe(0);
  });

  it('is seen through noise and through the teeth of a collector', () => {
    const leak = slopeOf(seconds(60).map((second) => 100e6 + second * 1e6 + (second % 6) * 3e6));
    expect(leak).toBeGreaterThan(50e6);
    expect(leak).toBeLessThan(70e6);
  });
});
