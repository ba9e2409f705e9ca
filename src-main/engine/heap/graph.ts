/**
 * A heap as a graph: columns over nodes and edges, and the tables that they point into.
 *
 * Nodes are numbered in preorder of the dominator tree. Node 0 is the super root; synthetic nodes (groups of roots,
 * threads, frames) are nodes like any other, of size 0, with an entry in `roots`. Five objects, `mod` holding `a` and `b`,
 * both holding `c`, and `d` held by `c`:
 *
 *     node      0      1         2    3  4  5  6
 *     what      super  modules   mod  a  b  c  d
 *     subtree   7      6         5    1  1  2  1     nodes that only it keeps alive, itself included
 *     edgeStart 0      1         2    4  5  6  7 7
 *     edgeTo    1      2         3 4  5  5  6
 *
 * What a node dominates is the range [node, node + subtree[node]): its retained size is a difference of prefix sums
 * (`retained.ts`), "does u dominate v" an interval test, and its children come from skipping by `subtree`.
 *
 * The large arrays of a heap that was just imported are freed explicitly (`releaseHeap`); those of a stored one live until nobody uses them.
 */
import { DUMP_ROOT, NODE_FLAG, TYPE_FLAG as DUMP_TYPE_FLAG } from './dump-numbers.ts';

export interface HeapGraph {
  readonly nodes: number;
  /** Strong edges. Weak ones are kept separately, in `weak`. */
  readonly edges: number;

  /** Index in `types`. */
  readonly type: Uint32Array;
  /** Shallow bytes; `BIG` where `big` has the number. */
  readonly size: Uint32Array;
  /** Sorted by node. */
  readonly big: SparseNumbers;
  /** Exact integers below 2^53; 0 for synthetic nodes. */
  readonly address: Float64Array;
  /** Nodes in the dominator subtree, itself included. */
  readonly subtree: Uint32Array;
  /** `nodes + 1` numbers: the edges of `n` are `edgeTo[edgeStart[n] … edgeStart[n + 1])`. */
  readonly edgeStart: Uint32Array;
  /** Targets, in the order that the node's shape names (`edges.ts` names them). */
  readonly edgeTo: Uint32Array;
  /** Index in `shapes`: what the edges are called. */
  readonly shape: Uint32Array;
  /** `FLAG` bits. */
  readonly flags: Uint16Array;
  /** Index in `sites` of the traceback of its allocation, or `NONE`; null: nothing was traced. */
  readonly site: Uint32Array | null;
  /** Group of equal `str` or `bytes`, from 1; 0: unique, or of another type; null: the dump has no digests. */
  readonly content: Uint32Array | null;
  /** 16 bits of the digest, comparable within one process; 0 where there is none; null as `content`. */
  readonly check: Uint16Array | null;

  /** References from unknown holders (C code, a running expression): sorted nodes and the number for each. */
  readonly external: SparseNumbers;
  /** Edges that do not hold. Sorted by node, then by place. */
  readonly weak: WeakEdges;
  /** Contents of strings (and decimals of ints) that name edges. Sorted by node. */
  readonly texts: SparseStrings;
  /** Short previews of values, if the session records them. Sorted by node. */
  readonly previews: SparseStrings;
  /** numpy, pandas and other array-likes. Sorted by node. */
  readonly arrays: ArrayFacts;

  readonly types: readonly HeapType[];
  readonly labels: readonly Label[];
  readonly shapes: Shapes;
  readonly sites: Sites;
  /** The synthetic nodes, in order of their node. */
  readonly roots: readonly HeapRoot[];
  readonly facts: HeapFacts;
}

/** No node, no base class, no site, no parent. */
export const NONE = 0xffffffff;
/** A size of 4 GiB - 1 or more: look in `big`. */
export const BIG = 0xffffffff;

export const FLAG = {
  tracked: NODE_FLAG.tracked,
  type: NODE_FLAG.type,
  immortal: NODE_FLAG.immortal,
  /** In the permanent generation (`gc.freeze`). */
  permanent: NODE_FLAG.permanent,
  /** Some instance's `__dict__`. */
  instanceDict: NODE_FLAG.instanceDict,
  interned: NODE_FLAG.interned,
  sharedKeys: NODE_FLAG.sharedKeys,
  /** Not an object: super root, group of roots, thread, frame, placeholder for objects that are not in the dump. */
  synthetic: 128,
  /** No root reaches it: garbage, not freed yet or never to be. */
  unreachable: 256,
  /** Has references from unknown holders; their number is in `external`. */
  heldByC: 512,
  /** As well as `unreachable`: no collection will free it. */
  uncollectable: 1024,
} as const;

export const TYPE_FLAG = {
  ...DUMP_TYPE_FLAG,
  /** The type of synthetic nodes; the last one in the table. */
  synthetic: 1 << 31,
} as const;

