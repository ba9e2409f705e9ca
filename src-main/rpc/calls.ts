import type { z } from 'zod';
import type { AppInfo, Args, MethodName, Result } from '../../src-preload/contract/index.ts';
import type { Engine } from '../engine/index.ts';
import type { CallContext } from './router.ts';

/** What the handlers need to answer calls. */
export interface Served {
  engine: Engine;
  /** Only the shell knows how it was started. */
  info: (shell: AppInfo['shell']) => AppInfo;
}

/** One method: the schema of its arguments (others are refused before it runs), and its handler. */
export interface Call<M extends MethodName> {
  args: z.ZodType<Args<M>>;
  answer(served: Served, args: Args<M>, context: CallContext): Promise<Result<M>> | Result<M>;
}

/** The calls of one noun of the contract. */
export type Calls<Methods> = { [M in keyof Methods & MethodName]: Call<M> };

/** The result of methods that return nothing. */
export function nothing(_done: void): Record<never, never> {
  return {};
}
