import type { Bytes, ExitStatus, Milliseconds } from '../../../../src-preload/contract/index.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Peer, PeerIdentity } from '../../base/peer.ts';

/**
 * One process at one tick. A figure is null if it was not read in this tick (intervals differ by cost), or if the system does not provide
 * it: another user's process, macOS, Windows.
 */
export interface ProcessSample {
  /** `pid:start time`: a reused pid is another process. Unchanged by `exec`. */
  key: string;
  pid: number;
  /** 0: not known. */
  ppid: number;
  /** It was shown to descend from the root, or nothing on this system could show it. */
  descends: boolean;
  /** Its command line in one line, cut to 4096 characters; the kernel's name of it if there is none. */
  command: string;
  executable: string | null;
  /** When it started, on the scale of `monotonicNow()`, good to about 10 ms. */
  startedAt: Milliseconds | null;
  rss: Bytes | null;
  /** Highest RSS so far, from the kernel: about once a second. */
  peakRss: Bytes | null;
  swap: Bytes | null;
  /** Memory that only it holds, and its share of shared memory: at least 2 s apart, see `slow-figures.ts`. */
  uss: Bytes | null;
  pss: Bytes | null;
  /** Cores used since the last reading that was at least 95 ms ago (the kernel counts in steps of 10 ms). */
  cpu: number | null;
  threads: number | null;
  /** Open descriptors of any kind, including sockets. */
  files: number | null;
  /** How many of them are sockets; null above 4096 descriptors. */
  sockets: number | null;
  /** Memory mapped for pymalloc's arenas: CPython 3.15 on kernels that name memory. */
  arenas: Bytes | null;
}

export interface EndedProcess {
  key: string;
  pid: number;
  /** null: it could not be observed. Never guessed. */
  exit: ExitStatus | null;
  /** When it was noticed, `monotonicNow()`. */
  t: Milliseconds;
  /** Last known peak. */
  peakRss: Bytes | null;
}

export interface TreeSample {
  /** `monotonicNow()` at the start of the tick. */
  t: Milliseconds;
  /** Empty while paused and between ticks: then a sample carries only ends. */
  processes: ProcessSample[];
  ended: EndedProcess[];
  /** Processes of the tree that were seen but not followed, because there are too many. */
  cut: number;
  /** What the tick cost us. */
  cost: Milliseconds;
}

/** Watches a tree of processes from outside. Costs the target nothing except for `smaps_rollup`, which is read rarely. */
export interface TreeSampler extends Disposable {
  onTick(listener: (sample: TreeSample) => void): Disposable;
  /** Identifies the process that connected, and follows it from now on. What it reports about itself is a claim: see `PeerIdentity`. */
  identify(peer: Peer): PeerIdentity;
  /** Which of these ports of the loopback interface, connected to `enginePort`, are held by processes that descend from the root. */
  ownPorts(ports: readonly number[], enginePort: number): Set<number>;
  /** Signals every existing process that was shown to descend from the root, and no other. */
  signal(name: NodeJS.Signals): void;
  /** It is seen to run and not to be ending; false also where nothing tells these apart. */
  runs(key: string): boolean;
  /** It is about to end (its agent reported it, or its connection closed): its exit status is polled closely. */
  expectExit(key: string): void;
  pause(): void;
  resume(): void;
  setInterval(ms: Milliseconds): void;
}
