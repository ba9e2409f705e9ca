import { z } from 'zod';
import type { LaunchMethods } from '../../src-preload/contract/index.ts';
import { launchSchema } from '../engine/workspace/launch-schema.ts';
import { empty, id, path } from './arguments.ts';
import { nothing, type Calls } from './calls.ts';

export const launchCalls: Calls<LaunchMethods> = {
  'interpreters.list': {
    args: z.object({ cwd: z.string().max(32_768), refresh: z.boolean(), confirmed: z.boolean() }),
    answer: ({ engine }, { cwd, refresh, confirmed }, { signal }) => engine.listInterpreters(cwd, { refresh, confirmed }, signal),
  },
  'interpreters.check': { args: z.object({ path }), answer: ({ engine }, { path }) => engine.launcher.checkInterpreter(path) },
  'launch.check': {
    args: z.object({ spec: launchSchema, confirmed: z.boolean() }),
    answer: ({ engine }, { spec, confirmed }, { signal }) => engine.checkLaunch(spec, confirmed, signal),
  },
  'launch.recents': { args: empty, answer: ({ engine }) => engine.recents.launches() },
  'launch.forget': { args: z.object({ id }), answer: ({ engine }, { id }) => nothing(engine.recents.forgetLaunch(id)) },
  'launch.samples': { args: empty, answer: ({ engine }) => engine.samples() },
};
