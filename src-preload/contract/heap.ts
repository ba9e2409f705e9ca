import type { FilterNode } from './filter.ts';
import type { Bytes, ProjectId, SnapshotId } from './units.ts';

/** One heap snapshot of one open project. */
export interface SnapshotRef {
  project: ProjectId;
  snapshot: SnapshotId;
}

/**
 * An object's number in its snapshot; the same whenever the file is opened. 0 is the super root; the lowest numbers are roots (groups,
 * threads, frames), which are not objects but can be queried like them.
 */
export type NodeId = number;

/** How objects are grouped. `code`: functions, coroutines, tasks, generators and frames alone; `class`: each class by itself. */
export type Grouping = 'type' | 'module' | 'site' | 'hierarchy' | 'holder' | 'code' | 'class';

/** A set of objects, named by how it is found. `key` is a `GroupRow`'s. */
export type ObjectSet =
  | { of: 'all' }
  /** Those that the collector tracks. */
  | { of: 'tracked' }
  | { of: 'group'; by: Grouping; key: number }
  /** The objects of a group that are also in a set. */
  | { of: 'inside'; by: Grouping; key: number; set: ObjectSet }
  | { of: 'nodes'; nodes: NodeId[] }
  /** Everything that lives only as long as it. */
  | { of: 'retained'; node: NodeId }
  | { of: 'referents'; node: NodeId }
  | { of: 'referrers'; node: NodeId }
  | { of: 'cycle'; cycle: number }
  | { of: 'duplicates'; group: number }
  /** Nothing holds it: what waits for a collection, and what none will free. */
  | { of: 'garbage' }
  | { of: 'uncollectable' }
  /** Compared with earlier snapshots. `gone` lists objects of `base`. */
  | { of: 'changed'; base: SnapshotRef; part: ChangePart; by: Grouping | null; key: number }
  /** Absent in `first`, present in `second`, still present in this one. */
  | { of: 'between'; first: SnapshotRef; second: SnapshotRef; by: Grouping | null; key: number };

/** `grown`: those that survived and are longer or larger than before. */
export type ChangePart = 'new' | 'gone' | 'survived' | 'grown';

/** Which rows, in what order. The engine sorts and filters. */
export interface RowRequest {
  filter: FilterNode | null;
  sort: { column: string; descending: boolean } | null;
  from: number;
  count: number;
}

export interface Rows<Row> {
  /** Rows that match the filter. */
  total: number;
  rows: Row[];
}

export interface TypeName {
  /** '' for builtins and if it is unknown. */
  module: string;
  name: string;
}

/**
 * Which sizes are lower bounds, since memory of a kind cannot be seen: `retained`: of something that it retains; `shallow`: its own, and so
 * what it retains.
 */
export type AtLeast = 'none' | 'retained' | 'shallow';

/** One row of the Types view: objects with something in common. */
export interface GroupRow {
  key: number;
  /**
   * Type, module, line of code, base class or holder, according to `kind`. A line is `{ module: file, name: 'app.py:12' }`, a holder `{
   * module: 'app', name: 'Session.user' }`, a module `{ module: '', name }`, code `{ module: 'coroutine', name: 'check app.py:41' }`, a class
   * whose name others have, too, `{ module: 'app', name: 'Session app.py:12 0x7f3a5c01e2d0' }`.
   */
  label: TypeName;
  kind: Grouping;
  /** Rows below it (subclasses); 0: none. Its own figures include them in a hierarchy. */
  children: number;
  /** Of a type: how many classes have this name; 1 elsewhere. */
  classes: number;
  count: number;
  shallow: Bytes;
  /**
   * What its objects dominate, each byte once: a lower bound of what would be freed if all of them were; `heap.measure` has the exact
   * value.
   */
  retained: Bytes;
  atLeast: AtLeast;
  /** Items of its containers together; null: it has none, or the file was written before they were counted. */
  length: number | null;
}

export interface GroupRows extends Rows<GroupRow> {
  /** `atLeast`: `shallow` if the sum of sizes is a lower bound. */
  sums: { count: number; shallow: Bytes; atLeast: AtLeast };
}

/** Count and shallow bytes of one group over the snapshots of a session, in their order; null: it does not have this group. */
export interface GroupHistory {
  key: number;
  counts: (number | null)[];
  shallow: (Bytes | null)[];
}

/** Why an object counts as a root, or 'object'. */
export type NodeKind =
  | 'object'
  | 'super-root'
  | 'modules'
  | 'threads'
  | 'thread'
  | 'frame'
  | 'interpreter'
  | 'static-types'
  | 'garbage'
  | 'interned'
  | 'c-code'
  | 'unreachable'
  | 'uncollectable';

/** Nothing holds it: `waits` for a collection, or none will free it. null: it is held. */
export type GarbageState = 'waits' | 'uncollectable' | null;

/** What keeps garbage for ever: an object of this type, which takes no part in collection, or which `gc.freeze` has taken out of it. */
export interface Blocker {
  type: TypeName;
  frozen: boolean;
}

