import { HeapscopeError } from '../engine/faces/base.ts';

/**
 * No input of the sizes used here should make the process hold this much more memory than before. Garbage of earlier inputs is left to the
 * collector.
 */
const MOST_BYTES = 512 * 1024 * 1024;
/** A guard against endless loops; a slow machine is no failure. */
const LONGEST_MS = 60_000;

/** A defect of ours, or the effect of one input. */
export class Found extends Error {
  override readonly name = 'Found';
}

/** Runs `work`, which must return or throw one of our refusals. Anything else is a finding. */
export async function guarded(work: () => void | Promise<void>, isRefusal: (thrown: unknown) => boolean = () => false): Promise<void> {
  const started = performance.now();
  const before = process.memoryUsage().rss;
  try {
    await work();
  } catch (thrown) {
    const coded = thrown instanceof HeapscopeError && thrown.code !== 'internal';
    if (!coded && !isRefusal(thrown)) throw thrown;
  }
  const more = process.memoryUsage().rss - before;
  if (more > MOST_BYTES) throw new Found(`${Math.round(more / 2 ** 20)} MiB more are held`);
  if (performance.now() - started > LONGEST_MS) throw new Found('it took too long');
}
