import { parentPort, workerData } from 'node:worker_threads';
import type { ToWorker, WorkerLimits } from './wire.ts';
import { WorkerSide } from './worker-side.ts';

/** The entry of both worker threads. */
const port = parentPort;
if (port) {
  const side = new WorkerSide((message) => port.postMessage(message), workerData as WorkerLimits);
  port.on('message', (message: ToWorker) => side.receive(message));
}
