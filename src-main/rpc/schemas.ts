import { z } from 'zod';
import type { Args, MethodName } from '../../src-preload/contract/index.ts';
import { launchSchema } from '../engine/workspace/launch-schema.ts';
import { settingsSchema } from '../engine/workspace/settings.ts';
import { HEAP_SCHEMAS } from './heap-schemas.ts';
import { SNAPSHOT_SCHEMAS } from './snapshot-schemas.ts';

const path = z.string().min(1).max(32_768);
const anyPath = z.string().max(32_768);
const project = z.string().max(64);
const id = z.number().int().nonnegative();
const time = z.number().finite();
const ref = { project, session: id };
const ids = z.array(id).max(100_000);
const size = z.number().int().min(1).max(1000);
const empty = z.object({});
/** A dropped file of this size is at the limit of what a browser may send. */
const MAX_RECEIVED = 60 << 20;

/** What the arguments of each method must look like; everything else is refused before a handler sees it. */
export const SCHEMAS: { [M in MethodName]: z.ZodType<Args<M>> } = {
  'app.info': empty,
  'settings.get': empty,
  'settings.set': settingsSchema.partial(),
  'interpreters.list': z.object({ cwd: anyPath, refresh: z.boolean() }),
  'interpreters.check': z.object({ path }),
  'launch.check': z.object({ spec: launchSchema }),
  'launch.recents': empty,
  'launch.forget': z.object({ id }),
  'launch.samples': empty,
  'files.list': z.object({ path: anyPath, filter: z.enum(['any', 'python', 'project', 'interpreter', 'folder']) }),
  'files.receive': z.object({ name: path, data: z.instanceof(Uint8Array).refine((data) => data.length <= MAX_RECEIVED, 'too large') }),
  'projects.new': empty,
  'projects.open': z.object({ path }),
  'projects.list': empty,
  'projects.saveAs': z.object({ project, path, overwrite: z.boolean() }),
  'projects.close': z.object({ project, discard: z.boolean().optional() }),
  'projects.recents': empty,
  'projects.forget': z.object({ path }),
  'sessions.list': z.object({ project, after: z.number().int().min(0).optional(), limit: z.number().int().min(1).max(10_000).optional() }),
  'sessions.update': z.object({ ...ref, name: z.string().min(1).max(500).optional(), note: z.string().max(100_000).optional() }),
  'sessions.delete': z.object({ project, sessions: ids }),
  'sessions.restore': z.object({ project, sessions: ids }),
  'sessions.copy': z.object({ project, sessions: ids, toPath: path }),
  'sessions.processes': z.object(ref),
  'sessions.series': z.object(ref),
  'sessions.events': z.object({ ...ref, from: time, to: time, limit: z.number().int().min(0).max(100_000) }),
  'timeline.window': z.object({
    project,
    series: z.array(id).max(2_000),
    from: time,
    to: time,
    buckets: z.number().int().min(1).max(8192),
  }),
  'timeline.stats': z.object({ project, series: z.array(id).max(2_000), from: time, to: time }),
  'console.info': z.object(ref),
  'console.read': z.object({
    ...ref,
    offset: z.number().int().nonnegative(),
    limit: z
      .number()
      .int()
      .min(1)
      .max(8 << 20),
  }),
  'console.search': z.object({
    ...ref,
    text: z.string().min(1).max(1000),
    matchCase: z.boolean(),
    limit: z.number().int().min(1).max(10_000),
  }),
  'console.write': z.object({ ...ref, data: z.string().max(1 << 20) }),
  'console.resize': z.object({ ...ref, columns: size, rows: size }),
  'recording.start': z.object({ spec: launchSchema, project: project.nullable(), columns: size, rows: size }),
  'recording.states': empty,
  'recording.stop': z.object({ ...ref, how: z.enum(['interrupt', 'terminate', 'kill']) }),
  'recording.collect': z.object(ref),
  'recording.tracemalloc': z.object({ ...ref, frames: z.number().int().min(0).max(100) }),
  'recording.pause': z.object({ ...ref, paused: z.boolean() }),
  'recording.mark': z.object({ ...ref, name: z.string().min(1).max(200) }),

  ...SNAPSHOT_SCHEMAS,
  ...HEAP_SCHEMAS,
};
