import { z } from 'zod';
import type { ProjectMethods } from '../../src-preload/contract/index.ts';
import { empty, path, project } from './arguments.ts';
import { nothing, type Calls } from './calls.ts';

export const projectCalls: Calls<ProjectMethods> = {
  'projects.new': { args: empty, answer: ({ engine }) => engine.projects.create() },
  'projects.open': { args: z.object({ path }), answer: ({ engine }, { path }) => engine.projects.open(path) },
  'projects.list': { args: empty, answer: ({ engine }) => engine.projects.list() },
  'projects.saveAs': {
    args: z.object({ project, path, overwrite: z.boolean() }),
    answer: ({ engine }, { project, path, overwrite }, context) => engine.projects.saveAs(project, path, overwrite, context),
  },
  'projects.close': {
    args: z.object({ project, discard: z.boolean().optional() }),
    answer: async ({ engine }, { project, discard }) => nothing(await engine.closeProject(project, discard)),
  },
  'projects.recents': { args: empty, answer: ({ engine }) => engine.recents.projects() },
  'projects.forget': { args: z.object({ path }), answer: ({ engine }, { path }) => nothing(engine.recents.forgetProject(path)) },
};
