import { parentPort } from 'node:worker_threads';
import type { FromWorker, Protocol, ToWorker } from './wire.ts';

/** The requests that the worker for tests understands. */
export interface DyingProtocol extends Protocol {
  job: 'throw' | 'exit' | 'eat memory' | 'sleep' | 'answer';
}

parentPort?.on('message', (message: ToWorker<DyingProtocol>) => {
  if (message.k !== 'call') return;
  switch (message.job) {
    case 'throw':
      throw new Error('a defect');
    case 'exit':
      return process.exit(3);
    case 'eat memory':
      return eat();
    case 'answer':
      return parentPort?.postMessage({ k: 'done', call: message.call, value: 'alive' } satisfies FromWorker<DyingProtocol>);
    case 'sleep':
      return;
  }
});

function eat(): void {
  const eaten: object[][] = [];
  for (;;) eaten.push(Array.from({ length: 10_000 }, (_, i) => ({ i })));
}