/** One row of the Objects view. */
export interface ObjectRow {
  node: NodeId;
  kind: NodeKind;
  type: TypeName;
  /** As a number below 2^53; 0 for roots. */
  address: number;
  shallow: Bytes;
  retained: Bytes;
  atLeast: AtLeast;
  garbage: GarbageState;
  /** References to it, without weak ones. */
  referrers: number;
  referents: number;
  /** As `len()`: items of a container, characters, bytes, the first dimension of an array. null: it has none, or it is not known. */
  length: number | null;
  /** Of an array: its dtype, and its shape as Python prints it, `(1000, 3)`. */
  array: { dtype: string; shape: string } | null;
  /** '' if previews were not recorded. Quoted and truncated as Python would show it. For a root: its name. */
  preview: string;
  /** Nearest root to it, as names: "modules › app › sessions › [17]". */
  holder: string;
}

export interface ObjectRows extends Rows<ObjectRow> {
  sums: { shallow: Bytes; atLeast: AtLeast };
  /** Whether an object of the set, the filter aside, has a text. */
  texts: boolean;
}

/**
 * The name of a reference. `attribute` .name, `key` ["name"], `index` [17], `member` {…}, `field` of the C structure, `local` and `closure`
 * variables, `dict-key`: the referent is itself a key; `root`: held by the interpreter.
 */
export interface EdgeName {
  kind: 'attribute' | 'key' | 'index' | 'member' | 'field' | 'local' | 'closure' | 'dict-key' | 'root' | 'unnamed';
  /** As Python shows it, keys with their quotes: `'name'`, `17`; '' if it has none; `*` for several entries that are told as one. */
  text: string;
  weak: boolean;
}

/** One reference from or to an object. */
export interface EdgeRow {
  /** Position among the object's references in that direction. */
  index: number;
  name: EdgeName;
  object: ObjectRow;
  /** Of a holder that is the `__dict__` of something: that, which has the attribute as its reader knows it. Else null. */
  owner: ObjectRow | null;
  /** Referents or referrers of `object`, in the same direction. */
  children: number;
}

export interface SourceLine {
  file: string;
  line: number;
}

/** One line of a traceback, from the file as it was when the program started. */
export interface SourceText {
  /** Without its indentation. */
  text: string;
  /** The function around it, with its classes: `Session.load`; '' at the top of a module. */
  scope: string;
  /**
   * Why there is no text. `foreign`: nobody has run this program on this machine, so its files are not looked at; `absent`: there is no such
   * file of Python code; `changed`: it was written to since the program started. null: there is.
   */
  missing: 'foreign' | 'absent' | 'changed' | null;
}

/** All facts about one object. */
export interface ObjectDetail extends ObjectRow {
  flags: { tracked: boolean; immortal: boolean; interned: boolean; isType: boolean; permanent: boolean; hasDel: boolean };
  /** Objects in its retained set, including itself. */
  retainedCount: number;
  /** Sum over everything reachable from it, each object once, as pympler's asizeof defines it. */
  deepSize: Bytes;
  deepAtLeast: boolean;
  /** References from unknown holders: C code, or an expression that is being evaluated. */
  external: number;
  /** Most recent call first; null: allocations were not traced. */
  site: SourceLine[] | null;
  /** The current line of a frame. */
  line: SourceLine | null;
  array: { dtype: string; shape: string; bytes: Bytes; owned: boolean } | null;
  /** Nearest dominator; null for the super root. */
  dominator: NodeId | null;
  /** Other objects of equal content; 0: none. */
  duplicates: number;
  /** The cycle it belongs to; null: none. */
  cycle: number | null;
  /** Why no collection will free it, if it is such garbage. */
  blocker: Blocker | null;
  bases: TypeName[];
}

/** What a set takes, frees and reaches. */
export interface Measure {
  count: number;
  shallow: Bytes;
  retained: Bytes;
  /** Which of these two are lower bounds. */
  atLeast: AtLeast;
  deep: Bytes;
  deepAtLeast: boolean;
}

/** One step of a chain of references from a root. */
export interface PathStep {
  /** One of those that it stands for. */
  node: NodeId;
  /** How many objects, reached in like ways and of one type, this step stands for; its sizes are theirs together. */
  merged: number;
  kind: NodeKind;
  type: TypeName;
  /** How the previous step refers to it; null for the root. */
  name: EdgeName | null;
  shallow: Bytes;
  retained: Bytes;
  /** The chosen objects that are reached through it. */
  count: number;
  /** Other holders of a single object, which it does not itself keep alive. */
  others: number;
  preview: string;
  line: SourceLine | null;
  /** Steps after it, toward the chosen objects. */
  next: PathStep[];
}

/** Merged shortest paths from roots to a set of objects. */
export interface Paths {
  /** Trees whose leaves are the chosen objects. */
  roots: PathStep[];
  /** Queried objects, and those with a path when the ignored holders are left out. */
  asked: number;
  reached: number;
  /** The tree was truncated at the requested limit. */
  cut: boolean;
}

