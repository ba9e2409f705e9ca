/**
 * The data of a dump, checked, before anything is derived from it: nodes in the order of the file, references resolved to
 * their ordinals. Two nodes, `0 → 1`, and one reference to an object that the dump does not contain:
 *
 *     edgeStart  0  2  2
 *     edgeTo     1  NONE
 */
import type { HeapFacts, HeapType, Label, Shapes, Sites, Strings } from './graph.ts';

export interface RawHeap {
  readonly nodes: number;
  readonly edges: number;
  /** Low and high half of each address, side by side: `2 * nodes` numbers. */
  readonly address: Uint32Array;
  readonly size: Uint32Array;
  readonly type: Uint32Array;
  /** Reference counts; `NO_COUNT`: unknown. */
  readonly refs: Uint32Array;
  readonly shape: Uint32Array;
  readonly site: Uint32Array | null;
  /** Flags of the dump: the low byte of `FLAG`. */
  readonly flags: Uint8Array;
  readonly edgeStart: Uint32Array;
  /** `NONE` for an object that the dump does not contain: the positions of the others stay. */
  readonly edgeTo: Uint32Array;
  /** References to objects that the dump does not contain. */
  readonly missing: number;

  readonly big: { readonly node: Uint32Array; readonly value: Float64Array };
  readonly texts: RawStrings;
  readonly previews: RawStrings;
  /** Low and high half of each hash, side by side. */
  readonly digests: { readonly node: Uint32Array; readonly hash: Uint32Array };
  readonly arrays: RawArrays;
  readonly types: readonly HeapType[];
  /** Their kind includes `LABEL.weak`. */
  readonly labels: readonly Label[];
  readonly shapes: Shapes;
  readonly sites: Sites;
  readonly roots: readonly RawRoot[];
  readonly facts: DumpFacts;
}

/** For any nodes in any order; `NONE`: of a node that the dump does not contain. */
export interface RawStrings {
  readonly node: Uint32Array;
  readonly strings: Strings;
}

export interface RawArrays {
  readonly node: Uint32Array;
  readonly bytes: Float64Array;
  readonly owns: Uint8Array;
  readonly dtype: Strings;
  readonly shape: Strings;
}

export interface RawRoot {
  readonly kind: number;
  /** Index of a root, or `NONE`. */
  readonly parent: number;
  readonly ident: number;
  readonly line: number;
  readonly name: string;
  readonly file: string;
  readonly labels: Uint32Array;
  /** `NONE` for objects that the dump does not contain. */
  readonly refs: Uint32Array;
}

export type DumpFacts = Pick<
  HeapFacts,
  | 'method'
  | 'python'
  | 'platform'
  | 'pid'
  | 'time'
  | 'collected'
  | 'frames'
  | 'freeThreaded'
  | 'notes'
  | 'previews'
  | 'emptyStr'
  | 'emptyBytes'
>;
