import type { Grouping, TypeName } from '../../../src-preload/contract/index.ts';

/**
 * One way to put objects together: each node has a key below `keys`; most keys are those of no object. A key is the
 * lowest number of what it stands for (of the types of one name, say), so that it stays the same with the file.
 */
export interface Groups {
  by: Grouping;
  keys: number;
  keyOf: (node: number) => number;
  label: (key: number) => TypeName;
  /** In a hierarchy: key of the base class, `NONE` at the top; null elsewhere. */
  parent: Uint32Array | null;
}
