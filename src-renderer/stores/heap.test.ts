import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
import type { ObjectRow } from '../../src-preload/contract/index.ts';
import { useBookmarks } from './bookmarks.ts';
import { useHeap } from './heap.ts';
import { FakeCallError, fakeOf, freshStores } from './testing.ts';

vi.mock('../api/index.ts', async () => {
  const { fakeApi, FakeCallError } = await import('./testing.ts');
  return { ...fakeApi(), CallError: FakeCallError };
});

const fake = fakeOf(api);
const OF = { project: 'p1', snapshot: 2 };
const row = (node: number): ObjectRow => ({ node }) as ObjectRow;
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => freshStores(fake));

describe('names of objects', () => {
  test('are kept up to five hundred; one more begins anew', () => {
    const heap = useHeap();
    for (let node = 0; node < 500; node++) heap.remember(OF, row(node));
    expect([heap.rowOf(OF, 0)?.node, heap.rowOf(OF, 499)?.node]).toEqual([0, 499]);
    heap.remember(OF, row(500));
    expect([heap.rowOf(OF, 0), heap.rowOf(OF, 499), heap.rowOf(OF, 500)?.node]).toEqual([null, null, 500]);
  });

  test('are those of their snapshot', () => {
    const heap = useHeap();
    heap.remember(OF, row(7));
    expect(heap.rowOf({ project: 'p1', snapshot: 3 }, 7)).toBeNull();
    expect(heap.rowOf({ project: 'p2', snapshot: 2 }, 7)).toBeNull();
  });

  test('are known once an object was asked for, and asked for again after a failure', async () => {
    const heap = useHeap();
    fake.answers.set('heap.object', () => Promise.reject(new FakeCallError('internal')));
    heap.prefetch(OF, 5);
    await settled();
    fake.answers.set('heap.object', { node: 5, type: 'dict' });
    heap.prefetch(OF, 5);
    await settled();
    expect(heap.rowOf(OF, 5)).toMatchObject({ type: 'dict' });
    expect(fake.call.mock.calls.map(([method, args]) => [method, args])).toEqual([
      ['heap.object', { ...OF, node: 5 }],
      ['heap.object', { ...OF, node: 5 }],
    ]);
  });
});

test('what is forgotten of a project leaves what is known of the others, also where their handles begin alike', async () => {
  const heap = useHeap();
  fake.answers.set('heap.summary', { objects: 5 });
  const others = { project: 'p10', snapshot: 2 };
  for (const of of [OF, others]) {
    await heap.summary(of);
    heap.remember(of, row(7));
  }
  heap.forget('p1');
  expect([heap.rowOf(OF, 7), heap.rowOf(others, 7)?.node]).toEqual([null, 7]);
  fake.call.mockClear();
  await heap.summary(others);
  expect(fake.call).not.toHaveBeenCalled();
  await heap.summary(OF);
  expect(fake.call).toHaveBeenCalledWith('heap.summary', OF, undefined);
});

describe('bookmarks', () => {
  const mark = (id: number, snapshot: number, node: number) => ({ id, snapshot, node, note: '', label: 'dict' });

  test('are those of the snapshot, in the order in which they were set', async () => {
    const bookmarks = useBookmarks();
    expect(bookmarks.of(OF)).toEqual([]);
    fake.answers.set('bookmarks.list', [mark(4, 2, 40), mark(6, 3, 60)]);
    await bookmarks.load('p1');
    fake.answers.set('bookmarks.set', mark(3, 2, 30));
    await bookmarks.set(OF, 30, '', 'dict');
    fake.answers.set('bookmarks.set', mark(5, 2, 50));
    await bookmarks.set(OF, 50, '', 'dict');
    expect(bookmarks.of(OF).map(({ id }) => id)).toEqual([3, 4, 5]);
    expect(bookmarks.find('p1', 2, 40)?.id).toBe(4);
    expect([bookmarks.find('p1', 2, 60), bookmarks.find('p2', 2, 40)]).toEqual([null, null]);
  });

  test('that are removed leave the others; those of a project that was never looked at are none', async () => {
    const bookmarks = useBookmarks();
    fake.answers.set('bookmarks.list', [mark(4, 2, 40), mark(6, 2, 60)]);
    await bookmarks.load('p1');
    await bookmarks.remove('p1', 4);
    expect(bookmarks.of(OF).map(({ id }) => id)).toEqual([6]);
    await bookmarks.remove('p2', 4);
    expect(bookmarks.of({ project: 'p2', snapshot: 2 })).toEqual([]);
    expect(fake.call.mock.calls).toEqual([
      ['bookmarks.list', { project: 'p1' }],
      ['bookmarks.delete', { project: 'p1', id: 4 }],
      ['bookmarks.delete', { project: 'p2', id: 4 }],
    ]);
  });
});
