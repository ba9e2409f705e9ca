import { parentPort, workerData } from 'node:worker_threads';
import { findWhole } from './whole.ts';

/** The entry of the thread that checks one file: its state if it is intact, null if opening it will report the fault. */
function answer(path: string): string | null {
  try {
    return findWhole(path);
  } catch {
    return null;
  }
}

parentPort?.postMessage(answer(workerData as string));
