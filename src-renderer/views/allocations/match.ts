import type { AllocationFlame, AllocationFrame, AllocationGrouping, AllocationRow } from '../../../src-preload/contract/index.ts';
import { CHOSEN, MATCH } from '../../charts/flame-paint.ts';

/** The box of a node as a frame. */
export function frameOf(flame: AllocationFlame, node: number): AllocationFrame {
  return {
    function: flame.function[node] ?? '',
    file: flame.file[node] ?? '',
    line: flame.line[node] ?? 0,
    own: flame.own[node] === 1,
  };
}

const sameLine = (
  a: Pick<AllocationFrame, 'function' | 'file' | 'line'>,
  b: Pick<AllocationFrame, 'function' | 'file' | 'line'>,
): boolean => a.line === b.line && a.function === b.function && a.file === b.file;

/** Whether a box is one of a row; `moduleOf` gives what the file of a frame belongs to. */
export function isOfRow(frame: AllocationFrame, row: AllocationRow, by: AllocationGrouping, places: Places): boolean {
  switch (by) {
    case 'line':
    case 'thread':
      return sameLine(frame, row);
    case 'function':
      return frame.function === row.function && frame.file === row.file;
    case 'file':
      return row.file !== '' && frame.file === row.file;
    case 'module':
    case 'package':
      return row[by] !== '' && places.get(frame.file)?.[by] === row[by];
    case 'traceback':
      return row.frames?.some((one) => sameLine(one, frame)) ?? false;
  }
}

/** What files belong to. */
export type Places = ReadonlyMap<string, Pick<AllocationRow, 'module' | 'package'>>;

/** As far as rows have said it. */
export function placesOf(rows: readonly AllocationRow[]): Places {
  return new Map(rows.filter(({ file }) => file !== '').map(({ file, module, package: of }) => [file, { module, package: of }]));
}

/** The row that a box belongs to; null: none is listed. */
export function rowOfBox(flame: AllocationFlame, node: number, rows: readonly AllocationRow[], by: AllocationGrouping, places: Places) {
  const frame = frameOf(flame, node);
  if (by !== 'traceback') return rows.find((row) => isOfRow(frame, row, by, places)) ?? null;
  const path = [frame];
  for (let one = flame.parent[node] ?? -1; one > 0; one = flame.parent[one] ?? -1) path.push(frameOf(flame, one));
  return rows.find(({ frames }) => frames !== null && isPath(frames, path)) ?? null;
}

/** Frames of a traceback and of a box, both from the box's own end; the thread at the other end may be missing. */
function isPath(frames: readonly AllocationFrame[], path: readonly AllocationFrame[]): boolean {
  const shown = path.filter(({ file }) => file !== '');
  const there = frames.filter(({ file }) => file !== '');
  if (shown.length === 0 || shown.length > there.length) return false;
  const same = (of: readonly AllocationFrame[]): boolean => of.every((one, i) => shown[i] !== undefined && sameLine(one, shown[i]));
  return same(there.slice(-shown.length)) || same(there.slice(0, shown.length).toReversed());
}

/** Which boxes are emphasised, and what part of all the found ones are. */
export interface Emphasis {
  marks: Uint8Array;
  found: number;
  foundBytes: number;
}

export function emphasis(flame: AllocationFlame, search: string, isChosen: ((frame: AllocationFrame) => boolean) | null): Emphasis {
  const n = flame.parent.length;
  const marks = new Uint8Array(n);
  /** What is below a found box is not counted again. */
  const counted = new Uint8Array(n);
  const wanted = search.trim().toLowerCase();
  let found = 0;
  let foundBytes = 0;
  for (let node = 1; node < n; node += 1) {
    const parent = flame.parent[node] ?? 0;
    counted[node] = counted[parent] ?? 0;
    if (wanted !== '' && isFound(flame, node, wanted)) {
      marks[node] = MATCH;
      found += 1;
      if (counted[node] === 0) foundBytes += flame.bytes[node] ?? 0;
      counted[node] = 1;
    }
    if (isChosen?.(frameOf(flame, node)) === true) marks[node] = CHOSEN;
  }
  return { marks, found, foundBytes };
}

function isFound(flame: AllocationFlame, node: number, wanted: string): boolean {
  return (flame.function[node] ?? '').toLowerCase().includes(wanted) || (flame.file[node] ?? '').toLowerCase().includes(wanted);
}
