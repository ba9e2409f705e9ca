import { z } from 'zod';
import type { SourceMethods } from '../../src-preload/contract/index.ts';
import { snapshot } from './arguments.ts';
import type { Calls } from './calls.ts';
import { node } from './heap-arguments.ts';

export const sourceCalls: Calls<SourceMethods> = {
  'sources.lines': {
    args: z.object({ ...snapshot, node }),
    answer: ({ engine }, args, context) => engine.sources.lines(args, context),
  },
};
