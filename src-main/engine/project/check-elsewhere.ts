import { once } from 'node:events';
import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** A smaller file is checked faster than a thread starts. */
const WORTH_A_THREAD = 8 * 1024 * 1024;
const WORKER_URL = new URL(`./check.worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

/**
 * Checks a large project on its own thread, since a recording must not wait for it. Returns what `openFile` takes as `known`: the state in
 * which the file was found intact; null if it is small, is not intact, or the thread failed. Never throws.
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

/** An error of the file system is left to the code that opens the file. */
function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
