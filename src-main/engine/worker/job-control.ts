import type { Progress } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';

/** What a pass can use while it runs. In the worker. */
export interface JobControl {
  /** Throws `call.cancelled` once the caller has cancelled. Cheap: call it every few thousand steps. */
  check: () => void;
  /** Reports progress, at most a few times a second, and checks for cancellation. */
  progress: (progress: Progress & { objects?: number | null }) => void;
}

const BETWEEN_MS = 100;

/** `stop` is written by the main thread while this one is busy. */
export function jobControl(stop: SharedArrayBuffer, tell: (progress: Progress) => void): JobControl {
  const flag = new Int32Array(stop);
  let last = 0;
  let lastStep = '';
  const check = (): void => {
    if (Atomics.load(flag, 0) !== 0) throw new HeapscopeError('call.cancelled');
  };
  return {
    check,
    progress(progress) {
      check();
      const now = performance.now();
      if (progress.step === lastStep && now - last < BETWEEN_MS) return;
      last = now;
      lastStep = progress.step;
      tell(progress);
    },
  };
}

/** For work that nothing waits for. */
export const UNWATCHED: JobControl = { check: () => undefined, progress: () => undefined };
