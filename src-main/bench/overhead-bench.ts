/**
 * What recording the timeline at 10 Hz costs the program: one CPU-bound program does the same block of work again and again,
 * in turn with the recording running and paused. Two processes of one program differ by 10 % and more (where their memory
 * lies, their hash seed), so a pair is made of two neighbouring blocks of one process. What a paused agent still costs (its
 * thread looks for commands ten times a second) is not seen; start-up is measured by the agent's own bench.
 * Budget (DESIGN.md): ratio at most 1.01. `--quick`: fewer pairs.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LaunchSpec } from '../../src-preload/contract/index.ts';
import { silentLog } from '../engine/base/log.ts';
import { createEngine } from '../engine/index.ts';

const PROGRAM = `
import sys, time
def work():
    rows = []
    total = 0
    for i in range(1_500_000):
        rows.append((i, str(i)))
        total += hash(rows[-1][1]) & 7
        if len(rows) > 20_000:
            rows = []
    return total
work()
print("READY", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    work()
    print("TOOK", time.perf_counter() - start, flush=True)
`;

const PAIRS = process.argv.includes('--quick') ? 10 : 80;
/** Twice the distance of two samples: by then a resumed recording is at its pace. */
const SETTLE = 200;
const root = resolve(import.meta.dirname, '../..');

/** One copy of the program: does a block when told to, and says how long it took. */
class Worker {
  readonly #write: (text: string) => void;
  #output = '';
  #heard: () => void = () => undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  hear(bytes: Uint8Array): void {
    this.#output += Buffer.from(bytes).toString();
    this.#heard();
  }

  async ready(): Promise<void> {
    await this.#until(/READY/);
  }

  /** Seconds of one block. */
  async block(): Promise<number> {
    this.#output = '';
    this.#write('go\n');
    return Number((await this.#until(/TOOK ([\d.]+)\r?\n/))[1]);
  }

  async #until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#output);
      if (found) return found;
      await new Promise<void>((resolve) => (this.#heard = resolve));
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const quantile = (sorted: number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

const folder = mkdtempSync(join(tmpdir(), 'heapscope-bench-'));
const script = join(folder, 'cpu_bound.py');
writeFileSync(script, PROGRAM);
const spec: LaunchSpec = {
  mode: 'script',
  interpreter: '',
  target: script,
  args: [],
  cwd: '',
  env: {},
  intervalMs: 100,
  tracemallocFrames: 0,
};
const engine = await createEngine({
  dataFolder: folder,
  agentFolder: join(root, 'python-agent'),
  samplesFolder: join(root, 'resources/samples'),
  log: silentLog,
});

const { project, recording } = await engine.record(spec, { project: null, columns: 80, rows: 24, starter: 'pty' });
const worker = new Worker((text) => recording.write(text));
recording.onConsole.on((part) => worker.hear(part.data));
await worker.ready();

const times = { with: [] as number[], without: [] as number[] };
async function turn(isRecorded: boolean): Promise<void> {
  recording.pause(!isRecorded);
  await pause(SETTLE);
  (isRecorded ? times.with : times.without).push(await worker.block());
}
for (let pair = 0; pair < PAIRS; pair += 1) {
  await turn(pair % 2 === 0);
  await turn(pair % 2 !== 0);
}
const { samples } = engine.projects.file(project.id).session(recording.session);
await engine.dispose();
rmSync(folder, { recursive: true });

const ratios = times.with.map((took, pair) => took / (times.without[pair] ?? NaN)).sort((a, b) => a - b);
const block = quantile(
  [...times.without].sort((a, b) => a - b),
  0.5,
);
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
console.log(`recording at 10 Hz, ${PAIRS} pairs of a CPU-bound block of ${(block * 1000).toFixed(0)} ms, ${samples} samples recorded:`);
console.log(
  `  run time recorded / paused: median ${quantile(ratios, 0.5).toFixed(4)}, middle half ${quantile(ratios, 0.25).toFixed(3)} to ${quantile(ratios, 0.75).toFixed(3)}; of the sums ${(sum(times.with) / sum(times.without)).toFixed(4)}; budget 1.01`,
);
