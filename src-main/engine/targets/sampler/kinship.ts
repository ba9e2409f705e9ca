import type { ProcessStat } from './stat.ts';

interface Member {
  startTicks: number;
  /** In clock ticks since the machine started, when its end was noticed; null: it still exists. */
  ended: number | null;
  /** The first process of its pid namespace. */
  isInit: boolean;
}

/** Checks on processes while they exist. */
interface Asked {
  /** Whether the member with this pid still exists, rather than another process that reused the pid. */
  lives(pid: number): boolean;
  isInit(pid: number): boolean;
  /** Whether a process's environment contains what only the program was started with. */
  hasMark(pid: number): boolean;
}

/**
 * Which processes descend from the program that we started, as far as the kernel shows it: by their parent while it lives, and afterwards
 * by their session, since a session contains only descendants of its leader.
 *
 * The first process of a pid namespace becomes the parent of processes that others add to it from outside (`nsenter`, `docker exec -d`):
 * being its child proves nothing. Its real children are recognised by their session, by the mark that they inherited, or were known before
 * it became such a parent.
 */
export class Kinship {
  /** Processes that were shown to descend from the root, by pid; the latest of each. */
  readonly #members = new Map<number, Member>();
  readonly #asked: Asked;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  add(pid: number, stat: ProcessStat): void {
    const isInit = this.has(pid, stat) ? this.#members.get(pid)?.isInit : undefined;
    this.#members.set(pid, { startTicks: stat.startTicks, ended: null, isInit: isInit ?? this.#asked.isInit(pid) });
  }

  ended(pid: number, { startTicks }: ProcessStat, ticks: number): void {
    const member = this.#members.get(pid);
    if (member?.startTicks === startTicks) member.ended = ticks;
  }

  has(pid: number, { startTicks }: ProcessStat): boolean {
    return this.#members.get(pid)?.startTicks === startTicks;
  }

  /** A member itself, the child of a living one, or of the session that one led when this process started. */
  isDescendant(pid: number, stat: ProcessStat): boolean {
    return this.has(pid, stat) || this.#isChild(pid, stat.ppid) || this.#led(stat);
  }

  #isChild(pid: number, parent: number): boolean {
    const member = this.#members.get(parent);
    return member?.ended === null && this.#asked.lives(parent) && (!member.isInit || this.#asked.hasMark(pid));
  }

  #led({ session, startTicks }: ProcessStat): boolean {
    const leader = this.#members.get(session);
    if (leader === undefined || leader.startTicks > startTicks) return false;
    return leader.ended === null ? this.#asked.lives(session) : startTicks <= leader.ended;
  }
}
