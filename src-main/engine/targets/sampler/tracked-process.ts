import { readlinkSync } from 'node:fs';
import type { Bytes, Milliseconds } from '../../../../src-preload/contract/index.ts';
import type { TargetExit } from '../target.ts';
import { DescriptorCounter } from './descriptors.ts';
import { parseKilobytes, parseResident } from './figures.ts';
import { bootTime } from './machine.ts';
import type { Machine } from './machine.ts';
import { GONE, ProcFile, readOnce, SCRATCH, UNSEEN } from './proc-file.ts';
import { parseStat } from './stat.ts';
import type { ProcessStat } from './stat.ts';
import type { ProcessSample } from './types.ts';
import { decodeWaitStatus } from './wait-status.ts';

/** Figures that change slowly or cost more: swap, peak, name. */
const STATUS_EVERY: Milliseconds = 1000;
/** The kernel counts CPU time in steps of 10 ms: a shorter span would only show the steps. */
const CPU_SPAN: Milliseconds = 95;
const COMMAND_BYTES = 4096;

/** What was read in the background since the last tick. */
export interface SlowReading {
  uss: Bytes | null;
  pss: Bytes | null;
  arenas: Bytes | null;
}

/** `unseen`: we could not look. Nothing is concluded from it: the process counts as running, and is not signalled. */
type Look = 'lives' | 'ended' | 'unseen';

/** One followed process: its open files in `/proc`, and what is known of it. Linux only. */
export class TrackedProcess {
  readonly key: string;
  readonly pid: number;
  readonly startedAt: Milliseconds | null;
  readonly children: ProcFile;
  /** Filled by the background reader, emptied by each tick. */
  slow: SlowReading = { uss: null, pss: null, arenas: null };
  stat: ProcessStat;
  peakRss: Bytes | null = null;

  readonly #proc: string;
  readonly #machine: Machine;
  readonly #statFile: ProcFile;
  readonly #statm: ProcFile;
  readonly #descriptors: DescriptorCounter;
  #command = '';
  #executable: string | null = null;
  #statusDue = 0;
  #cpuSince: { t: Milliseconds; ticks: number } | null = null;
  #exitStatus: { status: number; seen: number } | null = null;

  /** null: there is no such process, or it has ended already. */
  static open(proc: string, pid: number, machine: Machine): TrackedProcess | null {
    const statFile = new ProcFile(`${proc}/${pid}/stat`, 'identity');
    const length = statFile.read();
    const stat = length > 0 ? parseStat(SCRATCH, length) : null;
    if (stat !== null && !isDead(stat)) return new TrackedProcess(proc, pid, machine, statFile, stat);
    statFile.close();
    return null;
  }

  private constructor(proc: string, pid: number, machine: Machine, statFile: ProcFile, stat: ProcessStat) {
    this.#proc = proc;
    this.#machine = machine;
    this.#statFile = statFile;
    this.#statm = new ProcFile(`${proc}/${pid}/statm`, 'speed');
    this.children = new ProcFile(`${proc}/${pid}/task/${pid}/children`, 'speed');
    this.#descriptors = new DescriptorCounter(proc, pid);
    this.pid = pid;
    this.stat = stat;
    this.key = `${pid}:${stat.startTicks}`;
    const boot = bootTime(proc);
    this.startedAt = boot === null ? null : boot + (stat.startTicks / machine.ticksPerSecond) * 1000;
    this.#readNames();
  }

  /**
   * Checks whether it still runs, and reads its exit status while it is ending. A process that reused the pid does not count and changes
   * nothing here: where there were too many to keep `stat` open, the start time distinguishes them, to a hundredth of a second.
   */
  look(): Look {
    const length = this.#statFile.read();
    if (length === UNSEEN) return 'unseen';
    const stat = length > 0 ? parseStat(SCRATCH, length) : null;
    if (stat?.startTicks !== this.stat.startTicks) return 'ended';
    const renamed = stat.name !== this.stat.name;
    this.stat = stat;
    this.#noteExit(stat);
    if (renamed) this.#readNames();
    return isDead(stat) ? 'ended' : 'lives';
  }

