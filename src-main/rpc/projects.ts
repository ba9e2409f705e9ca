import { z } from 'zod';
import type { ProjectMethods } from '../../src-preload/contract/index.ts';
import { empty, path, project } from './arguments.ts';
import { nothing, type Calls } from './calls.ts';

export const projectCalls: Calls<ProjectMethods> = {
  'projects.new': { args: empty, answer: ({ engine }) => engine.projects.create() },
  'projects.open': { args: z.object({ path }), answer: ({ engine }, args) => engine.projects.open(args) },
  'projects.list': { args: empty, answer: ({ engine }) => engine.projects.list() },
  'projects.saveAs': {
    args: z.object({ project, path, overwrite: z.boolean() }),
    answer: ({ engine }, args, context) => engine.projects.saveAs(args, context),
  },
  'projects.close': {
    args: z.object({ project, discard: z.boolean().optional() }),
    answer: async ({ engine }, args) => nothing(await engine.projects.close(args)),
  },
  'projects.recents': { args: empty, answer: ({ engine }) => engine.projects.recents() },
  'projects.forget': { args: z.object({ path }), answer: ({ engine }, args) => nothing(engine.projects.forget(args)) },
};
