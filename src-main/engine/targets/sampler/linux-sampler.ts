import type { ExitStatus, Milliseconds } from '../../../../src-preload/contract/index.ts';
import { monotonicNow } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { systemCode } from '../../base/errors.ts';
import type { Peer, PeerIdentity } from '../../base/peer.ts';
import type { OutOfMemoryWatch } from '../out-of-memory.ts';
import { Discovery } from './discovery.ts';
import { ExitWatch } from './exit-watch.ts';
import { descendants, isDescendant } from './descendants.ts';
import { Kinship } from './kinship.ts';
import { machineUnits } from './machine.ts';
import { allPids, hasInEnvironment, holdsSocket, innermostPid, isInitOfNamespace, socketInode, socketInodes, socketsOf } from './peer.ts';
import { readOnce, SCRATCH } from './proc-file.ts';
import { SlowFigures } from './slow-figures.ts';
import { Ticker } from './ticker.ts';
import { ancestorsOf, ticksNow } from './self.ts';
import { TrackedProcess } from './tracked-process.ts';
import type { EndedProcess, TreeSample, TreeSampler } from './types.ts';

/** Processes beyond this number are counted, not followed. */
export const FOLLOWED_AT_MOST = 512;
/** Including those whose agents announce them; agents of further ones cannot be identified. */
const ANNOUNCED_AT_MOST = 2048;
/** A new process costs ten times as much as a known one: the rest is added at the next ticks. */
const NEW_A_TICK = 64;
/** While paused only ends are looked for, at this interval. */
const PAUSED_EVERY: Milliseconds = 1000;
const HOUSEKEEPING_EVERY: Milliseconds = 1000;
/** Ends are looked for at least this often, also where ticks are farther apart: one read for each process. */
const ENDS_EVERY: Milliseconds = 500;
/** Where many have ended at once, most of a look is what those who hear of it do, once. */
const ENDS_SHARE = 0.5;
/** The kernel's name of the agent's forked copy of a process. */
const COPY_OF_HEAP = 'heapscope-snap';

export interface LinuxSamplerOptions {
  intervalMs: Milliseconds;
  proc: string;
  /** Part of the environment that only the program was started with; empty: there is none. */
  mark: string;
  outOfMemory: OutOfMemoryWatch;
}

/** Watches a tree of processes through `/proc`; runs on the engine's main thread, some tens of µs per process and tick. */
export class LinuxSampler implements TreeSampler {
  readonly #options: LinuxSamplerOptions;
  readonly #ticks = new Emitter<TreeSample>();
  readonly #followed = new Map<number, TrackedProcess>();
  readonly #discovery: Discovery;
  readonly #slow: SlowFigures;
  readonly #exits: ExitWatch;
  readonly #kin = new Kinship({
    lives: (pid) => this.#followed.get(pid)?.lives() ?? false,
    isInit: (pid) => isInitOfNamespace(this.#options.proc, pid),
    hasMark: (pid) => hasInEnvironment(this.#options.proc, pid, this.#options.mark),
  });
  /** Ourselves and our ancestors: never followed, whatever a peer claims. */
  readonly #untouchable: ReadonlySet<number>;
  readonly #ticker: Ticker;
  readonly #betweenTicks: Ticker;
  #interval: Milliseconds;
  #paused = false;
  #ended: EndedProcess[] = [];
  /** Seen but not followed, at the last walk. */
  #waiting: number[] = [];
  #housekeepingDue = 0;
  #lookedAt: Milliseconds = monotonicNow();

  constructor(rootPid: number, options: LinuxSamplerOptions) {
    this.#options = options;
    this.#interval = options.intervalMs;
    this.#discovery = new Discovery(options.proc, rootPid);
    this.#slow = new SlowFigures(options.proc);
    this.#exits = new ExitWatch((process) => this.#end(process));
    this.#ticker = new Ticker(options.intervalMs, () => this.#tick());
    this.#betweenTicks = new Ticker(ENDS_EVERY, () => this.#lookForEnds(), ENDS_SHARE);
    this.#untouchable = ancestorsOf(options.proc);
    this.#followRoot(rootPid);
    this.#ticker.start();
    this.#betweenTicks.start();
  }

