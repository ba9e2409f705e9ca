import { expect, test } from 'vitest';
import { isCutHead, isProjectHead, isProjectName, isScriptName, PROJECT_HEAD } from './document.ts';

function head(magic = 'SQLite format 3\0', sign = 'HPSC'): Uint8Array {
  const bytes = new Uint8Array(PROJECT_HEAD);
  bytes.set(new TextEncoder().encode(magic), 0);
  bytes.set(new TextEncoder().encode(sign), 68);
  return bytes;
}

test.each([
  ['nothing', new Uint8Array(0)],
  ['half a head', head().subarray(0, 40)],
  ['all but its last byte', head().subarray(0, 71)],
  ["another program's database", head('SQLite format 3\0', 'GPKG')],
  ['a sign without a database', head('SQLite format 4\0')],
  ['a script', new TextEncoder().encode('#!/usr/bin/env python3\n'.repeat(9))],
])('%s is no project', (_what, bytes) => expect(isProjectHead(bytes)).toBe(false));

test('a database with our sign is a project, however it goes on', () => {
  expect(isProjectHead(head())).toBe(true);
  expect(isProjectHead(new Uint8Array([...head(), 1, 2, 3]))).toBe(true);
});

test.each([
  [15, false],
  [16, true],
  [PROJECT_HEAD - 1, true],
  [PROJECT_HEAD, false],
])('of a head cut to %i bytes it is known: %s', (length, known) => expect(isCutHead(head().subarray(0, length))).toBe(known));

test("a text's beginning is no cut head", () => expect(isCutHead(new TextEncoder().encode('print("hello world")'))).toBe(false));

test.each(['a.heapscope', 'REPORT.HEAPSCOPE', 'x.py.HeapScope'])('%s has the name of a project', (name) => {
  expect([isProjectName(name), isScriptName(name)]).toEqual([true, false]);
});

test.each(['a.heapscope.py', 'heapscope', 'a.heapscopes'])('%s has not', (name) => expect(isProjectName(name)).toBe(false));

test.each(['a.py', 'A.PY', 'a.pyw', 'app.pyz', 'app.PYZW'])('%s has the name of a script', (name) => expect(isScriptName(name)).toBe(true));
