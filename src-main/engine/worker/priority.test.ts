import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

/** Field 19 of `/proc/…/stat`, counted behind the name in parentheses. */
function niceOf(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
}

it.runIf(process.platform === 'linux')('lowers its own thread and no other', async () => {
  const before = niceOf(readFileSync('/proc/self/stat', 'latin1'));
  const worker = new Worker(new URL('./testing-priority.ts', import.meta.url));
  const [{ lowered, stat }] = (await once(worker, 'message')) as [{ lowered: boolean; stat: string }];
  expect([lowered, niceOf(stat)]).toEqual([true, Math.max(before, 7)]);
  expect(niceOf(readFileSync('/proc/self/stat', 'latin1'))).toBe(before);
  await worker.terminate();
});
