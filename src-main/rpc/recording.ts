import { z } from 'zod';
import type { RecordingMethods } from '../../src-preload/contract/index.ts';
import { launchSchema } from '../engine/workspace/launch-schema.ts';
import { empty, project, session, size } from './arguments.ts';
import { nothing, type Calls } from './calls.ts';

export const recordingCalls: Calls<RecordingMethods> = {
  'recording.start': {
    args: z.object({ spec: launchSchema, confirmed: z.boolean(), project: project.nullable(), columns: size, rows: size }),
    answer: async ({ engine }, { spec, ...options }) => {
      const started = await engine.record(spec, { ...options, starter: 'pty' });
      return { project: started.project, session: started.recording.session };
    },
  },
  'recording.states': { args: empty, answer: ({ engine }) => engine.recordings.states() },
  'recording.stop': {
    args: z.object({ ...session, how: z.enum(['interrupt', 'terminate', 'kill']) }),
    answer: ({ engine }, { project, session, how }) => nothing(engine.recordings.get(project, session).stop(how)),
  },
  'recording.collect': {
    args: z.object(session),
    answer: ({ engine }, { project, session }) => engine.recordings.get(project, session).collect(),
  },
  'recording.tracemalloc': {
    args: z.object({ ...session, frames: z.number().int().min(0).max(100) }),
    answer: ({ engine }, { project, session, frames }) => engine.recordings.get(project, session).tracemalloc(frames),
  },
  'recording.pause': {
    args: z.object({ ...session, paused: z.boolean() }),
    answer: ({ engine }, { project, session, paused }) => nothing(engine.recordings.get(project, session).pause(paused)),
  },
  'recording.mark': {
    args: z.object({ ...session, name: z.string().min(1).max(200) }),
    answer: ({ engine }, { project, session, name }) => engine.recordings.get(project, session).mark(name),
  },
};
