/**
 * What recording the timeline at 10 Hz costs the program: the same CPU-bound program with and without, in turn, in one
 * run. The program times its own loop, so that start-up is left out; start-up is measured by the agent's own bench.
 * Budget (DESIGN.md): ratio at most 1.01. `--quick`: fewer pairs.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LaunchSpec } from '../../src-preload/contract/index.ts';
import { silentLog } from '../engine/base/log.ts';
import { createEngine, type Engine } from '../engine/index.ts';
import { chooseInterpreter, planLaunch, startInPty } from '../engine/targets/index.ts';

const PROGRAM = `
import time
def work():
    rows = []
    total = 0
    for i in range(900_000):
        rows.append((i, str(i)))
        total += hash(rows[-1][1]) & 7
        if len(rows) > 20_000:
            rows = []
    return total
work()
start = time.perf_counter()
for _ in range(4):
    work()
print("TOOK", time.perf_counter() - start)
`;

const quick = process.argv.includes('--quick');
const PAIRS = quick ? 3 : 15;
const root = resolve(import.meta.dirname, '../..');

function specOf(script: string): LaunchSpec {
  return { mode: 'script', interpreter: '', target: script, args: [], cwd: '', env: {}, intervalMs: 100, tracemallocFrames: 0 };
}

function tookOf(output: string): number {
  const found = /TOOK ([\d.]+)/.exec(output);
  if (!found) throw new Error(`the program did not say how long it took: ${output}`);
  return Number(found[1]);
}

async function alone(spec: LaunchSpec): Promise<number> {
  const options = { env: process.env, home: homedir() };
  const plan = planLaunch(spec, { interpreter: await chooseInterpreter(spec, options), agent: null, ...options });
  const target = startInPty(plan, { columns: 80, rows: 24 });
  let output = '';
  target.onData((bytes) => (output += Buffer.from(bytes).toString()));
  await new Promise<void>((done) => target.onExit(() => done()));
  return tookOf(output);
}

async function recorded(engine: Engine, spec: LaunchSpec): Promise<{ took: number; samples: number }> {
  const { project, recording } = await engine.record(spec, { project: null, columns: 80, rows: 24, starter: 'pty' });
  let output = '';
  recording.onConsole.on((part) => (output += Buffer.from(part.data).toString()));
  await recording.ended;
  const samples = engine.projects.file(project.id).session(recording.session).samples;
  engine.closeProject(project.id);
  return { took: tookOf(output), samples };
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const folder = mkdtempSync(join(tmpdir(), 'heapscope-bench-'));
const script = join(folder, 'cpu_bound.py');
writeFileSync(script, PROGRAM);
const engine = await createEngine({ dataFolder: folder, agentFolder: join(root, 'python-agent'), samplesFolder: join(root, 'resources/samples'), log: silentLog });
const ratios: number[] = [];
const without: number[] = [];
let samples = 0;
for (let pair = 0; pair < PAIRS; pair += 1) {
  const first = pair % 2 === 0;
  const before = first ? await alone(specOf(script)) : null;
  const run = await recorded(engine, specOf(script));
  const plain = before ?? (await alone(specOf(script)));
  samples = run.samples;
  without.push(plain);
  ratios.push(run.took / plain);
}
await engine.dispose();
rmSync(folder, { recursive: true });
const sorted = [...ratios].sort((a, b) => a - b);
console.log(`recording at 10 Hz, ${PAIRS} pairs of a CPU-bound program of ${median(without).toFixed(2)} s, ${samples} samples each:`);
console.log(`  run time with / without: median ${median(ratios).toFixed(4)} (from ${sorted[0]?.toFixed(4)} to ${sorted.at(-1)?.toFixed(4)}); budget 1.01`);
