import { describe, expect, it } from 'vitest';
import { differences, isKnown, readOutcomes } from './manners.ts';

const died = '["a.test_one", "ok"]\n["a.test_two", "fai';
const whole = '["a.test_one", "ok"]\n["a.test_two", "failed"]\n["", "end"]\n';

describe('what a run of tests told', () => {
  it('is known up to where its process died', () => {
    expect(readOutcomes(died, null)).toEqual({ 'a.test_one': 'ok', '(the process)': 'died' });
    expect(readOutcomes('', 1)).toEqual({ '(the process)': 'died' });
  });

  it('is held against the plain run, test by test', () => {
    const found = differences(readOutcomes(whole, 0), 'recorded', readOutcomes(died, null));
    expect(found.map(({ test, plain, found: became }) => [test, plain, became])).toEqual([
      ['(the process)', 'ended with 0', 'died'],
      ['a.test_two', 'failed', 'did not come to it'],
    ]);
    expect(differences(readOutcomes(whole, 0), 'recorded', readOutcomes(whole, 0))).toEqual([]);
  });
});

describe('a known difference', () => {
  const difference = { test: 'test.test_x.A.test_two', mode: 'recorded', plain: 'ok', found: 'failed' } as const;

  it('is named by the end of a test, never by a part of a name', () => {
    expect(isKnown(difference, '3.11', [{ test: 'A.test_two', why: '' }])).toBe(true);
    expect(isKnown(difference, '3.11', [{ test: 'est_two', why: '' }])).toBe(false);
  });

  it('may hold for some modes and Pythons alone', () => {
    expect(isKnown(difference, '3.11', [{ test: 'A.test_two', modes: ['snapshots'], why: '' }])).toBe(false);
    expect(isKnown(difference, '3.11', [{ test: 'A.test_two', pythons: ['3.9'], why: '' }])).toBe(false);
  });
});
