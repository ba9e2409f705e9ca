import { describe, expect, it } from 'vitest';
import { clock, timeStep, timeTicks } from './time-ticks.ts';

describe('ticks of the time axis', () => {
  it('gives none for an empty range or no room', () => {
    expect(timeTicks(5, 5, 100)).toEqual([]);
    expect(timeTicks(0, 1000, 0)).toEqual([]);
  });

  it('stands at round times since the start', () => {
    expect(timeTicks(3_000, 61_000, 600).map((tick) => tick.label)).toEqual(['0:10', '0:20', '0:30', '0:40', '0:50', '1:00']);
  });

  it('keeps its distance at every span from a millisecond to a year', () => {
    for (let span = 1; span < 4e10; span *= 3.7) {
      const ticks = timeTicks(1234.5, 1234.5 + span, 1000, 84);
      const gaps = ticks.slice(1).map((tick, index) => ((tick.t - ticks[index]!.t) / span) * 1000);
      expect(Math.min(84, ...gaps)).toBeGreaterThanOrEqual(84 - 1e-6);
      expect(new Set(ticks.map((tick) => tick.label)).size).toBe(ticks.length);
    }
  });

  it('counts as people count time', () => {
    expect(timeStep(3_600_000, 800, 80)).toBe(600_000);
    expect(timeStep(86_400_000, 800, 80)).toBe(10_800_000);
  });
});

describe('time as a clock', () => {
  it('shows hours and days only where there are some, and decimals where they matter', () => {
    expect(clock(5_000)).toBe('0:05');
    expect(clock(3_723_000)).toBe('1:02:03');
    expect(clock(61_234, 100)).toBe('1:01.2');
    expect(clock(61_234, 1)).toBe('1:01.234');
    expect(clock(180_000_000, 60_000)).toBe('2d 02:00');
  });

  it('carries when it rounds', () => {
    expect(clock(59_999)).toBe('1:00');
    expect(clock(-1)).toBe('0:00');
  });
});
