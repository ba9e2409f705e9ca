import { readFileSync } from 'node:fs';
import { parseStat, type ProcessStat } from './sampler/stat.ts';

/**
 * Signals for the process groups of a program that leads its session. After it has ended its pid alone is not enough: the number may be
 * reused. On Linux a group is signalled only while the kernel shows that it belongs to this session.
 */
export class SessionGroups {
  readonly #leader: number;
  readonly #startTicks: number | null;
  readonly #proc: string;

  /** Right after the start, when the number cannot be reused yet. */
  constructor(leader: number, proc = '/proc') {
    this.#leader = leader;
    this.#proc = proc;
    this.#startTicks = this.#stat(leader)?.startTicks ?? null;
  }

  /** The group that Ctrl-C would reach. null: unknown, or not of this session. */
  get foreground(): number | null {
    const leader = this.#stat(this.#leader);
    if (leader === null || leader.startTicks !== this.#startTicks) return null;
    const group = leader.foregroundGroup;
    return group > 1 && this.#isOurs(group) ? group : null;
  }

  /** To the leader's own group, if it still exists; only Linux can tell. */
  signalLeader(name: NodeJS.Signals): void {
    if (this.#startTicks === null || this.#isOurs(this.#leader)) send(-this.#leader, name);
  }

  /** To the foreground group. Returns whether there was one. */
  signalForeground(name: NodeJS.Signals): boolean {
    const group = this.foreground;
    if (group !== null) send(-group, name);
    return group !== null;
  }

  /**
   * Even when the process that gave the group its number has ended, the kernel does not reuse the number while the group has a member: so
   * the signal reaches our group or nothing.
   */
  #isOurs(group: number): boolean {
    const stat = this.#stat(group);
    if (stat === null) return true;
    return group === this.#leader ? stat.startTicks === this.#startTicks : stat.session === this.#leader;
  }

  #stat(pid: number): ProcessStat | null {
    try {
      return parseStat(readFileSync(`${this.#proc}/${pid}/stat`));
    } catch {
      return null;
    }
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in between.
  }
}
