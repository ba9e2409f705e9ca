import type { Bytes, ExitStatus, Milliseconds } from '../../../../src-preload/contract/index.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Peer, PeerIdentity } from '../../base/peer.ts';

/**
 * One process at one tick. A figure is null where it was not read in this tick (they are read at different
 * intervals, by their cost) and where the system does not give it: another user's process, macOS, Windows.
 */
export interface ProcessSample {
  /** `pid:start time`: a pid that comes back is another process. The same after `exec`. */
  key: string;
  pid: number;
  /** 0: not known. */
  ppid: number;
  /** It was shown to descend from the root, or nothing on this system could show it. */
  descends: boolean;
  /** Its command line in one line, cut to 4096 characters; kernel's name of it where there is none. */
  command: string;
  executable: string | null;
  /** When it started, on the scale of `monotonicNow()`, good to about 10 ms. */
  startedAt: Milliseconds | null;
  rss: Bytes | null;
  /** Highest RSS so far, from the kernel: about once a second. */
  peakRss: Bytes | null;
  swap: Bytes | null;
  /** What only it holds, and its share of what is shared: at least 2 s apart, see `slow-figures.ts`. */
  uss: Bytes | null;
  pss: Bytes | null;
  /** Cores used since the last reading that was at least 95 ms ago (the kernel counts in steps of 10 ms). */
  cpu: number | null;
  threads: number | null;
  /** Open descriptors of any kind, sockets among them. */
  files: number | null;
  /** Those of them that are sockets; null where there are more than 4096 descriptors. */
  sockets: number | null;
  /** Memory mapped for pymalloc's arenas: CPython 3.15 on kernels that name memory. */
  arenas: Bytes | null;
}

export interface EndedProcess {
  key: string;
  pid: number;
  /** null: it could not be seen. Never guessed. */
  exit: ExitStatus | null;
  /** When it was noticed, `monotonicNow()`. */
  t: Milliseconds;
  /** Last known peak. */
  peakRss: Bytes | null;
}

export interface TreeSample {
  /** `monotonicNow()` at the start of the tick. */
  t: Milliseconds;
  /** Empty while paused: then a sample only carries ends. */
  processes: ProcessSample[];
  ended: EndedProcess[];
  /** Processes of the tree that were seen but not followed, because there are too many. */
  cut: number;
  /** What the tick cost us. */
  cost: Milliseconds;
}

/** Watches a tree of processes from outside. Costs the target nothing but `smaps_rollup`, which is read rarely. */
export interface TreeSampler extends Disposable {
  onTick(listener: (sample: TreeSample) => void): Disposable;
  /** Who connected, and follows them from now on. What they say of themselves is a claim: see `PeerIdentity`. */
  identify(peer: Peer): PeerIdentity;
  /** Which of these ports of the loopback interface, connected to `enginePort`, are held by processes that descend from the root. */
  ownPorts(ports: readonly number[], enginePort: number): Set<number>;
  /** To every process that is still there and was shown to descend from the root; to no other. */
  signal(name: NodeJS.Signals): void;
  /** It is about to end (its agent said so, or its connection broke): its exit status is watched for closely. */
  expectExit(key: string): void;
  pause(): void;
  resume(): void;
  setInterval(ms: Milliseconds): void;
}
