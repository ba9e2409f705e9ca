import { z } from 'zod';
import type { LaunchMethods } from '../../src-preload/contract/index.ts';
import { launchSchema } from '../engine/faces/launch.ts';
import { empty, id, maybePath, path } from './arguments.ts';
import { nothing, type Calls } from './calls.ts';

export const launchCalls: Calls<LaunchMethods> = {
  'interpreters.list': {
    args: z.object({ cwd: maybePath, refresh: z.boolean(), confirmed: z.boolean() }),
    answer: ({ engine }, args, { signal }) => engine.launch.interpreters(args, signal),
  },
  'interpreters.check': { args: z.object({ path }), answer: ({ engine }, args) => engine.launch.checkInterpreter(args) },
  'launch.check': {
    args: z.object({ spec: launchSchema, confirmed: z.boolean() }),
    answer: ({ engine }, args, { signal }) => engine.launch.check(args, signal),
  },
  'launch.recents': { args: empty, answer: ({ engine }) => engine.launch.recents() },
  'launch.forget': { args: z.object({ id }), answer: ({ engine }, args) => nothing(engine.launch.forget(args)) },
  'launch.samples': { args: empty, answer: ({ engine }) => engine.launch.samples() },
};
