import { z } from 'zod';
import type { ProcessId, ProjectId, SeriesId, SessionId, SnapshotId } from '../../src-preload/contract/index.ts';

/** Argument shapes that several nouns share. */
export const empty = z.object({});
/** A text that the system accepts: some calls throw on a path with a NUL, others read only the part before it. */
const systemText = z
  .string()
  .max(32_768)
  .refine((text) => !text.includes('\0'), 'a NUL');
export const path = systemText.min(1);
/** Empty: none was given. */
export const maybePath = systemText;
export const project: z.ZodType<ProjectId> = z.string().max(64);
const whole = (): z.ZodNumber => z.number().int().nonnegative();
export const id = whole();
export const processId: z.ZodType<ProcessId> = whole();
export const seriesId: z.ZodType<SeriesId> = whole();
export const sessionId: z.ZodType<SessionId> = whole();
export const snapshotId: z.ZodType<SnapshotId> = whole();
export const ids = <Id>(one: z.ZodType<Id>): z.ZodType<Id[]> => z.array(one).max(100_000);
export const time = z.number().finite();
export const note = z.string().max(100_000);
export const name = z.string().min(1).max(500);
/** Size of a terminal. */
export const size = z.number().int().min(1).max(1000);
export const session = { project, session: sessionId };
export const snapshot = { project, snapshot: snapshotId };
