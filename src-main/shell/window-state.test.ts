import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWindowState, usableState, writeWindowState, type Bounds } from './window-state.ts';

const left: Bounds = { x: 0, y: 0, width: 1920, height: 1040 };
const right: Bounds = { x: 1920, y: 0, width: 1280, height: 1000 };
const saved = (bounds: Bounds | null) => ({ bounds, maximized: false, fullScreen: false });

test.each([
  null,
  7,
  {},
  { bounds: null },
  { bounds: { x: 0 }, maximized: true, fullScreen: true },
  saved({ x: 0.5, y: 0, width: 900, height: 600 }),
  saved({ x: 1e9, y: 0, width: 900, height: 600 }),
])('given %j as the saved state, when used, then it is the default', (state) => {
  expect(usableState(state, [left])).toEqual(saved(null));
});

test.each([
  ['on a display that is gone', { x: 2000, y: 100, width: 1000, height: 700 }],
  ['with its title bar above the display', { x: 100, y: -200, width: 1000, height: 700 }],
  ['with its title bar below the display', { x: 100, y: 1035, width: 1000, height: 700 }],
  ['with too little of it to grasp', { x: 1850, y: 100, width: 1000, height: 700 }],
])('given a window %s, when used, then its bounds are forgotten', (_name, bounds) => {
  expect(usableState(saved(bounds), [left]).bounds).toBeNull();
});

test('given bounds on either display, when used, then they stay', () => {
  const bounds = { x: 2000, y: 100, width: 1000, height: 700 };
  expect(usableState(saved(bounds), [left, right]).bounds).toEqual(bounds);
});

test('given a window larger than its display, when used, then it fits', () => {
  expect(usableState(saved({ x: 0, y: 0, width: 4000, height: 3000 }), [left]).bounds).toEqual({ ...left });
});

test('given a state that was written, when read, then it is that; a damaged file is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heapscope-state-'));
  const file = join(folder, 'deep', 'state.json');
  expect(readWindowState(file)).toBeNull();
  writeWindowState(file, saved(left));
  expect(readWindowState(file)).toEqual(saved(left));
  writeFileSync(file, '{"bounds":');
  expect(readWindowState(file)).toBeNull();
  rmSync(folder, { recursive: true });
});
