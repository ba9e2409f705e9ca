import { z } from 'zod';
import type { AppMethods } from '../../src-preload/contract/index.ts';
import { settingsSchema } from '../engine/faces/app.ts';
import { empty, maybePath, path } from './arguments.ts';
import type { Calls } from './calls.ts';

/** A dropped file of this size is at the limit of what a browser may send. */
const MAX_RECEIVED = 60 << 20;

export const appCalls: Calls<AppMethods> = {
  'app.info': { args: empty, answer: ({ info }, _args, { shell }) => info(shell) },
  'settings.get': { args: empty, answer: ({ engine }) => engine.app.settings() },
  'settings.set': { args: settingsSchema.partial(), answer: ({ engine }, patch) => engine.app.changeSettings(patch) },
  'files.list': {
    args: z.object({ path: maybePath, filter: z.enum(['any', 'python', 'project', 'interpreter', 'folder']) }),
    answer: ({ engine }, args) => engine.app.listFiles(args),
  },
  'files.receive': {
    args: z.object({ name: path, data: z.instanceof(Uint8Array).refine((data) => data.length <= MAX_RECEIVED, 'too large') }),
    answer: ({ engine }, args) => engine.app.receiveFile(args),
  },
};
