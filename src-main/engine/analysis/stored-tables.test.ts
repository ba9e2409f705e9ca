import { zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { unpackTables } from './stored-tables.ts';

const ROW = { key: 0, label: { module: '', name: 'dict' }, kind: 'type', children: 0, count: 2, shallow: 128, retained: 256 };
const OLD = { version: 1, nodes: 3, edges: 2, summary: { roots: [] }, groups: { type: [ROW] }, parents: [] };

const stored = (tables: unknown): Uint8Array => zstdCompressSync(Buffer.from(JSON.stringify(tables)));

it('tables of a file from before these were known are completed', () => {
  const { summary, groups } = unpackTables(stored(OLD));
  expect(summary).toMatchObject({ uncollectable: { objects: 0, shallow: 0 }, arrays: 0 });
  expect(groups.type).toEqual([{ ...ROW, atLeast: 'none', classes: 1, length: null }]);
});

it('and so are the rows of what waits for a collection', () => {
  expect(unpackTables(stored({ ...OLD, waiting: { type: [ROW] } })).waiting?.type?.[0]).toMatchObject({ classes: 1, length: null });
});

it.each([
  { ...OLD, version: 2 },
  { ...OLD, groups: { type: [{ ...ROW, count: -1 }] } },
  { ...OLD, groups: { type: [{ ...ROW, length: 'long' }] } },
  { ...OLD, waiting: { type: [null] } },
  { ...OLD, waiting: 5 },
])('what no import can have written is damaged: %#', (tables) => expect(() => unpackTables(stored(tables))).toThrow('snapshot.damaged'));
