/**
 * What recording the timeline at 10 Hz costs the program: one CPU-bound program does the same block of work again and again, alternately
 * with the recording running and paused. Two processes of one program differ by 10 % and more (memory placement, hash seed), so a pair
 * consists of two neighbouring blocks of one process. The program keeps working while a change takes effect: the agent must not be rested
 * when the block begins. What a paused agent still costs (its thread polls for commands ten times a second) is not visible here; start-up
 * is measured by the agent's own bench.
 *
 * Two programs: one without garbage collections, and one with thousands per second. Two times: wall time, and CPU time (all threads), which
 * other work on the machine disturbs less. Budget: ratio at most 1.01. `--quick`: fewer pairs. `HEAPSCOPE_BENCH_PYTHON`: an interpreter to
 * use instead of the first one found.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LaunchSpec } from '../../src-preload/contract/index.ts';
import { silentLog } from '../engine/base/log.ts';
import { createEngine } from '../engine/index.ts';

const PROGRAM = `
import gc, sys, time
if sys.argv[1] == "quiet":
    gc.disable()
def collections():
    return sum(stats["collections"] for stats in gc.get_stats())
def work():
    rows = []
    total = 0
    for i in range(1_000_000):
        rows.append((i, str(i)))
        total += hash(rows[-1][1]) & 7
        if len(rows) > 20_000:
            rows = []
    return total
work()
print("READY", flush=True)
for line in sys.stdin:
    work()
    before, start, cpu = collections(), time.perf_counter(), time.process_time()
    work()
    print("TOOK", time.perf_counter() - start, time.process_time() - cpu, collections() - before, flush=True)
`;

const PAIRS = process.argv.includes('--quick') ? 10 : 60;
const root = resolve(import.meta.dirname, '../..');

/** One block of work: wall and CPU seconds, and how often the garbage collector ran. */
interface Block {
  wall: number;
  cpu: number;
  collections: number;
}

/** One running copy of the program: does two blocks on request and reports how long the second took. */
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

  async block(): Promise<Block> {
    this.#output = '';
    this.#write('go\n');
    const [, wall, cpu, collections] = await this.#until(/TOOK ([\d.e-]+) ([\d.e-]+) (\d+)\r?\n/);
    return { wall: Number(wall), cpu: Number(cpu), collections: Number(collections) };
  }

  async #until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#output);
      if (found) return found;
      await new Promise<void>((resolve) => (this.#heard = resolve));
    }
  }
}

const quantile = (sorted: number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const median = (values: number[]): number =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );

const folder = mkdtempSync(join(tmpdir(), 'heapscope-bench-'));
const script = join(folder, 'cpu_bound.py');
writeFileSync(script, PROGRAM);
const engine = await createEngine({
  dataFolder: folder,
  agentFolder: join(root, 'python-agent'),
  samplesFolder: join(root, 'resources/samples'),
  log: silentLog,
});

/** Blocks with and without recording, in pairs; the order within a pair alternates. */
async function pairs(program: 'quiet' | 'collecting'): Promise<{ on: Block[]; off: Block[]; samples: number }> {
  const spec: LaunchSpec = {
    mode: 'script',
    interpreter: process.env['HEAPSCOPE_BENCH_PYTHON'] ?? '',
    target: script,
    args: [program],
    cwd: '',
    env: {},
    intervalMs: 100,
    tracemallocFrames: 0,
    sampling: 0,
  };
  const { project, recording } = await engine.recording.start({
    spec,
    project: null,
    columns: 80,
    rows: 24,
    confirmed: true,
    starter: 'pty',
  });
  const worker = new Worker((text) => recording.write(text));
  recording.onConsole.on((part) => worker.hear(part.data));
  await worker.ready();
  const on: Block[] = [];
  const off: Block[] = [];
  const turn = async (isRecorded: boolean): Promise<void> => {
    recording.pause(!isRecorded);
    (isRecorded ? on : off).push(await worker.block());
  };
  for (let pair = 0; pair < PAIRS; pair += 1) {
    await turn(pair % 2 === 0);
    await turn(pair % 2 !== 0);
  }
  const { samples } = engine.projects.file(project.id).sessions.get(recording.session);
  recording.stop('kill');
  return { on, off, samples };
}

function print(what: string, on: number[], off: number[]): void {
  const ratios = on.map((took, pair) => took / (off[pair] ?? NaN)).sort((a, b) => a - b);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(ratios, share).toFixed(3));
  console.log(
    `  ${what} recorded / paused: median ${middle}, middle half ${low} to ${high}; of the sums ${(sum(on) / sum(off)).toFixed(4)}; budget 1.01`,
  );
}

for (const program of ['quiet', 'collecting'] as const) {
  const { on, off, samples } = await pairs(program);
  const block = median(off.map(({ wall }) => wall));
  const rate = median(off.map(({ wall, collections }) => collections / wall));
  console.log(
    `recording at 10 Hz, ${PAIRS} pairs of a CPU-bound block of ${(block * 1000).toFixed(0)} ms with ${rate.toFixed(0)} collections a second, ${samples} samples recorded:`,
  );
  for (const time of ['wall', 'cpu'] as const) {
    print(
      time === 'wall' ? 'run time' : 'processor time',
      on.map((measured) => measured[time]),
      off.map((measured) => measured[time]),
    );
  }
}
await engine.dispose();
rmSync(folder, { recursive: true });
