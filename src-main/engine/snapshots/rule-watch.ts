import type { Bytes, Milliseconds, ProcessId, SessionTime, SnapshotRules, SnapshotTrigger } from '../../../src-preload/contract/index.ts';

/** RSS must fall below this fraction of the threshold before exceeding it counts again: otherwise noise around it would fire each time. */
const REARM = 0.9;

interface Watched {
  above: boolean;
  /** RSS at the last snapshot; before the first one, when the process was first seen. */
  base: Bytes;
}

/**
 * Decides when automatic snapshots are taken. It gets time, RSS and marks, and returns which rules fire. It counts the snapshots taken by
 * rules against their limit: `count` is called for each snapshot, whatever its trigger.
 */
export class RuleWatch {
  #rules: SnapshotRules;
  #taken = 0;
  #next: SessionTime;
  readonly #processes = new Map<ProcessId, Watched>();

  constructor(rules: SnapshotRules, now: SessionTime) {
    this.#rules = rules;
    this.#next = now + (rules.every ?? 0);
  }

  get rules(): SnapshotRules {
    return this.#rules;
  }

  /** Changing the interval restarts it. */
  change(rules: SnapshotRules, now: SessionTime): void {
    if (rules.every !== this.#rules.every) this.#next = now + (rules.every ?? 0);
    if (rules.rssAbove !== this.#rules.rssAbove) for (const watched of this.#processes.values()) watched.above = false;
    this.#rules = rules;
  }

  /** Whether rules may take more. */
  get open(): boolean {
    return this.#taken < this.#rules.limit;
  }

  /** Whether the interval has passed. If the app slept through several, they count as one. */
  due(now: SessionTime): boolean {
    const { every } = this.#rules;
    if (every === null || now < this.#next) return false;
    this.#next = Math.max(this.#next + every, now + every / 2);
    return this.open;
  }

  /** Until the interval's next snapshot; null: none comes. */
  untilDue(now: SessionTime): Milliseconds | null {
    return this.#rules.every === null || !this.open ? null : Math.max(0, this.#next - now);
  }

  /** Which rule fires for the RSS of a process, if any. */
  rss(process: ProcessId, rss: Bytes): 'rss' | 'growth' | null {
    const { rssAbove, rssStep } = this.#rules;
    let watched = this.#processes.get(process);
    if (!watched) this.#processes.set(process, (watched = { above: false, base: rss }));
    const passed = rssAbove !== null && rss > rssAbove && !watched.above;
    if (passed) watched.above = true;
    else if (rssAbove !== null && rss < rssAbove * REARM) watched.above = false;
    const grown = rssStep !== null && rss - watched.base >= rssStep;
    if (!this.open || (!passed && !grown)) return null;
    // Until `count` reports one; a failed capture is tried again after another step, not at each tick.
    watched.base = rss;
    return passed ? 'rss' : 'growth';
  }

  mark(name: string): boolean {
    const { atMark } = this.#rules;
    return this.open && atMark !== null && (atMark === '*' || atMark === name);
  }

  get atExit(): boolean {
    return this.#rules.atExit && this.open;
  }

  count(process: ProcessId, trigger: SnapshotTrigger, rss: Bytes | null): void {
    if (trigger !== 'user' && trigger !== 'program') this.#taken += 1;
    const watched = this.#processes.get(process);
    if (rss === null) return;
    if (watched) watched.base = rss;
    else this.#processes.set(process, { above: false, base: rss });
  }

  remove(process: ProcessId): void {
    this.#processes.delete(process);
  }
}
