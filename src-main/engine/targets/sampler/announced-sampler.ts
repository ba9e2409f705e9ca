import type { Milliseconds } from '../../../../src-preload/contract/index.ts';
import { monotonicNow } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Peer, PeerIdentity } from '../../base/peer.ts';
import { Emitter } from '../../base/emitter.ts';
import { systemCode } from '../../base/errors.ts';
import { Ticker } from './ticker.ts';
import type { EndedProcess, ProcessSample, TreeSample, TreeSampler } from './types.ts';

/**
 * Where there is no `/proc` (macOS, Windows): ticks with the announced processes, without figures, which their agents send. An end is
 * detected by checking whether the pid still exists; how the process ended is not visible.
 */
export class AnnouncedSampler implements TreeSampler {
  readonly #ticks = new Emitter<TreeSample>();
  readonly #followed = new Map<number, ProcessSample>();
  readonly #ticker: Ticker;
  #paused = false;
  #ended: EndedProcess[] = [];

  constructor(rootPid: number, intervalMs: Milliseconds) {
    this.#follow(rootPid);
    this.#ticker = new Ticker(intervalMs, () => this.#tick());
    this.#ticker.start();
  }

  onTick(listener: (sample: TreeSample) => void): Disposable {
    return this.#ticks.on(listener);
  }

  /** Nothing here can tell who connected: the claim of a running process is accepted, but it is never signalled. */
  identify({ pid }: Peer): PeerIdentity {
    const key = pid > 1 && pid !== process.pid ? this.#follow(pid) : null;
    return key === null ? { kind: 'gone' } : { kind: 'claimed', pid, ppid: null, key, holds: true };
  }

  ownPorts(): Set<number> {
    return new Set();
  }

  /** The program itself is signalled by the code that started it. */
  signal(): void {}

  /** That a pid exists is all that can be seen: its process may be ending. */
  runs(): boolean {
    return false;
  }

  expectExit(key: string): void {
    for (const process of this.#followed.values()) if (process.key === key) this.#lookAfter(process.pid);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  setInterval(ms: Milliseconds): void {
    this.#ticker.setInterval(ms);
  }

  dispose(): void {
    this.#ticker.stop();
    this.#followed.clear();
  }

  #follow(pid: number): string | null {
    const known = this.#followed.get(pid);
    if (known !== undefined) return known.key;
    if (!isThere(pid)) return null;
    const key = `${pid}:${Math.round(monotonicNow())}`;
    this.#followed.set(pid, { ...NOTHING_KNOWN, key, pid });
    return key;
  }

  #tick(): void {
    const t = monotonicNow();
    for (const pid of [...this.#followed.keys()]) this.#lookAfter(pid);
    const ended = this.#ended;
    this.#ended = [];
    if (this.#paused && ended.length === 0) return;
    const processes = this.#paused ? [] : [...this.#followed.values()].map((process) => ({ ...process }));
    this.#ticks.emit({ t, processes, ended, cut: 0, cost: monotonicNow() - t });
  }

  #lookAfter(pid: number): void {
    const process = this.#followed.get(pid);
    if (process === undefined || isThere(pid)) return;
    this.#followed.delete(pid);
    this.#ended.push({ key: process.key, pid, exit: null, t: monotonicNow(), peakRss: null });
  }
}

const NOTHING_KNOWN: Omit<ProcessSample, 'key' | 'pid'> = {
  ppid: 0,
  descends: true,
  command: '',
  executable: null,
  startedAt: null,
  rss: null,
  peakRss: null,
  swap: null,
  uss: null,
  pss: null,
  cpu: null,
  threads: null,
  files: null,
  sockets: null,
  arenas: null,
};

/** Another user's process also exists. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return systemCode(thrown) === 'EPERM';
  }
}
