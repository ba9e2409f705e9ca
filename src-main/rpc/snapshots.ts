import { z } from 'zod';
import type { SnapshotMethods } from '../../src-preload/contract/index.ts';
import { methodChoiceSchema, optionsSchema, rulesSchema } from '../engine/faces/snapshots.ts';
import { ids, name, note, processId, project, session, sessionId, snapshot, snapshotId } from './arguments.ts';
import { nothing, type Calls } from './calls.ts';

const several = z.object({ project, snapshots: ids(snapshotId) });

export const snapshotCalls: Calls<SnapshotMethods> = {
  'snapshots.forecast': {
    args: z.object({ ...session, method: methodChoiceSchema.optional() }),
    answer: ({ engine }, args) => engine.snapshots.forecast(args),
  },
  'snapshots.take': {
    args: z.object({ ...session, processes: ids(processId).nullable(), name: z.string().max(200), options: optionsSchema }),
    answer: ({ engine }, args) => engine.snapshots.take(args),
  },
  'snapshots.cancel': { args: z.object(snapshot), answer: ({ engine }, args) => nothing(engine.snapshots.cancel(args)) },
  'snapshots.setPlan': {
    args: z.object({ ...session, rules: rulesSchema, options: optionsSchema }),
    answer: ({ engine }, args) => nothing(engine.snapshots.setPlan(args)),
  },
  'snapshots.plan': { args: z.object(session), answer: ({ engine }, args) => engine.snapshots.plan(args) },
  'snapshots.list': {
    args: z.object({ project, session: sessionId.nullable() }),
    answer: ({ engine }, args) => engine.snapshots.list(args),
  },
  'snapshots.update': {
    args: z.object({ ...snapshot, name: name.optional(), note: note.optional() }),
    answer: ({ engine }, args) => engine.snapshots.update(args),
  },
  'snapshots.delete': {
    args: several,
    answer: ({ engine }, args) => nothing(engine.snapshots.delete(args)),
  },
  'snapshots.restore': {
    args: several,
    answer: ({ engine }, args) => nothing(engine.snapshots.restore(args)),
  },
};
