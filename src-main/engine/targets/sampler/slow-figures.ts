import { readFile } from 'node:fs';
import type { Milliseconds } from '../../../../src-preload/contract/index.ts';
import { monotonicNow, processorTime } from '../../base/clock.ts';
import { systemCode } from '../../base/errors.ts';
import { parseArenas, parseKilobytes, parseRollup } from './figures.ts';
import type { TrackedProcess } from './tracked-process.ts';

/**
 * `smaps_rollup` walks all pages and holds the target's memory lock while it does (22 ms at 1 GB, 127 ms at 10 GB): read at least this far
 * apart, and for at most this fraction of the time.
 */
const ROLLUP_EVERY: Milliseconds = 2000;
/** The kernel's time for a rollup, twice as much as measured: what took longer was spent waiting for a processor. */
const ROLLUP_BASE: Milliseconds = 1;
const ROLLUP_PER_BYTE: Milliseconds = 44 / 2 ** 30;
const SHARE_OF_TARGET = 0.01;
/** `maps` for named arenas: read rarely, and after a few attempts no more where no memory is named. */
const ARENAS_EVERY: Milliseconds = 10_000;
const ARENAS_FIRST: Milliseconds = 1000;
const ARENAS_TRIES = 3;
/** Of our own time, over all processes. */
const SHARE_OF_OURS = 0.05;

interface Plan {
  rollupDue: Milliseconds;
  arenasDue: Milliseconds;
  arenasTries: number;
}

/** Reads expensive figures in the background, one file at a time, never on the main thread's time. */
export class SlowFigures {
  readonly #proc: string;
  readonly #plans = new Map<TrackedProcess, Plan>();
  #busy = false;
  #idleUntil = 0;

  constructor(proc: string) {
    this.#proc = proc;
  }

  add(process: TrackedProcess, t: Milliseconds): void {
    this.#plans.set(process, { rollupDue: t, arenasDue: t + ARENAS_FIRST, arenasTries: ARENAS_TRIES });
  }

  remove(process: TrackedProcess): void {
    this.#plans.delete(process);
  }

  /** Starts what is due, longest waiting first; continues by itself until nothing is due. */
  run(): void {
    const now = monotonicNow();
    if (this.#busy || now < this.#idleUntil) return;
    const next = this.#mostOverdue(now);
    if (next === null) return;
    this.#busy = true;
    const began = monotonicNow();
    const spent = processorTime();
    readFile(`${this.#proc}/${next.process.pid}/${next.what}`, 'latin1', (error, text) => {
      const cost = costOf(next.what, error === null ? text : null, monotonicNow() - began, processorTime() - spent);
      this.#busy = false;
      this.#idleUntil = monotonicNow() + cost * (1 / SHARE_OF_OURS - 1);
      const plan = this.#plans.get(next.process);
      if (plan !== undefined) settle(next.process, plan, next.what, error === null ? text : null, began, cost, denied(error));
    });
  }

  #mostOverdue(now: Milliseconds): { process: TrackedProcess; what: 'smaps_rollup' | 'maps' } | null {
    let best: { process: TrackedProcess; what: 'smaps_rollup' | 'maps' } | null = null;
    let earliest = now;
    for (const [process, plan] of this.#plans) {
      const due = Math.min(plan.rollupDue, plan.arenasDue);
      if (due > earliest) continue;
      earliest = due;
      best = { process, what: plan.rollupDue <= plan.arenasDue ? 'smaps_rollup' : 'maps' };
    }
    return best;
  }
}

/**
 * What a reading can have cost: never more than our processor time meanwhile, nor than its pages need. On a busy machine a reading takes long
 * because it waits, and that holds nobody up.
 */
function costOf(what: 'smaps_rollup' | 'maps', text: string | null, took: Milliseconds, spent: Milliseconds): Milliseconds {
  const resident = what === 'smaps_rollup' && text !== null ? parseKilobytes(text, 'Rss') : null;
  return Math.min(took, spent, resident === null ? Infinity : ROLLUP_BASE + resident * ROLLUP_PER_BYTE);
}

function settle(
  process: TrackedProcess,
  plan: Plan,
  what: 'smaps_rollup' | 'maps',
  text: string | null,
  began: Milliseconds,
  cost: Milliseconds,
  forever: boolean,
): void {
  const rest = forever ? Infinity : cost / SHARE_OF_TARGET;
  if (what === 'smaps_rollup') {
    plan.rollupDue = began + Math.max(ROLLUP_EVERY, rest);
    if (text !== null) Object.assign(process.slow, parseRollup(text));
    return;
  }
  const arenas = text === null ? null : parseArenas(text);
  if (arenas === null) plan.arenasTries--;
  process.slow.arenas = arenas;
  plan.arenasDue = plan.arenasTries === 0 ? Infinity : began + Math.max(ARENAS_EVERY, rest);
}

function denied(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'EACCES' || code === 'EPERM';
}
