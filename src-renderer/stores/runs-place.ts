import type { RunComparison, RunRef } from '../../src-preload/contract/index.ts';
import { isRecord } from './layout.ts';

/** The content of the Runs view: a comparison, saved or not (id 0); null: the list of saved ones. */
export type RunsPlace = RunComparison | null;

const MOST_RUNS = 100;

/** The comparison as one part of a link. */
export function writeRuns(query: URLSearchParams, place: RunsPlace): void {
  if (place !== null) query.set('runs', JSON.stringify(place));
}

export function readRuns(query: URLSearchParams): RunsPlace {
  const text = query.get('runs');
  if (text === null) return null;
  try {
    return comparisonOf(JSON.parse(text));
  } catch {
    return null;
  }
}

/** A link may be old, or written by hand: an invalid comparison is ignored. */
function comparisonOf(value: unknown): RunComparison | null {
  if (!isRecord(value) || !Array.isArray(value['runs']) || value['runs'].length > MOST_RUNS) return null;
  const runs = value['runs'].map(runOf);
  const align = alignOf(value['align']);
  const { id, name, baseline, layout, metric } = value;
  if (runs.includes(null) || align === null || !isWhole(id) || !isWhole(baseline)) return null;
  if (typeof name !== 'string' || typeof metric !== 'string' || (layout !== 'overlay' && layout !== 'lanes')) return null;
  return { id, name, runs: runs.filter((run) => run !== null), baseline, align, layout, metric };
}

function runOf(value: unknown): RunRef | null {
  if (!isRecord(value)) return null;
  const { path, uuid } = value;
  return (path === null || typeof path === 'string') && typeof uuid === 'string' ? { path, uuid } : null;
}

function alignOf(value: unknown): RunComparison['align'] | null {
  if (!isRecord(value)) return null;
  if (value['at'] === 'start') return { at: 'start' };
  return value['at'] === 'mark' && typeof value['name'] === 'string' ? { at: 'mark', name: value['name'] } : null;
}

const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
