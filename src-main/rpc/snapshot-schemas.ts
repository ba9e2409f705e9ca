import { z } from 'zod';
import type { RunMethods, SnapshotMethods } from '../../src-preload/contract/index.ts';
import { captureMethodSchema, comparisonSchema, optionsSchema, rulesSchema } from '../engine/workspace/snapshot-defaults.ts';
import { snapshotRef } from './heap-schemas.ts';

const project = z.string().max(64);
const id = z.number().int().nonnegative();
const ids = z.array(id).max(100_000);
const session = { project, session: id };
const note = z.string().max(100_000);
const run = comparisonSchema.shape.runs.element;

/** What the arguments of each call about snapshots and runs must look like. */
export const SNAPSHOT_SCHEMAS: { [M in keyof (SnapshotMethods & RunMethods)]: z.ZodType<(SnapshotMethods & RunMethods)[M]['args']> } = {
  'snapshots.plan': z.object({ ...session, method: captureMethodSchema.optional() }),
  'snapshots.take': z.object({ ...session, processes: ids.nullable(), name: z.string().max(200), options: optionsSchema }),
  'snapshots.cancel': z.object(snapshotRef),
  'snapshots.rules': z.object({ ...session, rules: rulesSchema, options: optionsSchema }),
  'snapshots.getRules': z.object(session),
  'snapshots.list': z.object({ project, session: id.nullable() }),
  'snapshots.update': z.object({ ...snapshotRef, name: z.string().min(1).max(500).optional(), note: note.optional() }),
  'snapshots.delete': z.object({ project, snapshots: ids }),
  'snapshots.restore': z.object({ project, snapshots: ids }),
  'bookmarks.list': z.object({ project }),
  'bookmarks.set': z.object({ ...snapshotRef, node: z.number().int().min(0).max(0xffff_ffff), note, label: z.string().max(2000) }),
  'bookmarks.delete': z.object({ project, id }),
  'runs.source': z.object({ path: run.shape.path.unwrap() }),
  'runs.figures': z.object({ project, runs: z.array(run).max(100), align: comparisonSchema.shape.align }),
  'runs.list': z.object({ project }),
  'runs.save': z.object({ project, comparison: comparisonSchema }),
  'runs.delete': z.object({ project, id }),
};
