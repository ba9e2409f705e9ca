import { z } from 'zod';
import type { BookmarkMethods } from '../../src-preload/contract/index.ts';
import { id, note, project, snapshot } from './arguments.ts';
import { nothing, type Calls } from './calls.ts';
import { node } from './heap-arguments.ts';

export const bookmarkCalls: Calls<BookmarkMethods> = {
  'bookmarks.list': { args: z.object({ project }), answer: ({ engine }, args) => engine.bookmarks.list(args) },
  'bookmarks.set': {
    args: z.object({ ...snapshot, node, note, label: z.string().max(2000) }),
    answer: ({ engine }, args) => engine.bookmarks.set(args),
  },
  'bookmarks.delete': {
    args: z.object({ project, id }),
    answer: ({ engine }, args) => nothing(engine.bookmarks.delete(args)),
  },
};
