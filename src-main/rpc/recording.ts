import { z } from 'zod';
import { LARGEST_SAMPLING, type RecordingMethods } from '../../src-preload/contract/index.ts';
import { launchSchema } from '../engine/faces/launch.ts';
import { empty, project, session, size } from './arguments.ts';
import { nothing, type Calls } from './calls.ts';

export const recordingCalls: Calls<RecordingMethods> = {
  'recording.start': {
    args: z.object({ spec: launchSchema, confirmed: z.boolean(), project: project.nullable(), columns: size, rows: size }),
    answer: async ({ engine }, args) => {
      const { project, recording } = await engine.recording.start({ ...args, starter: 'pty' });
      return { project, session: recording.session };
    },
  },
  'recording.states': { args: empty, answer: ({ engine }) => engine.recording.states() },
  'recording.stop': {
    args: z.object({ ...session, how: z.enum(['interrupt', 'terminate', 'kill']) }),
    answer: ({ engine }, args) => nothing(engine.recording.stop(args)),
  },
  'recording.collect': {
    args: z.object(session),
    answer: ({ engine }, args) => engine.recording.collect(args),
  },
  'recording.tracemalloc': {
    args: z.object({ ...session, frames: z.number().int().min(0).max(100) }),
    answer: ({ engine }, args) => engine.recording.tracemalloc(args),
  },
  'recording.setSampling': {
    args: z.object({ ...session, mean: z.number().int().min(0).max(LARGEST_SAMPLING) }),
    answer: ({ engine }, args) => engine.recording.setSampling(args),
  },
  'recording.pause': {
    args: z.object({ ...session, paused: z.boolean() }),
    answer: ({ engine }, args) => nothing(engine.recording.pause(args)),
  },
  'recording.mark': {
    args: z.object({ ...session, name: z.string().min(1).max(200) }),
    answer: ({ engine }, args) => engine.recording.mark(args),
  },
};
