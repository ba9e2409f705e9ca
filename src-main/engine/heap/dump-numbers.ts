/** Numbers of the dump. Written by `npm run dump-format` from python-agent/dump-format.json; DUMP.md says what each means. */

/** Flags of the header. */
export const DUMP_FLAG = {
  addresses: 1,
  previews: 2,
  sites: 4,
  census: 8,
} as const;

/** How the walk ended, in the footer. */
export const DUMP_STATUS = {
  whole: 0,
  stopped: 1,
} as const;

/** Bytes of a block's body and of strings; nodes of a block; references of a root. */
export const DUMP_LIMIT = {
  body: 16777216,
  nodes: 65536,
  typeName: 500,
  label: 200,
  text: 200,
  preview: 120,
  fileName: 1000,
  rootReferences: 20000,
} as const;

/** Flags of a node. */
export const NODE_FLAG = {
  tracked: 1,
  type: 2,
  immortal: 4,
  permanent: 8,
  instanceDict: 16,
  interned: 32,
  sharedKeys: 64,
  embedded: 128,
} as const;

/** Flags of a type. */
export const TYPE_FLAG = {
  python: 1,
  heap: 2,
  finalizer: 4,
  weakReferenced: 8,
  metaclass: 16,
  slots: 32,
  uncollected: 64,
  lowerBound: 128,
} as const;

/** Kinds of labels; `weak` is added to another. */
export const LABEL = {
  none: 0,
  attribute: 1,
  field: 2,
  local: 3,
  closure: 4,
  weak: 64,
} as const;

/** What follows the labelled edges of a shape. */
export const REST = {
  unnamed: 0,
  pairs: 1,
  items: 2,
  members: 3,
  values: 4,
} as const;

/** Kinds of roots. */
export const DUMP_ROOT = {
  modules: 1,
  thread: 2,
  frame: 3,
  interpreter: 4,
  staticTypes: 5,
  agent: 6,
  garbageList: 7,
  interned: 8,
} as const;