  onTick(listener: (sample: TreeSample) => void): Disposable {
    return this.#ticks.on(listener);
  }

  identify(peer: Peer): PeerIdentity {
    const { proc } = this.#options;
    const near = (): number[] => [peer.pid, ...this.#followed.keys()];
    // A process may move its connection to another descriptor while we scan its descriptors.
    for (const where of [near, () => allPids(proc), near]) {
      const inode = socketInode(proc, peer);
      // A short program may have ended while we looked for it.
      if (inode === null) return this.#findClosed(peer.pid) ?? { kind: 'gone' };
      const pid = where().find((each) => innermostPid(proc, each) === peer.pid && holdsSocket(proc, each, inode));
      const process = pid === undefined ? null : this.#living(pid);
      if (process !== null) return this.#identityOf(process, true);
    }
    return { kind: 'unknown' };
  }

  ownPorts(ports: readonly number[], enginePort: number): Set<number> {
    const { proc } = this.#options;
    const inodes = socketInodes(proc, ports, enginePort);
    const own = new Set<number>();
    if (inodes.size === 0) return own;
    for (const pid of descendants(proc, this.#kin)) {
      for (const inode of socketsOf(proc, pid)) {
        const port = inodes.get(inode);
        if (port !== undefined) own.add(port);
      }
    }
    return own;
  }

  signal(name: NodeJS.Signals): void {
    for (const followed of [...this.#followed.values()]) {
      // In this order: kinship is decided by the process that has this pid now, not by what was read of it earlier.
      if (!followed.lives() || !this.#kin.has(followed.pid, followed.stat)) continue;
      try {
        process.kill(followed.pid, name);
      } catch (thrown) {
        if (systemCode(thrown) !== 'ESRCH' && systemCode(thrown) !== 'EPERM') throw thrown;
      }
    }
  }

  /** A process that ends has the kernel's flag before its descriptors are closed. */
  runs(key: string): boolean {
    const process = this.#byKey(key);
    return process !== undefined && process.lives() && !process.stat.exiting;
  }

  expectExit(key: string): void {
    const process = this.#byKey(key);
    if (process === undefined) return;
    // The status first: its parent may read it at any moment.
    this.#exits.watch(process);
    // The last chance: the peak disappears with its memory.
    if (this.#followed.has(process.pid) && !process.stat.exiting) process.readStatus();
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
    this.#betweenTicks.stop();
    this.#exits.stop();
    this.#discovery.close();
    for (const process of this.#followed.values()) {
      this.#slow.remove(process);
      process.close();
    }
    this.#followed.clear();
  }

  #byKey(key: string): TrackedProcess | undefined {
    return [...this.#followed.values()].find((each) => each.key === key);
  }

  #tick(): void {
    const t = monotonicNow();
    this.#lookedAt = t;
    this.#maintain(t);
    this.#discover(t);
    const processes: TreeSample['processes'] = [];
    for (const process of [...this.#followed.values()]) {
      const look = process.look();
      if (look === 'ended') this.#end(process);
      else if (look === 'lives' && !this.#paused)
        processes.push({ ...process.sample(t), descends: this.#kin.has(process.pid, process.stat) });
    }
    if (!this.#paused) this.#slow.run();
    if (!this.#paused || this.#ended.length > 0) this.#emit(t, processes);
  }

  /** After a tick that took long the next one is far, and whoever waits for the last process must not wait for that. */
  #lookForEnds(): void {
    const t = monotonicNow();
    if (t - this.#lookedAt < ENDS_EVERY) return;
    this.#lookedAt = t;
    for (const process of [...this.#followed.values()]) if (process.look() === 'ended') this.#end(process);
    if (this.#ended.length > 0) this.#emit(t, []);
  }

  #emit(t: Milliseconds, processes: TreeSample['processes']): void {
    const ended = this.#ended;
    this.#ended = [];
    this.#ticks.emit({ t, processes, ended, cut: this.#waiting.length, cost: monotonicNow() - t });
  }

  #discover(t: Milliseconds): void {
    const candidates = this.#discovery.find(t, this.#followed) ?? this.#waiting;
    // One that cannot be followed, now or ever, must not keep its place from those behind it.
    let tried = 0;
    while (tried < Math.min(NEW_A_TICK, candidates.length) && this.#followed.size < FOLLOWED_AT_MOST) {
      const pid = candidates[tried++]!;
      if (!isCopyOfHeap(this.#options.proc, pid)) this.#follow(pid);
    }
    this.#waiting = candidates.slice(tried);
  }

  #followRoot(pid: number): void {
    const root = this.#follow(pid);
    if (root !== null) this.#kin.add(pid, root.stat);
  }

  /** Not an entry that replaced an earlier process with the same pid. */
  #living(pid: number): TrackedProcess | null {
    const known = this.#followed.get(pid);
    const look = known?.look() ?? 'ended';
    if (known !== undefined && look === 'lives') return known;
    if (look === 'unseen') return null;
    if (known !== undefined) this.#end(known);
    return this.#follow(pid);
  }

  /**
   * A connection that is already closed may belong to a process that replaced its program by `exec`, or lost its descriptor: it is then
   * known by its pid, in the tree or as one that no tick has seen yet.
   */
  #findClosed(claimed: number): PeerIdentity | null {
    const { proc } = this.#options;
    const isClaimed = (pid: number): boolean => innermostPid(proc, pid) === claimed;
    const known = [...this.#followed.values()].find((each) => each.lives() && isClaimed(each.pid));
    const process = known ?? (isClaimed(claimed) && isDescendant(proc, this.#kin, claimed) ? this.#living(claimed) : null);
    return process === null ? null : this.#identityOf(process, false);
  }

  #identityOf({ pid, key, stat }: TrackedProcess, holds: boolean): PeerIdentity {
    const isOurs = this.#kin.isDescendant(pid, stat);
    if (isOurs) this.#kin.add(pid, stat);
    return { kind: isOurs ? 'descendant' : 'connected', pid, ppid: stat.ppid, key, holds };
  }

  #follow(pid: number): TrackedProcess | null {
    if (this.#untouchable.has(pid) || this.#followed.size >= ANNOUNCED_AT_MOST) return null;
    const process = TrackedProcess.open(this.#options.proc, pid, machineUnits());
    if (process === null) return null;
    this.#followed.set(pid, process);
    if (this.#kin.isDescendant(pid, process.stat)) this.#kin.add(pid, process.stat);
    this.#slow.add(process, monotonicNow());
    return process;
  }

  #end(process: TrackedProcess): void {
    this.#followed.delete(process.pid);
    this.#kin.ended(process.pid, process.stat, ticksNow(this.#options.proc));
    this.#slow.remove(process);
    this.#exits.remove(process);
    this.#ended.push({ key: process.key, pid: process.pid, exit: this.#exitOf(process), t: monotonicNow(), peakRss: process.peakRss });
    process.close();
  }

  #exitOf(process: TrackedProcess): ExitStatus | null {
    const exit = process.exit();
    return exit === null ? null : { ...exit, outOfMemory: exit.signal === 'SIGKILL' && this.#options.outOfMemory.happened() };
  }

  #maintain(t: Milliseconds): void {
    if (t < this.#housekeepingDue) return;
    this.#housekeepingDue = t + HOUSEKEEPING_EVERY;
    this.#options.outOfMemory.refresh();
  }
}

/**
 * The agent's forked child that walks the heap for a snapshot: not a process of the program's. It sets its name first
 * (`python-agent/native/heap/fork.c`), so a child that has not run yet may still turn out to be one, and is checked again.
 */
function isCopyOfHeap(proc: string, pid: number): boolean {
  const named = readOnce(`${proc}/${pid}/comm`);
  if (named > 0 && SCRATCH.toString('latin1', 0, named).trim() === COPY_OF_HEAP) return true;
  const ran = readOnce(`${proc}/${pid}/schedstat`);
  return ran > 0 && SCRATCH.toString('latin1', 0, ran).startsWith('0 ');
}
