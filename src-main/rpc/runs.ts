import { z } from 'zod';
import type { RunMethods } from '../../src-preload/contract/index.ts';
import { comparisonSchema } from '../engine/project/index.ts';
import { id, project } from './arguments.ts';
import { nothing, type Calls } from './calls.ts';

const run = comparisonSchema.shape.runs.element;

export const runCalls: Calls<RunMethods> = {
  'runs.source': {
    args: z.object({ path: run.shape.path.unwrap(), confirmed: z.boolean() }),
    answer: ({ engine }, { path, confirmed }) => engine.runs.source(path, confirmed),
  },
  'runs.figures': {
    args: z.object({ project, runs: z.array(run).max(100), align: comparisonSchema.shape.align }),
    answer: ({ engine }, { project, runs, align }) => engine.runs.figures(project, runs, align),
  },
  'runs.list': { args: z.object({ project }), answer: ({ engine }, { project }) => engine.projects.file(project).comparisons.list() },
  'runs.save': {
    args: z.object({ project, comparison: comparisonSchema }),
    answer: ({ engine }, { project, comparison }) => engine.projects.writable(project).comparisons.save(comparison),
  },
  'runs.delete': {
    args: z.object({ project, id }),
    answer: ({ engine }, { project, id }) => nothing(engine.projects.writable(project).comparisons.delete(id)),
  },
};