/** Numbers for a few nodes; `node` ascending. */
export interface SparseNumbers {
  readonly node: Uint32Array;
  readonly value: Float64Array;
}

export interface WeakEdges {
  readonly node: Uint32Array;
  /** Position among all edges of the node, strong and weak, from 0, as its shape counts them. */
  readonly place: Uint32Array;
  readonly to: Uint32Array;
}

/** Strings in one buffer: string `i` is the UTF-8 bytes `[start[i], start[i + 1])`. Read with `stringAt` (`strings.ts`). */
export interface Strings {
  readonly start: Uint32Array;
  readonly bytes: Uint8Array;
}

/** String `i` belongs to `node[i]`; `node` ascending. */
export interface SparseStrings {
  readonly node: Uint32Array;
  readonly strings: Strings;
}

export interface ArrayFacts {
  readonly node: Uint32Array;
  /** Bytes of the buffer. */
  readonly bytes: Float64Array;
  /** 1: the object owns its buffer; 0: a view of another's. */
  readonly owns: Uint8Array;
  readonly dtype: Strings;
  /** As Python prints it: `(1000, 3)`. */
  readonly shape: Strings;
}

export interface HeapType {
  readonly module: string;
  readonly name: string;
  /** Index in the table, or `NONE`. */
  readonly base: number;
  /** `TYPE_FLAG` bits. */
  readonly flags: number;
  /** The type as an object, or `NONE`. */
  readonly node: number;
}

export { LABEL, REST } from './dump-numbers.ts';

export interface Label {
  /** One of `LABEL`, without `weak`: weak edges are in `HeapGraph.weak`. */
  readonly kind: number;
  readonly name: string;
}

/** Shape `i` labels its first edges `label[start[i] … start[i + 1])`; the others follow `rest[i]`. */
export interface Shapes {
  readonly start: Uint32Array;
  readonly label: Uint32Array;
  readonly rest: Uint8Array;
}

/** Traceback `i` is the entries `[start[i], start[i + 1])`, the most recent call first. */
export interface Sites {
  readonly start: Uint32Array;
  /** Index in `files`. */
  readonly file: Uint32Array;
  readonly line: Uint32Array;
  readonly files: readonly string[];
}

export const ROOT = {
  super: 0,
  modules: DUMP_ROOT.modules,
  thread: DUMP_ROOT.thread,
  frame: DUMP_ROOT.frame,
  interpreter: DUMP_ROOT.interpreter,
  staticTypes: DUMP_ROOT.staticTypes,
  garbageList: DUMP_ROOT.garbageList,
  interned: DUMP_ROOT.interned,
  /** All threads. */
  threads: 32,
  /** Objects that live as long as the process. */
  immortal: 33,
  /** Objects with references from unknown holders. */
  heldByC: 34,
  /** One object for each source component of the unreachable objects. */
  unreachable: 35,
  /** Placeholder for objects that the dump refers to and does not contain. A leaf. */
  missing: 36,
  /** Placeholder for Heapscope's own objects. A leaf. */
  agent: 37,
  /** As `unreachable`, of those that no collection will free. */
  uncollectable: 38,
} as const;

/** What a synthetic node represents. */
export interface HeapRoot {
  /** One of `ROOT`. */
  readonly kind: number;
  readonly node: number;
  /** A thread's name, a frame's function; for groups their name in the dump, or "". */
  readonly name: string;
  /** Index in `roots`: a frame's thread, a thread's group, a group's super root; `NONE` for the super root. */
  readonly parent: number;
  /** A thread's ident. */
  readonly ident: number;
  /** A frame's: 0 is innermost. */
  readonly depth: number;
  readonly file: string;
  readonly line: number;
}

/** Further facts about the capture and about what the import left out. */
export interface HeapFacts {
  readonly method: 'fork' | 'in-place' | 'python';
  /** "3.12.1"; "" when the dump does not say. */
  readonly python: string;
  readonly platform: string;
  readonly pid: number;
  /** Monotonic seconds of the target at the capture. */
  readonly time: number;
  /** A collection ran first. */
  readonly collected: boolean;
  /** tracemalloc's frames, 0: off. */
  readonly frames: number;
  readonly freeThreaded: boolean;
  readonly notes: readonly string[];
  /** Sizes of an empty `str` and of empty `bytes`: those of others tell their length. 0: the dump does not say. */
  readonly emptyStr: number;
  readonly emptyBytes: number;
  /** Previews were allowed. */
  readonly previews: boolean;
  /** Objects, without synthetic nodes and without Heapscope's own. */
  readonly objects: number;
  readonly bytes: number;
  /** Objects that no root reaches. */
  readonly unreachable: number;
  /** Left out: Heapscope's own objects and their bytes. */
  readonly agentObjects: number;
  readonly agentBytes: number;
  /** References to objects that are not in the dump. */
  readonly missing: number;
}
