/**
 * Whether the indices of tables stay within their tables. Data from a file is checked here once, dump or stored columns alike; passes then
 * index without checks. Three types whose bases are `1 → 0`, `2 → 0`, and `0` without one: valid.
 */
import { NONE } from './graph.ts';
import type { HeapType, Shapes, Sites } from './graph.ts';

/** Reports the fault; never returns. */
export type Refuse = (detail: string) => never;

/** Every number is below `limit`, or `NONE` where that is allowed. */
export function checkRange(column: Uint32Array, limit: number, what: string, refuse: Refuse, none = false): void {
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    if (value >= limit && !(none && value === NONE)) refuse(`${what} ${value} of ${limit}`);
  }
}

/** A column of starts: from 0, never decreasing, to `total`. */
export function checkStarts(start: Uint32Array, total: number, what: string, refuse: Refuse): void {
  if (start.length === 0 || start[0] !== 0 || start[start.length - 1] !== total) refuse(`ends of ${what}`);
  for (let i = 1; i < start.length; i++) {
    if (start[i]! < start[i - 1]!) refuse(`order of ${what}`);
  }
}

/** Each base is a type, and no type is its own ancestor. */
export function checkTypes(types: readonly Pick<HeapType, 'base'>[], refuse: Refuse): void {
  const state = new Uint8Array(types.length);
  for (let first = 0; first < types.length; first++) {
    const walked: number[] = [];
    let type = first;
    while (type !== NONE && state[type] !== 2) {
      if (type >= types.length) refuse(`base class ${type} of ${types.length}`);
      if (state[type] === 1) refuse('a class that is its own base');
      state[type] = 1;
      walked.push(type);
      type = types[type]!.base;
    }
    for (const done of walked) state[done] = 2;
  }
}

export function checkShapes(shapes: Shapes, labels: number, refuse: Refuse): void {
  if (shapes.rest.length !== shapes.start.length - 1) refuse('number of shapes');
  checkStarts(shapes.start, shapes.label.length, 'labels of shapes', refuse);
  checkRange(shapes.label, labels, 'label', refuse);
}

export function checkSites(sites: Sites, refuse: Refuse): void {
  if (sites.file.length !== sites.line.length) refuse('lines of tracebacks');
  checkStarts(sites.start, sites.file.length, 'tracebacks', refuse);
  checkRange(sites.file, sites.files.length, 'file', refuse);
}
