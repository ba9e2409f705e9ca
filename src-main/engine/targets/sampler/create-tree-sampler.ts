import type { Milliseconds } from '../../../../src-preload/contract/index.ts';
import { watchOutOfMemory } from '../out-of-memory.ts';
import type { OutOfMemoryWatch } from '../out-of-memory.ts';
import { AnnouncedSampler } from './announced-sampler.ts';
import { LinuxSampler } from './linux-sampler.ts';
import type { TreeSampler } from './types.ts';

export interface TreeSamplerOptions {
  /** 10 to 60000. Stretched automatically where a tick would use more than a tenth of our time. */
  intervalMs: Milliseconds;
  platform?: NodeJS.Platform;
  /** Where the kernel shows processes; default `/proc`. */
  proc?: string;
  /** Part of the environment that only the program was started with (a secret): a process that has it descends from the program. */
  mark?: string;
  /** Shared with the code that judges the root's end, so that one kill is not counted for two processes. */
  outOfMemory?: OutOfMemoryWatch;
}

/** Starts at once: the first tick comes as soon as the caller has finished. */
export function createTreeSampler(rootPid: number, options: TreeSamplerOptions): TreeSampler {
  if ((options.platform ?? process.platform) !== 'linux') return new AnnouncedSampler(rootPid, options.intervalMs);
  const { intervalMs, proc = '/proc', mark = '', outOfMemory = watchOutOfMemory({ proc }) } = options;
  return new LinuxSampler(rootPid, { intervalMs, proc, mark, outOfMemory });
}
