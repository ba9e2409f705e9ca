import { expect, test } from 'vitest';
import type { ProcessId, ProcessRow } from '../../../src-preload/contract/index.ts';
import { processTree } from './process-tree.ts';

const process = (id: ProcessId, parent: ProcessId | null): ProcessRow => ({
  id,
  session: 1,
  pid: 100 + id,
  parent,
  ordinal: id,
  command: 'python',
  python: null,
  start: 0,
  end: null,
  exit: null,
  agent: 'none',
});
const shape = (rows: ProcessRow[]): string[] => processTree(rows).map(({ process: { id }, depth }) => `${'-'.repeat(depth)}${id}`);

test('a parent that is not known, or is oneself, makes a root', () => {
  expect(shape([process(2, 99), process(3, 3)])).toEqual(['2', '3']);
});

test('children stand below their parents, siblings by appearance, whatever the order they come in', () => {
  expect(shape([process(4, 2), process(3, 1), process(1, null), process(2, 1), process(5, null)])).toEqual(['1', '-2', '--4', '-3', '5']);
});

test('a very deep tree needs no recursion', () => {
  const rows = Array.from({ length: 20_000 }, (_, id) => process(id, id === 0 ? null : id - 1));
  expect(processTree(rows).at(-1)?.depth).toBe(19_999);
});
