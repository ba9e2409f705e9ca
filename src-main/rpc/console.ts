import { z } from 'zod';
import type { ConsoleMethods } from '../../src-preload/contract/index.ts';
import { session, size } from './arguments.ts';
import { nothing, type Calls } from './calls.ts';

const MAX_READ = 8 << 20;

export const consoleCalls: Calls<ConsoleMethods> = {
  'console.info': {
    args: z.object(session),
    answer: ({ engine }, args) => engine.console.info(args),
  },
  'console.read': {
    args: z.object({ ...session, offset: z.number().int().nonnegative(), limit: z.number().int().min(1).max(MAX_READ) }),
    answer: ({ engine }, args) => engine.console.read(args),
  },
  'console.search': {
    args: z.object({ ...session, text: z.string().min(1).max(1000), matchCase: z.boolean(), limit: z.number().int().min(1).max(10_000) }),
    answer: ({ engine }, args) => engine.console.search(args),
  },
  'console.write': {
    args: z.object({ ...session, data: z.string().max(1 << 20) }),
    answer: ({ engine }, args) => nothing(engine.console.write(args)),
  },
  'console.resize': {
    args: z.object({ ...session, columns: size, rows: size }),
    answer: ({ engine }, args) => nothing(engine.console.resize(args)),
  },
};
