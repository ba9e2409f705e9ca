import { z } from 'zod';
import { LARGEST_SAMPLING, type LaunchSpec } from '../../../src-preload/contract/index.ts';

const text = z.string().max(1 << 20);

/** The shape of a launch specification, checked before anything else. */
export const launchSchema: z.ZodType<LaunchSpec> = z.object({
  mode: z.enum(['script', 'module', 'code', 'command']),
  interpreter: text,
  target: text,
  args: z.array(text).max(10_000),
  cwd: text,
  env: z.record(text, text.nullable()),
  intervalMs: z.number().int().min(10).max(60_000),
  tracemallocFrames: z.number().int().min(0).max(100),
  sampling: z.number().int().min(0).max(LARGEST_SAMPLING).default(0),
});
