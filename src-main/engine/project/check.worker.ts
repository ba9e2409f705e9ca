import { parentPort, workerData } from 'node:worker_threads';
import { findWhole } from './whole.ts';

/** The entry of the thread that checks one file: its state where it is whole, null where opening it will say what is wrong. */
function answer(path: string): string | null {
  try {
    return findWhole(path);
  } catch {
    return null;
  }
}

parentPort?.postMessage(answer(workerData as string));
