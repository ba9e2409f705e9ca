import { z } from 'zod';
import type { RunMethods } from '../../src-preload/contract/index.ts';
import { comparisonSchema } from '../engine/faces/runs.ts';
import { id, path, project } from './arguments.ts';
import { nothing, type Calls } from './calls.ts';

const run = comparisonSchema.shape.runs.element.extend({ path: path.nullable() });

export const runCalls: Calls<RunMethods> = {
  'runs.source': {
    args: z.object({ path, confirmed: z.boolean() }),
    answer: ({ engine }, args) => engine.runs.source(args),
  },
  'runs.figures': {
    args: z.object({ project, runs: z.array(run).max(100), align: comparisonSchema.shape.align }),
    answer: ({ engine }, args) => engine.runs.figures(args),
  },
  'runs.list': { args: z.object({ project }), answer: ({ engine }, args) => engine.runs.list(args) },
  'runs.save': {
    args: z.object({ project, comparison: comparisonSchema }),
    answer: ({ engine }, args) => engine.runs.save(args),
  },
  'runs.delete': {
    args: z.object({ project, id }),
    answer: ({ engine }, args) => nothing(engine.runs.delete(args)),
  },
};
