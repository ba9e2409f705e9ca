import type { ProcessStat } from './stat.ts';

interface Member {
  startTicks: number;
  /** In clock ticks since the machine started, when it was found to have ended; null: it is there. */
  ended: number | null;
}

/**
 * Which processes descend from the program that we started, as far as the kernel shows it: by their parent while it lives, and
 * afterwards by their session, since a session holds only what descends from its leader.
 */
export class Kinship {
  /** Processes that were shown to descend from the root, by pid; the latest of each. */
  readonly #members = new Map<number, Member>();
  readonly #lives: (pid: number) => boolean;

  /** `lives`: whether the member of this pid is still there, and not another process that got its number. */
  constructor(lives: (pid: number) => boolean) {
    this.#lives = lives;
  }

  add(pid: number, { startTicks }: ProcessStat): void {
    this.#members.set(pid, { startTicks, ended: null });
  }

  ended(pid: number, { startTicks }: ProcessStat, ticks: number): void {
    const member = this.#members.get(pid);
    if (member?.startTicks === startTicks) member.ended = ticks;
  }

  has(pid: number, { startTicks }: ProcessStat): boolean {
    return this.#members.get(pid)?.startTicks === startTicks;
  }

  /** A member itself, the child of one that lives, or of the session that one led when this process started. */
  isDescendant(pid: number, stat: ProcessStat): boolean {
    return this.has(pid, stat) || this.#isParent(stat.ppid) || this.#led(stat);
  }

  #isParent(pid: number): boolean {
    return this.#members.get(pid)?.ended === null && this.#lives(pid);
  }

  #led({ session, startTicks }: ProcessStat): boolean {
    const leader = this.#members.get(session);
    if (leader === undefined || leader.startTicks > startTicks) return false;
    return leader.ended === null ? this.#lives(session) : startTicks <= leader.ended;
  }
}
