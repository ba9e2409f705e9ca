import { HeapscopeError } from '../engine/faces/base.ts';

/** One input of the sizes used here has no reason to make us hold so much more than before. What earlier ones left is the collector's affair. */
const MOST_BYTES = 512 * 1024 * 1024;
/** A guard against what never ends; a slow machine is no fault. */
const LONGEST_MS = 60_000;

/** A fault of ours, or what one input did to us. */
export class Found extends Error {
  override readonly name = 'Found';
}

/** Runs `work`: it gives an answer or throws one of our refusals. Anything else is found. */
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
