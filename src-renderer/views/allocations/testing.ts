import type { AllocationRow, AllocationScope, AllocationState } from '../../../src-preload/contract/index.ts';
import type { AllocationAnswer } from '../../stores/allocations.ts';

/** For tests: one process that is sampled. */
export const aState = (change: Partial<AllocationState> = {}): AllocationState => ({
  ...{ process: 1, state: 'on', why: '', mean: 65_536, live: 0, merged: 0, from: 0, to: 100 },
  ...change,
});

export const LOAD = { function: 'Session.load', file: '/srv/app.py', line: 41, own: true };
export const MAIN = { function: 'main', file: '/srv/app.py', line: 3, own: true };

/** A line of code with one traceback. */
export function aRow(change: Partial<AllocationRow> = {}): AllocationRow {
  return {
    ...{ key: 1, ...LOAD, module: 'app', package: 'srv', frames: null },
    ...{ bytes: 1_234_567, blocks: 12.4, error: 1000, allocated: 2_000_000, freed: 765_433, perMinute: -50, share: 0.25, spark: [0, 1] },
    ...change,
  };
}

interface Answered {
  states?: AllocationState[];
  rows?: AllocationRow[];
  total?: number;
  scope?: Partial<AllocationScope>;
}

/** An answer for the first place of a session, with an empty flame graph. */
export function anAnswer({ states = [aState()], rows = [], total = rows.length, scope = {} }: Answered = {}): AllocationAnswer {
  const whole: AllocationScope = { project: 'p1', session: 1, process: null, from: null, to: null, mine: false };
  const one = Float64Array.of(1);
  return {
    question: { scope: { ...whole, ...scope }, by: 'line', of: 'live', direction: 'callees' },
    states,
    table: { rows, total, sums: { bytes: 0, blocks: 0, error: 0, allocated: 0, freed: 0 } },
    flame: {
      ...{ parent: Float64Array.of(-1), bytes: one, blocks: one, function: [''], file: [''], line: Float64Array.of(0) },
      ...{ own: Uint8Array.of(0), total: 1, left: 0 },
    },
    files: [],
    timeline: { times: Float64Array.of(0, 1000), allocated: one, alive: one },
  };
}
