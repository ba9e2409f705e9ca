import { describe, expect, test } from 'vitest';
import type { AllocationScope, AllocationState } from '../../../src-preload/contract/index.ts';
import { meanOf, pageState } from './page-state.ts';
import { aState, anAnswer } from './testing.ts';

/** Without rows, but for their number. */
const answer = (states: AllocationState[], scope: Partial<AllocationScope> = {}, total = 0) => anAnswer({ states, scope, total });

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
