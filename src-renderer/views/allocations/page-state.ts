import type { AllocationState } from '../../../src-preload/contract/index.ts';
import type { AllocationAnswer } from '../../stores/allocations.ts';

/** What the page shows: figures, or why there are none. */
export type PageState = 'loading' | 'failed' | 'shown' | 'range' | 'nothing' | 'unavailable' | 'off';

/** It was sampled at some time: it is now, or has a time in which it was. */
const wasSampled = ({ state, from, to }: AllocationState): boolean => state === 'on' || state === 'lost' || (state === 'off' && to > from);

export function pageState(answer: AllocationAnswer | null, failed: boolean): PageState {
  if (answer === null) return failed ? 'failed' : 'loading';
  if (answer.table.total > 0) return 'shown';
  const { states, question } = answer;
  const { from, to, process } = question.scope;
  if (states.some(wasSampled)) return from === null && to === null && process === null ? 'nothing' : 'range';
  return states.some(({ state }) => state === 'unavailable') ? 'unavailable' : 'off';
}

/** The distance between samples that is said: of what is sampled now, else the last there was; null: none is known. */
export function meanOf(states: readonly AllocationState[]): number | null {
  const means = states.map(({ mean }) => mean).filter((mean) => mean > 0);
  return means.length === 0 ? null : Math.max(...means);
}
