import { z } from 'zod';

/** Shapes that several nouns' arguments share. */
export const empty = z.object({});
/** A text that the system can take: of a path with a NUL some calls throw and some see the part before it. */
const systemText = z
  .string()
  .max(32_768)
  .refine((text) => !text.includes('\0'), 'a NUL');
export const path = systemText.min(1);
/** Empty: none was named. */
export const maybePath = systemText;
export const project = z.string().max(64);
export const id = z.number().int().nonnegative();
export const ids = z.array(id).max(100_000);
export const time = z.number().finite();
export const note = z.string().max(100_000);
export const name = z.string().min(1).max(500);
/** Of a terminal. */
export const size = z.number().int().min(1).max(1000);
export const session = { project, session: id };
export const snapshot = { project, snapshot: id };
