import { once } from 'node:events';
import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** A smaller file is checked sooner than a thread is started. */
const WORTH_A_THREAD = 8 * 1024 * 1024;
const WORKER_URL = new URL(`./check.worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

/**
 * Checks a large project on a thread of its own, as a recording must not wait for it. Gives what `openFile` takes as `known`:
 * the state in which the file was found whole; null where it is small, is not whole, or the thread could not say. Never throws.
 */
export async function checkElsewhere(path: string): Promise<string | null> {
  if (sizeOf(path) < WORTH_A_THREAD) return null;
  const worker = new Worker(WORKER_URL, { name: 'check', workerData: path });
  try {
    const [state] = (await Promise.race([once(worker, 'message'), once(worker, 'exit').then(() => [null])])) as [string | null];
    return state;
  } catch {
    return null;
  } finally {
    await worker.terminate();
  }
}

/** What the system refuses to look at is for whoever opens it to name. */
function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