/** A node of the dominator tree. */
export interface DominatorRow extends ObjectRow {
  /** How its dominator refers to it, if it does so directly. */
  name: EdgeName | null;
  /** Number of objects it dominates directly, and in total. */
  children: number;
  retainedCount: number;
}

/** A rectangle of the icicle chart; what is too small to see is left to the parent. */
export interface IcicleCell {
  node: NodeId;
  depth: number;
  /** Bytes to the left of it, and its own width in bytes. */
  offset: Bytes;
  retained: Bytes;
  /** Its type, and its label: its value, or the name of the reference that holds it. */
  label: string;
  type: TypeName;
}

/** Which cycles: those that nothing holds, those of them that no collection will free. */
export type CycleChoice = 'all' | 'unreachable' | 'uncollectable';

export interface CycleRow {
  cycle: number;
  objects: number;
  shallow: Bytes;
  retained: Bytes;
  /** Types in it, most frequent first. */
  types: { type: TypeName; count: number }[];
  hasDel: boolean;
  /** Nothing outside the cycle holds it. */
  unreachable: boolean;
  /** Why no collection will free it; null: one will, or it is held. */
  blocker: Blocker | null;
  /** It is held by `gc.garbage`. */
  uncollectable: boolean;
  sample: NodeId;
}

export interface DuplicateRow {
  group: number;
  type: TypeName;
  count: number;
  /** The size of one of them. */
  shallow: Bytes;
  /** The size of all but one. */
  wasted: Bytes;
  preview: string;
  sample: NodeId;
}

export interface WasteRow {
  key: number;
  /** Empty containers, and containers with more capacity than they use. */
  kind: 'empty' | 'slack';
  type: TypeName;
  count: number;
  shallow: Bytes;
  /** Bytes that are allocated but unused. */
  wasted: Bytes;
}

/** Totals of one snapshot. */
export interface HeapSummary {
  objects: number;
  references: number;
  shallow: Bytes;
  types: number;
  /** Bytes and objects by the nearest root: most are kept alive by several. */
  roots: { kind: NodeKind; node: NodeId; objects: number; retained: Bytes }[];
  /** What waits for a collection, and what none will free. */
  garbage: { objects: number; shallow: Bytes };
  uncollectable: { objects: number; shallow: Bytes };
  /** References from unknown holders, and the objects they hold. */
  external: { objects: number; references: number };
  /** Heapscope's own objects, which were left out. */
  own: number;
  /** Objects with a dtype and a shape. */
  arrays: number;
  sites: boolean;
  previews: boolean;
  notes: string[];
}

/** The confidence that two objects of two snapshots are the same. */
export type Confidence = 'certain' | 'likely' | 'possible';

/** One group in two or more snapshots; figures in the order of the requested snapshots. */
export interface CompareRow {
  /** Valid with this comparison's arguments only. */
  key: number;
  label: TypeName;
  kind: Grouping;
  /** In a hierarchy: key of its base class's row; null at the top, and in other groupings. */
  parent: number | null;
  /** Rows below it. */
  children: number;
  counts: number[];
  shallow: Bytes[];
  retained: Bytes[];
  /** Items of its containers. */
  lengths: (number | null)[];
  /** Which of the sizes are lower bounds, in each snapshot. */
  atLeast: AtLeast[];
  /** Between the first and the last. null: objects cannot be matched (different processes). */
  fresh: number | null;
  gone: number | null;
  survived: number | null;
  /** Of those that survived: longer or larger than before. */
  grown: number | null;
  /** Turnover: how many that are gone have a new one in their place. */
  replaced: number | null;
  freshBytes: Bytes | null;
  /** Its count, its size or the length of its containers grew from each snapshot to the next. */
  growsEachTime: boolean;
}

export interface CompareSums {
  counts: number[];
  shallow: Bytes[];
  /** `shallow` where the sum of sizes is a lower bound. */
  atLeast: AtLeast[];
  fresh: number | null;
  gone: number | null;
  survived: number | null;
  grown: number | null;
  replaced: number | null;
}

export interface CompareRows extends Rows<CompareRow> {
  sums: CompareSums;
  /** What waits for a collection, which is in no other row: how much there is says when the collector ran last. null: nothing does. */
  waits: CompareRow | null;
  /** Whether objects could be matched: one process, at different times. */
  matched: boolean;
  /** Matches by their confidence. */
  confidence: { confidence: Confidence; objects: number }[];
}

/** An object of a comparison, with the confidence of its match. */
export interface ChangedRow extends ObjectRow {
  confidence: Confidence | null;
  /** What it had in the earlier snapshot; null: it was not there, or is no container. */
  lengthBefore: number | null;
  shallowBefore: Bytes | null;
  site: SourceLine | null;
}

export interface Bookmark {
  id: number;
  snapshot: SnapshotId;
  node: NodeId;
  note: string;
  /** A description of the object, for lists. */
  label: string;
}
