import { describe, expect, it } from 'vitest';
import { niceStep, tickCount, valueAxis } from './value-ticks.ts';

const MIB = 1024 * 1024;

describe('ticks of a value axis', () => {
  it('survives data without extent', () => {
    for (const unit of ['bytes', 'count', 'ratio', 'ms'] as const) {
      for (const value of [0, 7, 1e12]) {
        const axis = valueAxis(value, value, 3, unit, false);
        expect(axis.max).toBeGreaterThan(axis.min);
        expect(axis.interval).toBeGreaterThan(0);
      }
    }
    expect(niceStep(0, 'bytes')).toBe(1);
    expect(niceStep(Infinity, 'count')).toBe(1);
  });

  it('uses powers of two for bytes and whole numbers for counts', () => {
    expect(valueAxis(0, 100 * MIB, 4, 'bytes', true)).toEqual({ min: 0, max: 128 * MIB, interval: 32 * MIB });
    expect(valueAxis(0, 3, 6, 'count', true)).toEqual({ min: 0, max: 3, interval: 1 });
    expect(niceStep(600 * MIB, 'bytes')).toBe(1024 * MIB);
  });

  it('begins and ends on a tick around any data, with about as many divisions as asked', () => {
    for (const [lo, hi] of [
      [3, 97],
      [1_000_003, 1_000_009],
      [-5, 12],
      [0.001, 0.0034],
    ] as const) {
      for (const unit of ['bytes', 'count', 'ratio', 'ms'] as const) {
        const axis = valueAxis(lo, hi, 4, unit, false);
        expect(axis.min).toBeLessThanOrEqual(lo);
        expect(axis.max).toBeGreaterThanOrEqual(hi);
        expect((axis.max - axis.min) / axis.interval).toBeLessThanOrEqual(6);
      }
    }
  });

  it('has room for at least one division and never more than six', () => {
    expect(tickCount(10)).toBe(1);
    expect(tickCount(500)).toBe(6);
  });
});
