import { expect, test } from 'vitest';
import { failureLines } from './status-line.ts';

test('what was refused is said once for each kind, with how often', () => {
  const full = { code: 'snapshot.no-space', facts: { path: '/data', needed: null, available: null } } as const;
  const large = { code: 'snapshot.too-large', facts: { objects: 5, needed: 9, available: 1 } } as const;
  expect(failureLines([])).toEqual([]);
  expect(failureLines([full, large, full])).toEqual([
    'heapscope: 2 snapshots not taken: there is not enough space for a snapshot in /data: free some space',
    'heapscope: 1 snapshot not taken: the heap is too large to analyse here: 5 objects need 9 bytes',
  ]);
});
