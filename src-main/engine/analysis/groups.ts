import type { Grouping, TypeName } from '../../../src-preload/contract/index.ts';

/**
 * One way to group objects: each node has a key below `keys`; most keys have no objects. A key is the lowest number of what it represents
 * (of the types with one name, say), so that it depends only on the file.
 */
export interface Groups {
  by: Grouping;
  keys: number;
  /** `NONE`: of an object in no group. */
  keyOf: (node: number) => number;
  label: (key: number) => TypeName;
  /** In a hierarchy: key of the base class, `NONE` at the top; null elsewhere. */
  parent: Uint32Array | null;
  /** The objects that are in a group, ascending, where most are in none. */
  members?: Uint32Array;
  /** How many classes have the name of a key; absent: one. */
  classes?: Uint32Array;
}
