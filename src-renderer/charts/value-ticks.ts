import type { MetricUnit } from '../../src-preload/contract/index.ts';

/** A value axis: it begins and ends on a tick, so that it does not change while the data moves a little. */
export interface ValueAxis {
  min: number;
  max: number;
  interval: number;
}

const DECIMAL = [1, 2, 5, 10] as const;
const BINARY = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] as const;

/**
 * The smallest readable step that is at least `wanted`: 1, 2, 5 times a power of ten; powers of two for bytes; whole numbers for counts.
 */
export function niceStep(wanted: number, unit: MetricUnit): number {
  if (!(wanted > 0) || !Number.isFinite(wanted)) return 1;
  const base = unit === 'bytes' ? 1024 : 10;
  const power = base ** Math.floor(Math.log(wanted) / Math.log(base) + 1e-9);
  const steps: readonly number[] = unit === 'bytes' ? BINARY : DECIMAL;
  const step = power * (steps.find((s) => s * power >= wanted * (1 - 1e-9)) ?? base);
  return unit === 'count' || unit === 'bytes' ? Math.max(1, step) : step;
}

/**
 * The axis for values between `lo` and `hi` with about `ticks` divisions.
 * `fromZero` keeps the base line at zero: heights can then be compared by eye.
 */
export function valueAxis(lo: number, hi: number, ticks: number, unit: MetricUnit, fromZero: boolean): ValueAxis {
  const low = fromZero ? Math.min(0, lo) : lo;
  const high = Math.max(hi, low);
  const span = high - low || (unit === 'ratio' ? 0.1 : Math.max(Math.abs(high) * 0.1, 1));
  const divisions = Math.max(1, ticks);
  let interval = niceStep(span / divisions, unit);
  let min = Math.floor(low / interval + 1e-9) * interval;
  let max = Math.ceil(high / interval - 1e-9) * interval;
  // Rounding both ends outward can need one division more than fits.
  if (Math.round((max - min) / interval) > divisions + 1) {
    interval = niceStep(interval * 1.01, unit);
    min = Math.floor(low / interval + 1e-9) * interval;
    max = Math.ceil(high / interval - 1e-9) * interval;
  }
  return { min, max: max > min ? max : min + interval, interval };
}

/** How many divisions fit into a lane of this height. */
export function tickCount(height: number): number {
  return Math.max(1, Math.min(6, Math.floor(height / 26)));
}
