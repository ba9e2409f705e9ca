import { z } from 'zod';
import type { FilterNode, ObjectSet } from '../../src-preload/contract/index.ts';
import { id, snapshot } from './arguments.ts';

const column = z.string().max(100);
const text = z.string().max(2000);
/** Object numbers are below 2^32. */
export const node = z.number().int().min(0).max(0xffff_ffff);
export const nodes = z.array(node).max(100_000);
export const grouping = z.enum(['type', 'module', 'site', 'hierarchy', 'holder', 'code', 'class']);
export const ref = z.object(snapshot);
const part = z.enum(['new', 'gone', 'survived', 'grown']);

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
  z.object({ of: z.literal('uncollectable') }),
  z.object({ of: z.literal('changed'), base: ref, part, by: grouping.nullable(), key: id }),
  z.object({ of: z.literal('between'), first: ref, second: ref, by: grouping.nullable(), key: id }),
]);
export const set: z.ZodType<ObjectSet> = z.lazy(() =>
  z.union([flatSet, z.object({ of: z.literal('inside'), by: grouping, key: id, set })]),
);

export const rows = {
  filter: filter.nullable(),
  sort: z.object({ column, descending: z.boolean() }).nullable(),
  from: id,
  count: z.number().int().min(0).max(100_000),
};
