import { parentPort } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './wire.ts';

/** A worker for tests, which does what the snapshot's number in the question says. */
export const DEATHS = { throws: 1, exits: 2, eatsMemory: 3, sleeps: 4, answers: 5 } as const;

parentPort?.on('message', (message: ToWorker) => {
  if (message.k !== 'query' || !('snapshot' in message.job.args)) return;
  switch (message.job.args.snapshot) {
    case DEATHS.throws:
      throw new Error('a defect');
    case DEATHS.exits:
      return process.exit(3);
    case DEATHS.eatsMemory:
      return eat();
    case DEATHS.answers:
      return parentPort?.postMessage({ k: 'done', call: message.call, value: 'alive' } satisfies FromWorker);
  }
});

function eat(): void {
  const eaten: object[][] = [];
  for (;;) eaten.push(Array.from({ length: 10_000 }, (_, i) => ({ i })));
}
