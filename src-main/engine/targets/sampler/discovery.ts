import { existsSync, readdirSync, statfsSync } from 'node:fs';
import type { Milliseconds } from '../../../../src-preload/contract/index.ts';
import { parseStat } from './stat.ts';
import { ProcFile, readOnce, SCRATCH } from './proc-file.ts';
import type { TrackedProcess } from './tracked-process.ts';

/** Threads of one process whose children are listed in one tick; the others follow in the next ones. */
const THREADS_A_TICK = 32;
/** The tree is walked at least this often, even if nothing seems to have started. */
const WALK_EVERY: Milliseconds = 1000;
/** A pid may be assigned a moment before its process becomes visible, so the walk is repeated. */
const WALKS_AFTER_CHANGE = 2;
const PROC_FILE_SYSTEM = 0x9fa0;

/** Finds processes that joined the tree. */
export class Discovery {
  readonly #proc: string;
  readonly #root: number;
  readonly #loadavg: ProcFile | null;
  readonly #listsChildren: boolean;
  #lastPid: number | null = null;
  #walksLeft = WALKS_AFTER_CHANGE;
  #walkDue = 0;
  #threadTurn = 0;

  constructor(proc: string, root: number) {
    this.#proc = proc;
    this.#root = root;
    this.#listsChildren = [root, process.pid].some((pid) => existsSync(`${proc}/${pid}/task/${pid}/children`));
    this.#loadavg = isGenuine(`${proc}/loadavg`) ? new ProcFile(`${proc}/loadavg`, 'speed') : null;
  }

  /** Pids that are children of the followed processes and not followed yet, each once; null: no walk was due. */
  find(t: Milliseconds, followed: ReadonlyMap<number, TrackedProcess>): number[] | null {
    if (!this.#listsChildren) return this.#scan(t, followed);
    if (!this.#worthWalking(t, followed)) return null;
    const found = new Set<number>();
    for (const process of followed.values()) {
      const unknown = this.#childrenOf(process).filter((pid) => !followed.has(pid));
      // The list may be of another process that reused its pid.
      if (unknown.length > 0 && process.lives()) unknown.forEach((pid) => found.add(pid));
    }
    return [...found];
  }

  close(): void {
    this.#loadavg?.close();
  }

  /**
   * The last field of `loadavg` is the most recently assigned pid of the whole machine (in our pid namespace): while it does not change, no
   * process was started. One read of 5 µs saves the walk on a quiet machine.
   */
  #worthWalking(t: Milliseconds, followed: ReadonlyMap<number, TrackedProcess>): boolean {
    const length = this.#loadavg?.read() ?? 0;
    const pid = length > 0 ? Number(SCRATCH.toString('latin1', 0, length).trim().split(' ').at(-1)) : 0;
    if (pid === 0 || pid !== this.#lastPid) {
      this.#lastPid = pid;
      this.#walksLeft = WALKS_AFTER_CHANGE + Math.ceil(mostThreads(followed) / THREADS_A_TICK);
    }
    if (this.#walksLeft === 0 && t < this.#walkDue) return false;
    this.#walksLeft = Math.max(0, this.#walksLeft - 1);
    this.#walkDue = t + WALK_EVERY;
    this.#threadTurn++;
    return true;
  }

  /** A child is listed with the thread that started it. */
  #childrenOf(process: TrackedProcess): number[] {
    const pids = numbersIn(process.children.read(true));
    if (process.stat.threads <= 1) return pids;
    const threads = this.#otherThreads(process.pid);
    const pages = Math.ceil(threads.length / THREADS_A_TICK);
    const from = pages === 0 ? 0 : (this.#threadTurn % pages) * THREADS_A_TICK;
    for (const thread of threads.slice(from, from + THREADS_A_TICK)) {
      pids.push(...numbersIn(readOnce(`${this.#proc}/${process.pid}/task/${thread}/children`, true)));
    }
    return pids;
  }

  #otherThreads(pid: number): string[] {
    try {
      return readdirSync(`${this.#proc}/${pid}/task`).filter((thread) => thread !== String(pid));
    } catch {
      return [];
    }
  }

  /** For kernels without CONFIG_PROC_CHILDREN: every process in `/proc` whose parent, or session leader, is ours. */
  #scan(t: Milliseconds, followed: ReadonlyMap<number, TrackedProcess>): number[] | null {
    if (t < this.#walkDue) return null;
    this.#walkDue = t + WALK_EVERY;
    const parents = new Map<number, number[]>();
    const found = new Set<number>();
    for (const pid of pidsIn(this.#proc)) {
      const length = followed.has(pid) ? 0 : readOnce(`${this.#proc}/${pid}/stat`);
      const stat = length > 0 ? parseStat(SCRATCH, length) : null;
      if (stat === null) continue;
      parents.set(stat.ppid, [...(parents.get(stat.ppid) ?? []), pid]);
      if (stat.session === this.#root) found.add(pid);
    }
    const open = [...followed.keys(), ...found];
    for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
      for (const child of parents.get(pid) ?? []) {
        if (found.has(child)) continue;
        found.add(child);
        open.push(child);
      }
    }
    return [...found];
  }
}

function mostThreads(followed: ReadonlyMap<number, TrackedProcess>): number {
  let most = 0;
  for (const process of followed.values()) most = Math.max(most, process.stat.threads);
  return most;
}

function numbersIn(length: number): number[] {
  if (length <= 0) return [];
  const numbers: number[] = [];
  let number = 0;
  for (let at = 0; at < length; at++) {
    const char = SCRATCH[at]!;
    if (char >= 0x30 && char <= 0x39) number = number * 10 + (char - 0x30);
    else if (number > 0) {
      numbers.push(number);
      number = 0;
    }
  }
  if (number > 0) numbers.push(number);
  return numbers;
}

function pidsIn(proc: string): number[] {
  try {
    return readdirSync(proc).map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** In containers another file system may replace `loadavg` (lxcfs), with an invented last pid. */
function isGenuine(file: string): boolean {
  try {
    return statfsSync(file).type === PROC_FILE_SYSTEM;
  } catch {
    return false;
  }
}
