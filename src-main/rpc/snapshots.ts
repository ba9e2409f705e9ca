import { z } from 'zod';
import type { SnapshotMethods } from '../../src-preload/contract/index.ts';
import { captureMethodSchema, optionsSchema, rulesSchema } from '../engine/project/index.ts';
import { id, ids, name, note, project, session, snapshot } from './arguments.ts';
import { nothing, type Calls } from './calls.ts';

const several = z.object({ project, snapshots: ids });

export const snapshotCalls: Calls<SnapshotMethods> = {
  'snapshots.forecast': {
    args: z.object({ ...session, method: captureMethodSchema.optional() }),
    answer: ({ engine }, { project, session, method }) => engine.snapshots.forecast(project, session, method),
  },
  'snapshots.take': {
    args: z.object({ ...session, processes: ids.nullable(), name: z.string().max(200), options: optionsSchema }),
    answer: ({ engine }, { project, session, ...asked }) => engine.snapshots.take(project, session, asked),
  },
  'snapshots.cancel': { args: z.object(snapshot), answer: ({ engine }, ref) => nothing(engine.snapshots.cancel(ref)) },
  'snapshots.setPlan': {
    args: z.object({ ...session, rules: rulesSchema, options: optionsSchema }),
    answer: ({ engine }, { project, session, ...plan }) => nothing(engine.snapshots.setPlan(project, session, plan)),
  },
  'snapshots.plan': { args: z.object(session), answer: ({ engine }, { project, session }) => engine.snapshots.plan(project, session) },
  'snapshots.list': {
    args: z.object({ project, session: id.nullable() }),
    answer: ({ engine }, { project, session }) => engine.projects.file(project).snapshots.list(session),
  },
  'snapshots.update': {
    args: z.object({ ...snapshot, name: name.optional(), note: note.optional() }),
    answer: ({ engine }, { project, snapshot, ...patch }) => engine.projects.writable(project).snapshots.update(snapshot, patch),
  },
  'snapshots.delete': {
    args: several,
    answer: ({ engine }, { project, snapshots }) => nothing(engine.snapshots.delete(project, snapshots)),
  },
  'snapshots.restore': {
    args: several,
    answer: ({ engine }, { project, snapshots }) => nothing(engine.snapshots.restore(project, snapshots)),
  },
};
