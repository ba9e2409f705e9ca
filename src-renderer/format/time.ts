import type { Milliseconds, SessionTime, UnixTime } from '../../src-preload/contract/index.ts';
import { language } from './i18n.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `00:03:12`, or with tenths `00:03:12.4`; hours may have more than two digits. */
export function duration(ms: Milliseconds | null, tenths = false): string {
  if (ms === null || !Number.isFinite(ms)) return '–';
  const sign = ms < 0 ? '−' : '';
  const unit = tenths ? 100 : 1000;
  const whole = Math.floor(Math.abs(ms) / unit);
  const seconds = tenths ? Math.floor(whole / 10) : whole;
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return tenths ? `${sign}${clock}.${whole % 10}` : `${sign}${clock}`;
}

/** A moment of a session, always with tenths: `00:03:12.4`. */
export function sessionTime(t: SessionTime | null): string {
  return duration(t, true);
}

/** A short duration in a suitable unit: `850 µs`, `12.3 ms`, `4.20 s`, `3 min 10 s`. */
export function milliseconds(ms: Milliseconds | null): string {
  if (ms === null || !Number.isFinite(ms)) return '–';
  const size = Math.abs(ms);
  if (size >= 60_000) return `${Math.floor(size / 60_000)} min ${Math.round((size % 60_000) / 1000)} s`;
  if (size >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  if (size >= 1 || ms === 0) return `${ms.toFixed(size >= 100 || ms === 0 ? 0 : 1)} ms`;
  return `${Math.round(ms * 1000)} µs`;
}

/** How long, in its largest unit, where little room is: `21 s`, `3 min`, `2 h`. */
export function roughly(ms: Milliseconds): string {
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s`;
  return ms < 3_600_000 ? `${Math.floor(ms / 60_000)} min` : `${Math.floor(ms / 3_600_000)} h`;
}

/** `2026-11-22 14:03:12`-like, in the language's own order. */
export function wallTime(t: UnixTime): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'medium' }).format(t);
}

/** Only the time if it is the day of `now`, otherwise day and time. */
export function wallTimeShort(t: UnixTime, now: UnixTime): string {
  const sameDay = new Date(t).toDateString() === new Date(now).toDateString();
  const options: Intl.DateTimeFormatOptions = sameDay
    ? { hour: '2-digit', minute: '2-digit', second: '2-digit' }
    : { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' };
  return new Intl.DateTimeFormat(language(), options).format(t);
}

/** `5 minutes ago`, for lists of recent things. */
export function ago(t: UnixTime, now: UnixTime): string {
  const words = new Intl.RelativeTimeFormat(language(), { numeric: 'auto' });
  const seconds = Math.round((t - now) / 1000);
  if (seconds > -60) return words.format(0, 'minute');
  if (seconds > -3600) return words.format(Math.trunc(seconds / 60), 'minute');
  if (seconds > -86_400) return words.format(Math.trunc(seconds / 3600), 'hour');
  return words.format(Math.trunc(seconds / 86_400), 'day');
}
