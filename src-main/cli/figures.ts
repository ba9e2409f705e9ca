import type { Bytes, ExitStatus, Milliseconds, SessionState } from '../../src-preload/contract/index.ts';

const STEPS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Three significant digits and a binary unit: "412 MiB". */
export function bytes(value: Bytes | null): string {
  if (value === null) return '-';
  let scaled = value;
  let step = 0;
  while (Math.abs(scaled) >= 1023.5 && step < STEPS.length - 1) {
    scaled /= 1024;
    step += 1;
  }
  const digits = step === 0 || Math.abs(scaled) >= 99.95 ? 0 : Math.abs(scaled) >= 9.995 ? 1 : 2;
  return `${scaled.toFixed(digits)} ${STEPS[step]}`;
}

/** "00:03:12"; shorter than a minute: "12.3 s". */
export function duration(value: Milliseconds): string {
  if (value < 60_000) return `${(value / 1000).toFixed(1)} s`;
  const seconds = Math.floor(value / 1000);
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
}

/** How a program ended: "exit 1", "SIGSEGV", "out of memory", "running". */
export function ending(state: SessionState, exit: ExitStatus | null): string {
  if (state === 'running') return 'running';
  if (state === 'interrupted') return 'interrupted';
  if (exit === null) return state === 'stopped-recording' ? 'recording stopped' : 'unknown';
  if (exit.outOfMemory) return 'out of memory';
  return exit.signal ?? (exit.code === null ? 'unknown' : `exit ${exit.code}`);
}
