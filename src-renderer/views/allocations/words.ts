import type { AllocationFrame, AllocationGrouping, AllocationRow, AllocationState } from '../../../src-preload/contract/index.ts';
import { lineText, shortLine } from '../../format/heap.ts';
import { t, tData } from '../../format/i18n.ts';
import { about, bytes, bytesExact, signed } from '../../format/units.ts';

/** A frame without a file is none of the program's: a thread, or a note in brackets. */
export const hasPlace = ({ file }: Pick<AllocationFrame, 'file'>): boolean => file !== '';

/** `load app.py:41`; a thread's name alone. */
export function frameText(frame: Pick<AllocationFrame, 'function' | 'file' | 'line'>): string {
  return hasPlace(frame) ? `${frame.function} ${shortLine(frame)}` : frame.function;
}

const frameTitle = (frame: Pick<AllocationFrame, 'function' | 'file' | 'line'>): string =>
  hasPlace(frame) ? `${frame.function}\n${lineText(frame)}` : frame.function;

/** A row in words, by what it is grouped by. */
export function rowText(row: AllocationRow, by: AllocationGrouping): string {
  switch (by) {
    case 'line':
      return frameText(row);
    case 'function':
      return hasPlace(row) ? `${row.function} ${row.file.split(/[/\\]/).pop() ?? row.file}` : row.function;
    case 'file':
      return row.file || row.function;
    case 'module':
    case 'package':
      return row[by] || row.function;
    case 'traceback':
      return (row.frames ?? []).map(frameText).join(' ← ');
    case 'thread':
      return row.function;
  }
}

/** With the whole path. */
export function rowTitle(row: AllocationRow, by: AllocationGrouping): string {
  if (by === 'traceback') return (row.frames ?? []).map((frame) => frameTitle(frame).replace('\n', ' ')).join('\n');
  if (by === 'line') return frameTitle(row);
  return by === 'function' && hasPlace(row) ? `${row.function}\n${row.file}` : rowText(row, by);
}

export const aboutBytes = (value: number): string => about(bytes(value));
export const aboutChange = (value: number): string => about(signed(bytes(value), value));

/** Every byte, and how far it may be off. */
export const exactTitle = (row: Pick<AllocationRow, 'bytes' | 'error'>): string =>
  t('allocations.exactTitle', { bytes: bytesExact(row.bytes), error: bytesExact(row.error) });

const NAMED = new Set(['no-core', 'free-threaded', 'layout', 'tracemalloc', 'displaced', 'memray', 'no-files']);
/** `failed: MemoryError`: a code, and details. */
const DETAILED = /^([a-z-]+): (.+)$/s;

/** Why a process is not sampled. */
export function whyText({ why }: Pick<AllocationState, 'why'>): string {
  const [, code = why, detail = ''] = DETAILED.exec(why) ?? [];
  if (code === 'failed') return t('allocations.why.failed', { detail });
  return NAMED.has(code) ? tData(`allocations.why.${code}`) : t('allocations.why.other', { why });
}
