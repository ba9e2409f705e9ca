import { expect, it } from 'vitest';
import { inParallel } from './in-parallel.ts';

const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('gives results in the order of the items, at most so many at a time', async () => {
  let now = 0;
  let most = 0;
  const doubled = await inParallel([5, 1, 4, 2, 3], 2, async (item) => {
    most = Math.max(most, ++now);
    for (let i = 0; i < item; i++) await later();
    now--;
    return item * 2;
  });
  expect([doubled, most]).toEqual([[10, 2, 8, 4, 6], 2]);
});

it('has nothing to do for no items, and no more at a time than there are', async () => {
  expect(await inParallel([], 3, async () => 1)).toEqual([]);
  expect(await inParallel(['a'], 9, async (item) => item)).toEqual(['a']);
});

it('begins nothing more after the first failure, which is what it fails with', async () => {
  const begun: number[] = [];
  const work = async (item: number): Promise<void> => {
    begun.push(item);
    await later();
    if (item === 1) throw new Error('no');
    await later();
  };
  await expect(inParallel([0, 1, 2, 3, 4, 5, 6], 2, work)).rejects.toThrow('no');
  for (let i = 0; i < 20; i++) await later();
  expect(begun).toEqual([0, 1]);
});
