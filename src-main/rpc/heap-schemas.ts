import { z } from 'zod';
import type { FilterNode, HeapMethods, ObjectSet } from '../../src-preload/contract/index.ts';

const column = z.string().max(100);
const text = z.string().max(2000);
const project = z.string().max(64);
const id = z.number().int().nonnegative();
/** Numbers of objects are below 2^32. */
const node = z.number().int().min(0).max(0xffff_ffff);
const nodes = z.array(node).max(100_000);
const grouping = z.enum(['type', 'module', 'site', 'hierarchy', 'holder']);
export const snapshotRef = { project, snapshot: id };
const ref = z.object(snapshotRef);
const part = z.enum(['new', 'gone', 'survived']);

const filter: z.ZodType<FilterNode> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('and'), parts: z.array(filter).max(1000) }),
    z.object({ kind: z.literal('or'), parts: z.array(filter).max(1000) }),
    z.object({ kind: z.literal('not'), part: filter }),
    z.object({ kind: z.literal('word'), text }),
    z.object({ kind: z.literal('number'), column, operator: z.enum(['>', '<', '>=', '<=', '=', '!=']), value: z.number() }),
    z.object({ kind: z.literal('text'), column, operator: z.enum(['~', '!~', '=', '!=']), value: text }),
  ]),
);

const flatSet = z.discriminatedUnion('of', [
  z.object({ of: z.literal('all') }),
  z.object({ of: z.literal('tracked') }),
  z.object({ of: z.literal('group'), by: grouping, key: id }),
  z.object({ of: z.literal('nodes'), nodes }),
  z.object({ of: z.literal('retained'), node }),
  z.object({ of: z.literal('referents'), node }),
  z.object({ of: z.literal('referrers'), node }),
  z.object({ of: z.literal('cycle'), cycle: id }),
  z.object({ of: z.literal('duplicates'), group: id }),
  z.object({ of: z.literal('garbage') }),
  z.object({ of: z.literal('changed'), base: ref, part, by: grouping.nullable(), key: id }),
  z.object({ of: z.literal('between'), first: ref, second: ref, by: grouping.nullable(), key: id }),
]);
const set: z.ZodType<ObjectSet> = z.lazy(() => z.union([flatSet, z.object({ of: z.literal('inside'), by: grouping, key: id, set })]));

const rows = {
  filter: filter.nullable(),
  sort: z.object({ column, descending: z.boolean() }).nullable(),
  from: id,
  count: z.number().int().min(0).max(100_000),
};

/** What the arguments of each question about a heap must look like. */
export const HEAP_SCHEMAS: { [M in keyof HeapMethods]: z.ZodType<HeapMethods[M]['args']> } = {
  'heap.summary': ref,
  'heap.groups': z.object({ ...snapshotRef, by: grouping, within: set, parent: id.nullable(), ...rows }),
  'heap.history': z.object({ ...snapshotRef, by: grouping, keys: z.array(id).max(10_000) }),
  'heap.objects': z.object({ ...snapshotRef, set, ...rows }),
  'heap.object': z.object({ ...snapshotRef, node }),
  'heap.edges': z.object({ ...snapshotRef, node, direction: z.enum(['referents', 'referrers']), ...rows }),
  'heap.paths': z.object({ ...snapshotRef, set, ignore: nodes, limit: z.number().int().min(1).max(100_000) }),
  'heap.dominated': z.object({ ...snapshotRef, node, ...rows }),
  'heap.icicle': z.object({ ...snapshotRef, node, depth: z.number().int().min(1).max(1000), smallest: z.number().nonnegative() }),
  'heap.cycles': z.object({ ...snapshotRef, unreachableOnly: z.boolean(), ...rows }),
  'heap.duplicates': z.object({ ...snapshotRef, ...rows }),
  'heap.waste': z.object({ ...snapshotRef, ...rows }),
  'heap.measure': z.object({ ...snapshotRef, set }),
  'compare.groups': z.object({ snapshots: z.array(ref).min(1).max(200), by: grouping, growing: z.boolean(), below: id.nullable().or(z.literal('all')), ...rows }),
  'compare.objects': z.object({ ...snapshotRef, set, ...rows }),
};
