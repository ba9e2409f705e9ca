import { z } from 'zod';
import type { CompareMethods } from '../../src-preload/contract/index.ts';
import { id, snapshot } from './arguments.ts';
import type { Calls } from './calls.ts';
import { grouping, ref, rows, set } from './heap-arguments.ts';
import { questions } from './questions.ts';

/** Queries over several stored heaps: the argument schema of each. */
export const compareCalls: Calls<CompareMethods> = questions({
  'compare.groups': z.object({
    snapshots: z.array(ref).min(1).max(200),
    by: grouping,
    growing: z.boolean(),
    changed: z.boolean(),
    below: id.nullable().or(z.literal('all')),
    ...rows,
  }),
  'compare.objects': z.object({ ...snapshot, set, ...rows }),
});
