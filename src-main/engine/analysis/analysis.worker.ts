import { parentPort, workerData } from 'node:worker_threads';
import { giveWay } from '../worker/priority.ts';
import { WorkerSide } from '../worker/side.ts';
import type { ToWorker } from '../worker/wire.ts';
import { HeapCache } from './heap-cache.ts';
import { HeapFiles } from './heap-files.ts';
import { HeapSources } from './heap-sources.ts';
import { importDump } from './import-job.ts';
import { outOfMemory, type HeapProtocol, type WorkerLimits } from './jobs.ts';
import { answer } from './queries/index.ts';

/** The entry of both worker threads. */
const port = parentPort;
if (port) {
  const { cache, nice, files: kept } = workerData as WorkerLimits;
  giveWay(nice);
  const side = new WorkerSide<HeapProtocol>(
    (message) => port.postMessage(message),
    (reads) => {
      const files = kept === null ? null : new HeapFiles(kept.folder, kept);
      const heaps = new HeapCache(new HeapSources(reads), cache, files);
      return {
        run: (job, { control, store }) =>
          job.k === 'query' ? answer(job.query, heaps, control) : importDump(job.import, store, control, files),
        notice: ({ forget }) => heaps.forget(forget),
        outOfMemory,
      };
    },
  );
  port.on('message', (message: ToWorker<HeapProtocol>) => side.receive(message));
}
