import { z } from 'zod';
import type { HeapMethods } from '../../src-preload/contract/index.ts';
import { id, snapshot } from './arguments.ts';
import type { Calls } from './calls.ts';
import { grouping, node, nodes, ref, rows, set } from './heap-arguments.ts';
import { questions } from './questions.ts';

/** Queries on one stored heap: the argument schema of each. */
export const heapCalls: Calls<HeapMethods> = questions({
  'heap.summary': ref,
  'heap.groups': z.object({ ...snapshot, by: grouping, within: set, parent: id.nullable(), ...rows }),
  'heap.history': z.object({ ...snapshot, by: grouping, keys: z.array(id).max(10_000) }),
  'heap.objects': z.object({ ...snapshot, set, ...rows }),
  'heap.object': z.object({ ...snapshot, node }),
  'heap.edges': z.object({ ...snapshot, node, direction: z.enum(['referents', 'referrers']), ...rows }),
  'heap.paths': z.object({ ...snapshot, set, ignore: nodes, limit: z.number().int().min(1).max(100_000) }),
  'heap.dominated': z.object({ ...snapshot, node, ...rows }),
  'heap.icicle': z.object({ ...snapshot, node, depth: z.number().int().min(1).max(1000), smallest: z.number().nonnegative() }),
  'heap.cycles': z.object({ ...snapshot, only: z.enum(['all', 'unreachable', 'uncollectable']), ...rows }),
  'heap.duplicates': z.object({ ...snapshot, ...rows }),
  'heap.waste': z.object({ ...snapshot, ...rows }),
  'heap.measure': z.object({ ...snapshot, set }),
});
