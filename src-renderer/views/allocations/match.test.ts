import { describe, expect, test } from 'vitest';
import type { AllocationFlame, AllocationFrame, AllocationRow } from '../../../src-preload/contract/index.ts';
import { CHOSEN, MATCH, PLAIN } from '../../charts/flame-paint.ts';
import { emphasis, frameOf, isOfRow, placesOf, rowOfBox } from './match.ts';

const MAIN = { function: 'main', file: '/a/app.py', line: 3, own: true };
const LOAD = { function: 'load', file: '/a/app.py', line: 9, own: true };
const PARSE = { function: 'parse', file: '/lib/json.py', line: 4, own: false };
const THREAD = { function: 'MainThread', file: '', line: 0, own: false };

function aRow(change: Partial<AllocationRow> = {}): AllocationRow {
  return {
    ...{ key: 1, ...LOAD, module: 'app', package: 'a', frames: null },
    ...{ bytes: 100, blocks: 2, error: 10, allocated: 120, freed: 20, perMinute: 50, share: 1, spark: [] },
    ...change,
  };
}

/** `[parent, frame, bytes]` each. */
function flameOf(...nodes: [number, AllocationFrame, number][]): AllocationFlame {
  const all: [number, AllocationFrame, number][] = [[-1, { function: '', file: '', line: 0, own: false }, 10], ...nodes];
  return {
    parent: Float64Array.from(all, ([parent]) => parent),
    bytes: Float64Array.from(all, ([, , bytes]) => bytes),
    blocks: new Float64Array(all.length),
    function: all.map(([, frame]) => frame.function),
    file: all.map(([, frame]) => frame.file),
    line: Float64Array.from(all, ([, frame]) => frame.line),
    own: Uint8Array.from(all, ([, frame]) => Number(frame.own)),
    total: 10,
    left: 0,
  };
}

/** From the thread inwards. */
const inwards = flameOf([0, THREAD, 10], [1, MAIN, 10], [2, LOAD, 6], [3, PARSE, 4]);
/** From the allocating line outwards. */
const outwards = flameOf([0, PARSE, 4], [1, LOAD, 4], [2, MAIN, 4], [3, THREAD, 4]);
const PLACES = placesOf([aRow(), aRow({ file: '/lib/json.py', module: 'json', package: '' }), aRow({ file: '' })]);

describe('a box belongs to a row', () => {
  test.each([
    ['line', LOAD, true],
    ['line', { ...LOAD, line: 8 }, false],
    ['function', { ...LOAD, line: 8 }, true],
    ['function', { ...LOAD, file: '/b/app.py' }, false],
    ['file', MAIN, true],
    ['file', PARSE, false],
    ['module', MAIN, true],
    ['module', PARSE, false],
    ['package', MAIN, true],
    ['package', PARSE, false],
    ['package', THREAD, false],
  ] as const)('by %s: %j %s', (by, frame, belongs) => expect(isOfRow(frame, aRow(), by, PLACES)).toBe(belongs));

  test('of a traceback with each of its frames; of a thread by its name', () => {
    const traceback = aRow({ frames: [LOAD, MAIN, THREAD] });
    expect([LOAD, MAIN, THREAD, PARSE].map((frame) => isOfRow(frame, traceback, 'traceback', PLACES))).toEqual([true, true, true, false]);
    expect(isOfRow(THREAD, aRow({ ...THREAD }), 'thread', PLACES)).toBe(true);
  });

  test('not where neither has a file, or a package', () => {
    expect(isOfRow(THREAD, aRow({ ...THREAD }), 'file', PLACES)).toBe(false);
    expect(isOfRow(PARSE, aRow({ package: '' }), 'package', PLACES)).toBe(false);
  });
});

describe('the row of a box', () => {
  const rows = [aRow({ key: 1, ...LOAD }), aRow({ key: 2, ...MAIN })];

  test('is the first that it belongs to; none where none is listed', () => {
    expect(rowOfBox(inwards, 2, rows, 'line', PLACES)?.key).toBe(2);
    expect(rowOfBox(inwards, 4, rows, 'line', PLACES)).toBeNull();
  });

  test('is the traceback that leads to it, from either end', () => {
    const traces = [
      aRow({ key: 7, frames: [PARSE, MAIN, THREAD] }),
      aRow({ key: 8, frames: [PARSE, LOAD, MAIN, THREAD] }),
      aRow({ key: 9, frames: [MAIN, THREAD] }),
    ];
    expect([3, 4].map((node) => rowOfBox(inwards, node, traces, 'traceback', PLACES)?.key)).toEqual([8, 8]);
    expect([1, 2, 3].map((node) => rowOfBox(outwards, node, traces, 'traceback', PLACES)?.key)).toEqual([7, 8, 8]);
    expect(rowOfBox(inwards, 1, traces, 'traceback', PLACES)).toBeNull();
  });
});

describe('emphasis', () => {
  test('is of what is searched for, by function or file, whatever its case; its bytes count once', () => {
    const { marks, found, foundBytes } = emphasis(inwards, ' APP ', null);
    expect([...marks]).toEqual([PLAIN, PLAIN, MATCH, MATCH, PLAIN]);
    expect([found, foundBytes]).toEqual([2, 10]);
    expect(emphasis(inwards, 'parse', null)).toMatchObject({ found: 1, foundBytes: 4 });
  });

  test('is of the chosen row before what is found; of nothing where nothing is asked', () => {
    expect([...emphasis(inwards, 'load', (frame) => frame.function === 'load').marks]).toEqual([PLAIN, PLAIN, PLAIN, CHOSEN, PLAIN]);
    expect(emphasis(inwards, '', null)).toMatchObject({ found: 0, foundBytes: 0, marks: new Uint8Array(5) });
  });

  test('a box is a frame', () => expect(frameOf(inwards, 3)).toEqual(LOAD));
});
