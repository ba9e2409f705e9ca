import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * Lowers the priority of the calling thread, for good: the programs that are watched, the window and the engine's own main thread go before
 * it. Linux has a nice value for each thread (sched(7)); elsewhere it belongs to the process, and nothing is changed. Returns whether it
 * was.
 */
export function giveWay(nice: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    setPriority(threadId(), nice);
    return true;
  } catch {
    return false; // No /proc, or a filter of system calls: it runs as it did.
  }
}

/** `/proc/thread-self` is a link to `PID/task/TID`. */
function threadId(): number {
  return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
}
