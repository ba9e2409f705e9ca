/**
 * What sampling costs the engine: µs per process and tick, for small and large trees, threads and descriptors. Run: `node
 * src-main/bench/sampler-bench.ts`. Takes about twenty seconds.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createTreeSampler } from '../engine/targets/index.ts';
import type { TreeSample } from '../engine/targets/index.ts';

interface Case {
  name: string;
  /** Runs in the root process; prints a line when everything has started. */
  code: string;
  processes: number;
}

const CASES: Case[] = [
  { name: '1 process', code: '', processes: 1 },
  {
    name: '1 process, 500 threads',
    code: 'import threading, time\nfor _ in range(500): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()',
    processes: 1,
  },
  {
    name: '1 process, 1000 files, 1000 sockets',
    code: 'import socket\nf = [open("/dev/null") for _ in range(1000)]\ns = [socket.socket() for _ in range(1000)]',
    processes: 1,
  },
  { name: '1 process, 1 GB', code: 'a = bytearray(b"x") * (1 << 30)', processes: 1 },
  { name: '10 processes', code: 'import subprocess\np = [subprocess.Popen(["sleep", "60"]) for _ in range(9)]', processes: 10 },
  { name: '201 processes', code: 'import subprocess\np = [subprocess.Popen(["sleep", "60"]) for _ in range(200)]', processes: 201 },
];
const INTERVAL = 50;
const SECONDS = 3;

for (const each of CASES) await measure(each);

async function measure({ name, code, processes }: Case): Promise<void> {
  const child = spawn('python3', ['-I', '-c', `${code}\nprint("ready", flush=True)\nimport time; time.sleep(60)`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  await once(child.stdout, 'data');
  const sampler = createTreeSampler(child.pid!, { intervalMs: INTERVAL });
  const samples: TreeSample[] = [];
  sampler.onTick((sample) => sample.processes.length >= processes && samples.push(sample));
  await wait(500);
  samples.length = 0;
  const before = process.cpuUsage();
  await wait(SECONDS * 1000);
  const { user, system } = process.cpuUsage(before);
  sampler.dispose();
  process.kill(-child.pid!, 'SIGKILL');
  const costs = samples.map((sample) => sample.cost).sort((a, b) => a - b);
  const at = (share: number): number => costs[Math.floor(share * (costs.length - 1))] ?? Number.NaN;
  const perProcess = (at(0.5) * 1000) / processes;
  console.log(
    `${name.padEnd(38)} tick p50 ${at(0.5).toFixed(3)} ms, p95 ${at(0.95).toFixed(3)} ms; ${perProcess.toFixed(1)} µs a process and tick; ` +
      `${samples.length} ticks of ${(SECONDS * 1000) / INTERVAL}; engine ${((user + system) / 1e4 / SECONDS).toFixed(2)} % of a core`,
  );
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
