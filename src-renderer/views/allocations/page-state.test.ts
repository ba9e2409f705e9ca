import { describe, expect, test } from 'vitest';
import type { AllocationScope, AllocationState } from '../../../src-preload/contract/index.ts';
import type { AllocationAnswer } from '../../stores/allocations.ts';
import { meanOf, pageState } from './page-state.ts';

const aState = (change: Partial<AllocationState> = {}): AllocationState => ({
  ...{ process: 1, state: 'on', why: '', mean: 512, live: 0, merged: 0, from: 0, to: 100 },
  ...change,
});

/** Without rows. */
function answer(states: AllocationState[], scope: Partial<AllocationScope> = {}, total = 0): AllocationAnswer {
  const whole: AllocationScope = { project: 'p', session: 1, process: null, from: null, to: null, mine: false };
  return {
    question: { scope: { ...whole, ...scope }, by: 'line', of: 'live', direction: 'callees' },
    states,
    table: { rows: [], total, sums: { bytes: 0, blocks: 0, error: 0, allocated: 0, freed: 0 } },
    flame: {} as AllocationAnswer['flame'],
    files: [],
    timeline: {} as AllocationAnswer['timeline'],
  };
}

const off = aState({ state: 'off', mean: 0, from: 0, to: 0 });
const cannot = aState({ state: 'unavailable', why: 'no-core', mean: 0, from: 0, to: 0 });

describe('the page', () => {
  test('waits for the first answer, or says that there is none', () => {
    expect([pageState(null, false), pageState(null, true)]).toEqual(['loading', 'failed']);
  });

  test('shows rows, however it is sampled now; a later failure does not take them away', () => {
    expect(pageState(answer([off], {}, 3), false)).toBe('shown');
    expect(pageState(answer([cannot, aState()], { from: 5 }, 3), true)).toBe('shown');
  });

  test('without rows: nothing yet in the whole session, nothing in a part of it', () => {
    expect(pageState(answer([aState()]), false)).toBe('nothing');
    expect(pageState(answer([aState({ state: 'lost' })]), false)).toBe('nothing');
    for (const part of [{ from: 5 }, { to: 9 }, { process: 3 }]) expect(pageState(answer([aState()], part), false)).toBe('range');
  });

  test('says that it is off, or cannot be; one that can be sampled goes first', () => {
    expect(pageState(answer([]), false)).toBe('off');
    expect(pageState(answer([off], { from: 5 }), false)).toBe('off');
    expect(pageState(answer([off, cannot]), false)).toBe('unavailable');
    expect(pageState(answer([cannot, aState()]), false)).toBe('nothing');
  });

  test('turned off again, it was sampled', () => {
    expect(pageState(answer([{ ...off, to: 50 }], { from: 60 }), false)).toBe('range');
  });
});

test('the distance that is said is the coarsest of those that are known', () => {
  expect([meanOf([]), meanOf([off]), meanOf([off, aState({ mean: 64 }), aState({ mean: 512 })])]).toEqual([null, null, 512]);
});
