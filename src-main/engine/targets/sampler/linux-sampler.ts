import type { ExitStatus, Milliseconds } from '../../../../src-preload/contract/index.ts';
import { monotonicNow } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { OutOfMemoryWatch } from '../out-of-memory.ts';
import { Discovery } from './discovery.ts';
import { ExitWatch } from './exit-watch.ts';
import { machineUnits } from './machine.ts';
import { readOnce, SCRATCH } from './proc-file.ts';
import { SlowFigures } from './slow-figures.ts';
import { Ticker } from './ticker.ts';
import { TrackedProcess } from './tracked-process.ts';
import type { EndedProcess, TreeSample, TreeSampler } from './types.ts';

/** More processes are counted, not followed. */
export const FOLLOWED_AT_MOST = 512;
/** A new process costs ten times a known one: the others join at the next ticks. */
const NEW_A_TICK = 64;
/** While paused only ends are looked for, this often. */
const PAUSED_EVERY: Milliseconds = 1000;
const HOUSEKEEPING_EVERY: Milliseconds = 1000;
/** What the agent's copy of a process calls itself, for the kernel. */
const COPY_OF_HEAP = 'heapscope-snap';

export interface LinuxSamplerOptions {
  intervalMs: Milliseconds;
  proc: string;
  outOfMemory: OutOfMemoryWatch;
}

/** Watches a tree of processes through `/proc`; runs on the engine's main thread, some tens of µs a process and tick. */
export class LinuxSampler implements TreeSampler {
  readonly #options: LinuxSamplerOptions;
  readonly #ticks = new Emitter<TreeSample>();
  readonly #followed = new Map<number, TrackedProcess>();
  readonly #discovery: Discovery;
  readonly #slow: SlowFigures;
  readonly #exits: ExitWatch;
  readonly #ticker: Ticker;
  #interval: Milliseconds;
  #paused = false;
  #ended: EndedProcess[] = [];
  /** Seen but not followed, at the last walk. */
  #waiting: number[] = [];
  #housekeepingDue = 0;

  constructor(rootPid: number, options: LinuxSamplerOptions) {
    this.#options = options;
    this.#interval = options.intervalMs;
    this.#discovery = new Discovery(options.proc, rootPid);
    this.#slow = new SlowFigures(options.proc);
    this.#exits = new ExitWatch((process) => this.#end(process));
    this.#ticker = new Ticker(options.intervalMs, () => this.#tick());
    this.adopt(rootPid);
    this.#ticker.start();
  }

  onTick(listener: (sample: TreeSample) => void): Disposable {
    return this.#ticks.on(listener);
  }

  adopt(pid: number): string | null {
    const known = this.#followed.get(pid);
    if (known?.lives()) return known.key;
    if (known !== undefined) this.#end(known);
    return this.#follow(pid)?.key ?? null;
  }

  expectExit(pid: number): void {
    const process = this.#followed.get(pid) ?? this.#follow(pid);
    if (process === null) return;
    // The status first: its parent may fetch it any moment now.
    this.#exits.watch(process);
    // The last chance: the peak goes with its memory.
    if (this.#followed.has(pid) && !process.stat.exiting) process.readStatus();
  }

  pause(): void {
    this.#paused = true;
    this.#ticker.setInterval(PAUSED_EVERY);
  }

  resume(): void {
    this.#paused = false;
    this.#ticker.setInterval(this.#interval);
  }

  setInterval(ms: Milliseconds): void {
    this.#interval = ms;
    if (!this.#paused) this.#ticker.setInterval(ms);
  }

  dispose(): void {
    this.#ticker.stop();
    this.#exits.stop();
    this.#discovery.close();
    for (const process of this.#followed.values()) {
      this.#slow.remove(process);
      process.close();
    }
    this.#followed.clear();
  }

  #tick(): void {
    const t = monotonicNow();
    this.#keepHouse(t);
    this.#discover(t);
    const processes: TreeSample['processes'] = [];
    for (const process of [...this.#followed.values()]) {
      if (!process.lives()) this.#end(process);
      else if (!this.#paused) processes.push(process.sample(t));
    }
    if (!this.#paused) this.#slow.run();
    const ended = this.#ended;
    this.#ended = [];
    if (this.#paused && ended.length === 0) return;
    this.#ticks.emit({ t, processes, ended, cut: this.#waiting.length, cost: monotonicNow() - t });
  }

  #discover(t: Milliseconds): void {
    const candidates = this.#discovery.find(t, this.#followed) ?? this.#waiting;
    const room = Math.max(0, Math.min(NEW_A_TICK, FOLLOWED_AT_MOST - this.#followed.size));
    for (const pid of candidates.slice(0, room)) if (!isCopyOfHeap(this.#options.proc, pid)) this.#follow(pid);
    this.#waiting = candidates.slice(room);
  }

  #follow(pid: number): TrackedProcess | null {
    const process = TrackedProcess.open(this.#options.proc, pid, machineUnits());
    if (process === null) return null;
    this.#followed.set(pid, process);
    this.#slow.add(process, monotonicNow());
    return process;
  }

  #end(process: TrackedProcess): void {
    this.#followed.delete(process.pid);
    this.#slow.remove(process);
    this.#exits.forget(process);
    this.#ended.push({ key: process.key, pid: process.pid, exit: this.#exitOf(process), t: monotonicNow(), peakRss: process.peakRss });
    process.close();
  }

  #exitOf(process: TrackedProcess): ExitStatus | null {
    const exit = process.exit();
    return exit === null ? null : { ...exit, outOfMemory: exit.signal === 'SIGKILL' && this.#options.outOfMemory.happened() };
  }

  #keepHouse(t: Milliseconds): void {
    if (t < this.#housekeepingDue) return;
    this.#housekeepingDue = t + HOUSEKEEPING_EVERY;
    this.#options.outOfMemory.refresh();
  }
}

/**
 * The agent's forked child that walks the heap for a snapshot: no process of the program's. It takes its name first thing
 * (`python-agent/native/src/fork.c`), so a child that has not run yet may still become one, and is looked at again.
 */
function isCopyOfHeap(proc: string, pid: number): boolean {
  const named = readOnce(`${proc}/${pid}/comm`);
  if (named > 0 && SCRATCH.toString('latin1', 0, named).trim() === COPY_OF_HEAP) return true;
  const ran = readOnce(`${proc}/${pid}/schedstat`);
  return ran > 0 && SCRATCH.toString('latin1', 0, ran).startsWith('0 ');
}
