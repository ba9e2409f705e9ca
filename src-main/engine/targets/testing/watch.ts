import { afterEach } from 'vitest';
import { createTreeSampler } from '../sampler/create-tree-sampler.ts';
import type { TreeSamplerOptions } from '../sampler/create-tree-sampler.ts';
import type { EndedProcess, ProcessSample, TreeSample, TreeSampler } from '../sampler/types.ts';

const samplers: TreeSampler[] = [];

afterEach(() => {
  for (const sampler of samplers.splice(0)) sampler.dispose();
});

export interface Watched {
  sampler: TreeSampler;
  samples: TreeSample[];
  /** All ends so far. */
  ended(): EndedProcess[];
  /** Resolves with the first sample, past ones included, that satisfies the condition. */
  until(satisfies: (sample: TreeSample) => boolean): Promise<TreeSample>;
  /** Resolves with the first figures of a process that satisfy the condition. */
  untilProcess(satisfies: (process: ProcessSample) => boolean): Promise<ProcessSample>;
  /** Resolves when a process has ended. */
  untilEnded(pid: number): Promise<EndedProcess>;
}

/** Watches a tree at a faster rate than usual; stopped when the test ends. */
export function watch(rootPid: number, options: Partial<TreeSamplerOptions> = {}): Watched {
  const sampler = createTreeSampler(rootPid, { intervalMs: 20, ...options });
  samplers.push(sampler);
  const samples: TreeSample[] = [];
  const waiting = new Set<(sample: TreeSample) => void>();
  sampler.onTick((sample) => {
    samples.push(sample);
    for (const look of waiting) look(sample);
  });
  const until: Watched['until'] = (satisfies) =>
    new Promise((resolve) => {
      const look = (sample: TreeSample): void => {
        if (satisfies(sample)) resolve(sample);
      };
      samples.forEach(look);
      waiting.add(look);
    });
  return {
    sampler,
    samples,
    ended: () => samples.flatMap((sample) => sample.ended),
    until,
    untilProcess: async (satisfies) => (await until((sample) => sample.processes.some(satisfies))).processes.find(satisfies)!,
    untilEnded: async (pid) =>
      (await until((sample) => sample.ended.some((each) => each.pid === pid))).ended.find((each) => each.pid === pid)!,
  };
}
