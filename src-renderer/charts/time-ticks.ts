import type { Milliseconds, SessionTime } from '../../src-preload/contract/index.ts';

export interface TimeTick {
  t: SessionTime;
  label: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances between two ticks that people are used to. */
const STEPS: readonly Milliseconds[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((s) => s * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((m) => m * MINUTE),
  ...[1, 2, 3, 6, 12].map((h) => h * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((d) => d * DAY),
];

/** The smallest step whose ticks are at least `minGap` pixels apart. */
export function timeStep(span: Milliseconds, width: number, minGap: number): Milliseconds {
  const wanted = (span / Math.max(1, width)) * minGap;
  return STEPS.find((step) => step >= wanted) ?? STEPS[STEPS.length - 1]!;
}

/** Ticks at round times since the start of the session, earliest first. */
export function timeTicks(from: SessionTime, to: SessionTime, width: number, minGap = 84): TimeTick[] {
  if (!(to > from) || width <= 0) return [];
  const step = timeStep(to - from, width, minGap);
  const ticks: TimeTick[] = [];
  for (let n = Math.ceil(from / step); n * step <= to; n++) ticks.push({ t: n * step, label: clock(n * step, step) });
  return ticks;
}

/**
 * Time since the start as a clock shows it: `0:05`, `12:30`, `1:02:03`, `2d 04:00`.
 * `precision` is the smallest difference that must be visible; below a second it adds decimals.
 */
export function clock(t: SessionTime, precision: Milliseconds = SECOND): string {
  const decimals = precision >= SECOND ? 0 : precision >= 100 ? 1 : precision >= 10 ? 2 : 3;
  const unit = 10 ** (3 - decimals);
  const rounded = Math.round(Math.abs(t) / unit) * unit;
  const sign = t < 0 && rounded > 0 ? '-' : '';
  const days = Math.floor(rounded / DAY);
  const hours = Math.floor((rounded % DAY) / HOUR);
  const minutes = Math.floor((rounded % HOUR) / MINUTE);
  const seconds = ((rounded % MINUTE) / SECOND).toFixed(decimals).padStart(decimals === 0 ? 2 : decimals + 3, '0');
  if (days > 0) return `${sign}${days}d ${pad(hours)}:${pad(minutes)}${precision < MINUTE ? `:${seconds}` : ''}`;
  if (hours > 0) return `${sign}${hours}:${pad(minutes)}:${seconds}`;
  return `${sign}${minutes}:${seconds}`;
}

const pad = (n: number): string => String(n).padStart(2, '0');
