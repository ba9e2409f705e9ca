import { parentPort } from 'node:worker_threads';
import { HeapscopeError } from '../base/errors.ts';
import { WorkerSide } from './side.ts';
import type { Protocol, ToWorker } from './wire.ts';

/** A worker for tests that only moves pieces: sums the pieces it reads, sends numbers, or never settles a piece. */
export interface PartsProtocol extends Protocol {
  job: { k: 'take' | 'give' | 'hold'; count: number };
  result: number;
  part: number;
  source: number;
  piece: number;
}

const port = parentPort;
if (port) {
  const side = new WorkerSide<PartsProtocol>(
    (message) => port.postMessage(message),
    (reads) => ({
      async run({ k, count }, { control, store }) {
        let sum = 0;
        if (k === 'give') {
          for (; sum < count; sum++) {
            await store(sum);
            control.check();
          }
          return sum;
        }
        let left = count;
        for await (const piece of reads.read(1)) {
          sum += piece;
          if (k === 'hold') await new Promise(() => undefined);
          left -= 1;
          if (left === 0) break;
        }
        return sum;
      },
      notice: () => undefined,
      outOfMemory: (thrown) => new HeapscopeError('internal', { detail: thrown.message }),
    }),
  );
  port.on('message', (message: ToWorker<PartsProtocol>) => side.receive(message));
}
