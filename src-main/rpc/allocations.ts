import { z } from 'zod';
import type { AllocationMethods } from '../../src-preload/contract/index.ts';
import { id, processId, session, time } from './arguments.ts';
import type { Calls } from './calls.ts';
import { rows } from './heap-arguments.ts';

const scope = { ...session, process: processId.nullable(), from: time.nullable(), to: time.nullable(), mine: z.boolean() };
const of = z.enum(['live', 'allocated', 'freed', 'growth']);
const by = z.enum(['line', 'function', 'file', 'module', 'package', 'traceback', 'thread']);

export const allocationCalls: Calls<AllocationMethods> = {
  'allocations.states': {
    args: z.object(session),
    answer: ({ engine }, args) => engine.allocations.states(args),
  },
  'allocations.timeline': {
    args: z.object({ ...scope, buckets: z.number().int().min(1).max(8192) }),
    answer: ({ engine }, args, { signal }) => engine.allocations.timeline(args, signal),
  },
  'allocations.rows': {
    args: z.object({ ...scope, by, of, filter: rows.filter, sort: rows.sort, first: id, count: z.number().int().min(0).max(10_000) }),
    answer: ({ engine }, args, { signal }) => engine.allocations.rows(args, signal),
  },
  'allocations.flame': {
    args: z.object({ ...scope, of, direction: z.enum(['callers', 'callees']), smallest: z.number().min(0).max(1) }),
    answer: ({ engine }, args, { signal }) => engine.allocations.flame(args, signal),
  },
};
