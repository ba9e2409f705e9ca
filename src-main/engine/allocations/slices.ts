import { setImmediate } from 'node:timers/promises';
import { monotonicNow } from '../base/clock.ts';
import { HeapscopeError } from '../base/errors.ts';

/** Work that yields every few hundred microseconds. */
export type Slices<T> = Generator<void, T>;

/** How long the work goes on before the engine's thread serves others. */
const SLICE = 8;

/** Runs the work in short slices, so that no recording waits for it. `check` is called before each, and may throw. */
export async function inSlices<T>(work: Slices<T>, signal: AbortSignal, check: () => void): Promise<T> {
  for (;;) {
    if (signal.aborted) throw new HeapscopeError('call.cancelled');
    check();
    for (const began = monotonicNow(); monotonicNow() - began < SLICE;) {
      const { done, value } = work.next();
      if (done === true) return value;
    }
    await setImmediate();
  }
}