  /** Definitely, at this moment. */
  lives(): boolean {
    return this.look() === 'lives';
  }

  /** How it ended, as far as observed; null: not observed. */
  exit(): TargetExit | null {
    if (this.#exitStatus === null) return null;
    const { status, seen } = this.#exitStatus;
    // Kernels before 5.16 set the code a moment after the flag; a 0 seen once may only mean "not yet".
    return status === 0 && seen < 2 && !isDead(this.stat) ? null : decodeWaitStatus(status);
  }

  /** All figures that are due. Call after `lives()` returned yes. */
  sample(t: Milliseconds): Omit<ProcessSample, 'descends'> {
    const status = t >= this.#statusDue ? this.readStatus() : { peakRss: null, swap: null };
    if (t >= this.#statusDue) this.#statusDue = t + STATUS_EVERY;
    const slow = this.slow;
    this.slow = { uss: null, pss: null, arenas: null };
    return {
      key: this.key,
      pid: this.pid,
      ppid: this.stat.ppid,
      command: this.#command,
      executable: this.#executable,
      startedAt: this.startedAt,
      rss: this.#resident(),
      ...status,
      ...slow,
      cpu: this.#cpu(t),
      threads: this.stat.threads,
      files: this.#descriptors.count(t),
      sockets: this.#descriptors.sockets(t),
    };
  }

  /** Peak and swap from `status`, and its name again: programs rename themselves. */
  readStatus(): { peakRss: Bytes | null; swap: Bytes | null } {
    this.#readNames();
    const length = readOnce(`${this.#proc}/${this.pid}/status`);
    const text = length > 0 ? SCRATCH.toString('latin1', 0, length) : '';
    const peakRss = parseKilobytes(text, 'VmHWM');
    this.peakRss = peakRss ?? this.peakRss;
    return { peakRss, swap: parseKilobytes(text, 'VmSwap') };
  }

  close(): void {
    this.#statFile.close();
    this.#statm.close();
    this.children.close();
  }

  #resident(): Bytes | null {
    const length = this.#statm.read();
    const resident = length > 0 ? parseResident(SCRATCH, length, this.#machine.pageSize) : null;
    // A process without memory is ending, or is a kernel thread: 0 would draw a drop that never happened.
    return resident === 0 ? null : resident;
  }

  #cpu(t: Milliseconds): number | null {
    const ticks = this.stat.cpuTicks;
    const since = this.#cpuSince;
    if (since !== null && t - since.t < CPU_SPAN) return null;
    this.#cpuSince = { t, ticks };
    return since === null ? null : Math.max(0, ((ticks - since.ticks) / this.#machine.ticksPerSecond) * (1000 / (t - since.t)));
  }

  #noteExit(stat: ProcessStat): void {
    if (!stat.exiting && !isDead(stat)) this.#exitStatus = null;
    else if (this.#exitStatus?.status === stat.exitStatus) this.#exitStatus.seen++;
    else this.#exitStatus = { status: stat.exitStatus, seen: 1 };
  }

  #readNames(): void {
    const length = readOnce(`${this.#proc}/${this.pid}/cmdline`);
    if (length === GONE) return;
    const text = SCRATCH.subarray(0, Math.max(0, Math.min(length, COMMAND_BYTES))).toString('utf8');
    const line = text.replace(/[\s\0]+/g, ' ').trim();
    this.#command = line === '' ? this.stat.name : line;
    try {
      this.#executable = readlinkSync(`${this.#proc}/${this.pid}/exe`).replace(/ \(deleted\)$/, '');
    } catch {
      // Not readable, or ended: the last known values stay.
    }
  }
}

/** A first thread that ended while others run also shows as a zombie, but the process lives. */
function isDead(stat: ProcessStat): boolean {
  return (stat.state === 'Z' || stat.state === 'X') && stat.threads <= 1;
}
