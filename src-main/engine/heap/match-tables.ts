/**
 * Which types and tracebacks of two snapshots are the same. Types are matched by name and by the address of the type object, since a class
 * may be defined again: `Session` at 64 and, later, `Session` at 64 and at 128: the first of the two is the old one.
 */
import { NONE } from './graph.ts';
import type { HeapGraph } from './graph.ts';

/** For each type of the later heap its index in the earlier one, or `NONE`. */
export function typePairs(earlier: HeapGraph, later: HeapGraph): Uint32Array {
  const keysOf = ({ types, address }: HeapGraph): string[] =>
    types.map(({ module, name, node }) => JSON.stringify([module, name, node === NONE ? 0 : address[node]]));
  return pair(keysOf(earlier), keysOf(later));
}

/**
 * For each traceback of the later heap its index in the earlier one, or `NONE`; null if one of the two has none. Tracebacks match if their
 * lines and files are equal.
 */
export function sitePairs(earlier: HeapGraph, later: HeapGraph): Uint32Array | null {
  if (earlier.site === null || later.site === null) return null;
  return pair(tracebacks(earlier), tracebacks(later));
}

function tracebacks({ sites }: HeapGraph): string[] {
  const ids = sites.files.map((file) => JSON.stringify(file));
  return Array.from({ length: sites.start.length - 1 }, (_, i) => {
    let text = '';
    for (let at = sites.start[i]!; at < sites.start[i + 1]!; at++) text += `${ids[sites.file[at]!]}:${sites.line[at]} `;
    return text;
  });
}

function pair(earlier: readonly string[], later: readonly string[]): Uint32Array {
  const known = new Map<string, number>();
  for (const [i, key] of earlier.entries()) if (!known.has(key)) known.set(key, i);
  return Uint32Array.from(later, (key) => known.get(key) ?? NONE);
}
