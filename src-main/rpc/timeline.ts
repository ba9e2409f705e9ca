import { z } from 'zod';
import type { TimelineMethods } from '../../src-preload/contract/index.ts';
import { project, seriesId, time } from './arguments.ts';
import type { Calls } from './calls.ts';

const range = { project, series: z.array(seriesId).max(2_000), from: time, to: time };

export const timelineCalls: Calls<TimelineMethods> = {
  'timeline.window': {
    args: z.object({ ...range, buckets: z.number().int().min(1).max(8192) }),
    answer: ({ engine }, args) => engine.timeline.window(args),
  },
  'timeline.stats': {
    args: z.object(range),
    answer: ({ engine }, args) => engine.timeline.stats(args),
  },
};
