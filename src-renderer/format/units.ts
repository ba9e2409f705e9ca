import type { Bytes, MetricUnit } from '../../src-preload/contract/index.ts';
import { language, t } from './i18n.ts';
import { milliseconds } from './time.ts';

const STEPS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const MINUS = '−';
/** Shown where there is no figure. */
export const NONE = '–';

const formats = new Map<string, Intl.NumberFormat>();

function format(digits: number): Intl.NumberFormat {
  const key = `${language()} ${digits}`;
  let found = formats.get(key);
  if (found === undefined) {
    found = new Intl.NumberFormat(language(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(key, found);
  }
  return found;
}

/** Digits after the point that leave three significant ones: 9.87, 98.7, 987. */
function digitsFor(value: number): number {
  const size = Math.abs(value);
  return size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
}

function written(value: number, digits: number): string {
  return format(digits).format(value).replace('-', MINUS);
}

/** Bytes with three significant digits and a binary unit: `412 MiB`, `1.50 KiB`, `17 B`. */
export function bytes(value: Bytes | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  let scaled = value;
  let step = 0;
  while (Math.abs(scaled) >= 1023.5 && step < STEPS.length - 1) {
    scaled /= 1024;
    step += 1;
  }
  return `${written(scaled, step === 0 ? 0 : digitsFor(scaled))} ${STEPS[step]}`;
}

/** Every byte, for the title on hover: `431,767,552 bytes`. */
export function bytesExact(value: Bytes | null): string {
  return value === null || !Number.isFinite(value) ? '' : t('common.exactBytes', { n: written(Math.round(value), 0) });
}

/** A size that may be a lower bound: `≥ 412 MiB`. */
export const bytesAtLeast = (value: Bytes | null, bound: boolean): string => (bound ? `≥ ${bytes(value)}` : bytes(value));

export const bytesExactAtLeast = (value: Bytes | null, bound: boolean): string =>
  bound ? t('common.exactAtLeast', { size: bytesExact(value) }) : bytesExact(value);

/** A whole number with separators: `1,234,567`. */
export function count(value: number | null): string {
  return value === null || !Number.isFinite(value) ? NONE : written(value, 0);
}

/** A number whose fraction matters: three significant digits. */
export function decimal(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  return written(value, Number.isInteger(value) ? 0 : digitsFor(value));
}

/** A ratio as per cent: 0.123 is `12.3 %`. */
export function percent(ratio: number | null, digits = 1): string {
  return ratio === null || !Number.isFinite(ratio) ? NONE : `${written(ratio * 100, digits)} %`;
}

/** With a sign, so that growth and shrinkage are recognisable without colour. */
export function signed(text: string, value: number | null): string {
  return value !== null && value > 0 ? `+${text}` : text;
}

/** A slope of bytes: `+1.20 MiB/min`. */
export function bytesPerMinute(value: number | null): string {
  return value === null || !Number.isFinite(value) ? NONE : signed(t('common.perMinute', { value: bytes(value) }), value);
}

/** A value of a metric in the unit that the metric has. */
export function metricValue(unit: MetricUnit, value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  if (unit === 'bytes') return bytes(value);
  if (unit === 'ratio') return percent(value);
  return unit === 'ms' ? milliseconds(value) : decimal(value);
}

/** Whether a change is growth, shrinkage, or neither: the CSS class for its colour. */
export function trend(value: number | null): 'grow' | 'shrink' | '' {
  if (value === null || !Number.isFinite(value) || value === 0) return '';
  return value > 0 ? 'grow' : 'shrink';
}

/** What is estimated from a sample looks so: `≈ 412 MiB`. */
export const about = (text: string): string => (text === NONE ? text : `≈ ${text}`);
