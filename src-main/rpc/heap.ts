import { z } from 'zod';
import type { CompareMethods, HeapMethods } from '../../src-preload/contract/index.ts';
import { id, snapshot } from './arguments.ts';
import type { Call, Calls } from './calls.ts';
import { grouping, node, nodes, ref, rows, set } from './heap-arguments.ts';

type Question = keyof (HeapMethods & CompareMethods);

/** What each question about stored heaps must look like. */
const QUESTIONS: { [M in Question]: Call<M>['args'] } = {
  'heap.summary': ref,
  'heap.groups': z.object({ ...snapshot, by: grouping, within: set, parent: id.nullable(), ...rows }),
  'heap.history': z.object({ ...snapshot, by: grouping, keys: z.array(id).max(10_000) }),
  'heap.objects': z.object({ ...snapshot, set, ...rows }),
  'heap.object': z.object({ ...snapshot, node }),
  'heap.edges': z.object({ ...snapshot, node, direction: z.enum(['referents', 'referrers']), ...rows }),
  'heap.paths': z.object({ ...snapshot, set, ignore: nodes, limit: z.number().int().min(1).max(100_000) }),
  'heap.dominated': z.object({ ...snapshot, node, ...rows }),
  'heap.icicle': z.object({ ...snapshot, node, depth: z.number().int().min(1).max(1000), smallest: z.number().nonnegative() }),
  'heap.cycles': z.object({ ...snapshot, unreachableOnly: z.boolean(), ...rows }),
  'heap.duplicates': z.object({ ...snapshot, ...rows }),
  'heap.waste': z.object({ ...snapshot, ...rows }),
  'heap.measure': z.object({ ...snapshot, set }),
  'compare.groups': z.object({
    snapshots: z.array(ref).min(1).max(200),
    by: grouping,
    growing: z.boolean(),
    below: id.nullable().or(z.literal('all')),
    ...rows,
  }),
  'compare.objects': z.object({ ...snapshot, set, ...rows }),
};

/** Each goes to the analysis as it is. */
export const heapCalls = Object.fromEntries(
  Object.entries(QUESTIONS).map(([method, args]) => [method, ask(method as Question, args)]),
) as Calls<HeapMethods & CompareMethods>;

function ask<M extends Question>(method: M, args: unknown): Call<M> {
  return { args: args as Call<M>['args'], answer: ({ engine }, question, context) => engine.snapshots.query(method, question, context) };
}
