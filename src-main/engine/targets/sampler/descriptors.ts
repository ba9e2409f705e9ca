import { readdirSync, readlinkSync, statSync } from 'node:fs';
import type { Milliseconds } from '../../../../src-preload/contract/index.ts';
import { monotonicNow } from '../../base/clock.ts';

/** Above this number sockets are not counted: an estimate would be a guess. */
const LINKS_AT_MOST = 4096;
/** Without the kernel's own count, a longer list is counted only once a second. */
const CHEAP_LIST = 256;
const COUNT_EVERY: Milliseconds = 1000;
/** Links read in one slice; each takes about 3 µs. */
const SLICE = 512;
/** Reading all links may take at most this fraction of the time. */
const SHARE = 0.02;

const sizeIsCount = new Map<string, boolean>();

/** From Linux 6.2 the size of `/proc/PID/fd` is the number of open descriptors. */
function kernelCounts(proc: string): boolean {
  const known = sizeIsCount.get(proc) ?? (statSync(`${proc}/self/fd`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  sizeIsCount.set(proc, known);
  return known;
}

/** Counts the open descriptors of one process, and how many of them are sockets. */
export class DescriptorCounter {
  readonly #folder: string;
  readonly #proc: string;
  #countDue = 0;
  #scan: { names: string[]; at: number; sockets: number; began: Milliseconds; cost: Milliseconds } | null = null;
  #scanDue = 0;

  constructor(proc: string, pid: number) {
    this.#proc = proc;
    this.#folder = `${proc}/${pid}/fd`;
  }

  /** null: not accessible, or not counted at this tick. */
  count(t: Milliseconds): number | null {
    if (kernelCounts(this.#proc)) {
      const size = statSync(this.#folder, { throwIfNoEntry: false })?.size;
      return size === undefined || size === 0 ? (this.#list(t)?.length ?? null) : size;
    }
    return this.#list(t)?.length ?? null;
  }

  /** The number of sockets when a count has just been completed, else null. Works in slices over several ticks. */
  sockets(t: Milliseconds): number | null {
    if (this.#scan === null && t < this.#scanDue) return null;
    const began = monotonicNow();
    this.#scan ??= this.#begin(t);
    const scan = this.#scan;
    if (scan === null) return null;
    const end = Math.min(scan.at + SLICE, scan.names.length);
    for (; scan.at < end; scan.at++) if (this.#isSocket(scan.names[scan.at]!)) scan.sockets++;
    scan.cost += monotonicNow() - began;
    if (scan.at < scan.names.length) return null;
    this.#scan = null;
    this.#scanDue = scan.began + Math.max(COUNT_EVERY, scan.cost / SHARE);
    return scan.sockets;
  }

  #begin(t: Milliseconds): { names: string[]; at: number; sockets: number; began: Milliseconds; cost: Milliseconds } | null {
    const names = this.#names();
    if (names !== null && names.length <= LINKS_AT_MOST) return { names, at: 0, sockets: 0, began: t, cost: 0 };
    this.#scanDue = t + COUNT_EVERY;
    return null;
  }

  #list(t: Milliseconds): string[] | null {
    if (t < this.#countDue) return null;
    const names = this.#names();
    if (names === null || names.length > CHEAP_LIST) this.#countDue = t + COUNT_EVERY;
    return names;
  }

  #names(): string[] | null {
    try {
      return readdirSync(this.#folder);
    } catch {
      return null;
    }
  }

  #isSocket(name: string): boolean {
    try {
      return readlinkSync(`${this.#folder}/${name}`).startsWith('socket:');
    } catch {
      return false;
    }
  }
}
