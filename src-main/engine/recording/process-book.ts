import type { AgentState, EventKind, ExitStatus, Facts, ProcessId, ProcessRow, SessionTime } from '../../../src-preload/contract/index.ts';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import type { SessionProcess } from './session-part.ts';

/** What the book needs of the file and of the recording. */
export interface BookKeeper {
  addProcess(o: {
    pid: number;
    parent: ProcessId | null;
    command: string;
    python: string | null;
    start: SessionTime;
    agent: AgentState;
  }): ProcessRow;
  updateProcess(id: ProcessId, patch: Partial<Pick<ProcessRow, 'command' | 'python' | 'end' | 'exit' | 'agent'>>): ProcessRow;
  event(process: ProcessId | null, t: SessionTime, kind: EventKind, facts: Facts): void;
}

/** What the sampler reports about one process. */
export interface SampledProcess {
  key: string;
  pid: number;
  ppid: number | null;
  command: string;
  descends: boolean;
}

/** One process of the tree, as seen by both sampler and agent. */
export interface Tracked extends SessionProcess {
  row: ProcessRow;
  /** The sampler's key (pid and start time); null until the sampler has seen the process. */
  key: string | null;
  /** The recording stays open for it: it descends from the program, or this system cannot show whether it does. */
  awaited: boolean;
  /**
   * Its agent names a process of the session as its parent. That is only a claim: the recording waits for the process until the user asks
   * to stop, and nothing else depends on it.
   */
  saysItDescends: boolean;
  connection: AgentConnection | null;
  /** The exit status that the agent announced. */
  announced: number | null;
  /** When the connection ended while the process seemed alive. */
  lostAt: SessionTime | null;
}

/** After this time a process that runs without its agent is recorded as having lost it: after an `exec` the agent reconnects sooner. */
const LOST_AFTER = 1_000;
/** By then a process runs its actual program. */
const SETTLED_AFTER = 1_000;
/** Limits the rows that a process with the session's token can create. */
export const UNIDENTIFIED_AT_MOST = 64;
/** PROTOCOL.md: no frame for three seconds. */
const SILENT_AFTER = 3_000;

/** Which processes the session has; merges the views of the sampler and the agents. */
export class ProcessBook {
  readonly #keeper: BookKeeper;
  readonly #alive = new Map<number, Tracked>();
  /** Rows of agents whose process could not be identified. */
  readonly #unidentified = new Set<Tracked>();
  /** All processes of the session, ended ones included. */
  #unidentifiedRows = 0;
  /** The last ended one of each pid. */
  readonly #ended = new Map<number, Tracked>();

  #stopping = false;

  constructor(keeper: BookKeeper) {
    this.#keeper = keeper;
  }

  get alive(): Iterable<Tracked> {
    return this.#alive.values();
  }

  get size(): number {
    return this.#alive.size;
  }

  /** Whether any process keeps the recording open. */
  get isAwaiting(): boolean {
    return [...this.#alive.values()].some((tracked) => tracked.awaited || (tracked.saysItDescends && !this.#stopping));
  }

  /**
   * The user asked to stop: from now on only processes that descend from the program, and so received the signal, are awaited. Returns
   * the others, once; each has an event.
   */
  stopping(t: SessionTime): ProcessRow[] {
    if (this.#stopping) return [];
    this.#stopping = true;
    const left = [...this.#alive.values()].filter(({ saysItDescends, awaited }) => saysItDescends && !awaited).map(({ row }) => row);
    for (const { id, pid, python } of left) this.#keeper.event(id, t, 'agent-unrelated', { pid, python });
    return left;
  }

  /** The recording ends: a process that continues has no agent of ours any more. */
  close(): void {
    for (const tracked of [...this.#alive.values(), ...this.#unidentified]) {
      if (tracked.row.agent === 'connected' || tracked.row.agent === 'not-answering') this.setAgent(tracked, 'gone');
    }
  }

  byPid(pid: number): Tracked | undefined {
    return this.#alive.get(pid);
  }

  /** The program itself; emits no event, since the session's start implies it. */
  root(pid: number, command: string): Tracked {
    return this.#add(pid, null, command, 0);
  }

  /** The sampler saw a process; the same pid with another start time is another process. */
  sampled(o: SampledProcess, t: SessionTime): { tracked: Tracked; isNew: boolean } {
    const known = this.#alive.get(o.pid);
    if (known && (known.key === null || known.key === o.key)) {
      known.key = o.key;
      known.awaited = o.descends;
      if (o.command !== '' && o.command !== known.row.command) this.#exec(known, o.command, t);
      return { tracked: known, isNew: false };
    }
    if (known) this.endProcess(known, null, t);
    const tracked = this.#add(o.pid, this.#parentOf(o.ppid), o.command, t);
    tracked.key = o.key;
    tracked.awaited = o.descends;
    tracked.saysItDescends = o.ppid !== null && (this.#alive.get(o.ppid)?.saysItDescends ?? false);
    this.#keeper.event(tracked.row.id, t, 'process-start', { pid: o.pid, command: o.command });
    return { tracked, isNew: true };
  }

  /** false: it cannot be identified, and there are too many such agents already: it gets no row and must be disconnected. */
  takes(connection: AgentConnection): boolean {
    return this.#unidentifiedRows < UNIDENTIFIED_AT_MOST || this.#isIdentified(connection);
  }

  /**
   * An agent joined: of a known process, or of one that the sampler has not seen yet. A short program may have ended before its agent's
   * HELLO is read: then the ended process is meant.
   *
   * An agent that cannot be identified gets a row outside of the tree: whatever pid it claims, it is neither watched nor signalled. One
   * whose descent cannot be shown is watched, but neither signalled nor awaited: the recording ends without it. If it claims a process of
   * the session as its parent, it is awaited until a stop.
   */
  addAgent(connection: AgentConnection, t: SessionTime): { tracked: Tracked; isNew: boolean } {
    const { hello, identity, pid } = connection;
    if (!this.#isIdentified(connection)) return { tracked: this.#joinedUnidentified(connection, t), isNew: true };
    const late = identity.kind === 'gone' ? this.#ended.get(pid) : undefined;
    if (late && !this.#alive.has(pid)) return { tracked: this.#joinedLate(late, hello.python, t), isNew: false };
    let tracked = this.#alive.get(pid);
    const isNew = tracked === undefined;
    if (!tracked) {
      const command = commandOf(connection);
      tracked = this.#add(pid, this.#parentOf('ppid' in identity ? identity.ppid : hello.ppid), command, t);
      if ('key' in identity) tracked.key = identity.key;
      this.#keeper.event(tracked.row.id, t, 'process-start', { pid, command });
    }
    tracked.connection = connection;
    tracked.lostAt = null;
    tracked.announced = null;
    tracked.row = this.#keeper.updateProcess(tracked.row.id, { python: hello.python, agent: 'connected' });
    this.#keeper.event(tracked.row.id, t, 'agent-connected', { pid, python: hello.python });
    if (identity.kind === 'connected') {
      tracked.awaited = false;
      tracked.saysItDescends = this.#alive.has(hello.ppid) || this.#ended.has(hello.ppid);
      if (!tracked.saysItDescends) this.#keeper.event(tracked.row.id, t, 'agent-unrelated', { pid, python: hello.python });
    }
    return { tracked, isNew };
  }

  setAgent(tracked: Tracked, agent: AgentState): void {
    if (tracked.row.agent !== agent) tracked.row = this.#keeper.updateProcess(tracked.row.id, { agent });
  }

  disconnected(tracked: Tracked, connection: AgentConnection, t: SessionTime): void {
    if (tracked.connection !== connection) return;
    tracked.connection = null;
    tracked.tracemallocFrames = 0;
    tracked.lostAt = t;
  }

  /**
   * Detects agents that stopped answering, answer again, or disconnected from a process that still runs. `excused`: the process is paused
   * for a known reason.
   */
  checkAgents(t: SessionTime, paused: boolean, interval: number, excused: (process: ProcessId) => boolean = () => false): void {
    for (const tracked of this.#alive.values()) {
      const { connection, row } = tracked;
      if (connection && !paused) {
        const silent = connection.silentFor() > Math.max(SILENT_AFTER, 3 * interval);
        if (silent && row.agent === 'connected' && !excused(row.id)) {
          this.setAgent(tracked, 'not-answering');
          this.#keeper.event(row.id, t, 'agent-silent', { pid: row.pid });
        } else if (!silent && row.agent === 'not-answering') this.setAgent(tracked, 'connected');
      }
      if (tracked.lostAt !== null && t - tracked.lostAt > LOST_AFTER) {
        tracked.lostAt = null;
        this.setAgent(tracked, 'gone');
        this.#keeper.event(row.id, t, 'agent-lost', { pid: row.pid });
      }
    }
  }

  /** The agent's last message; it may be read after the process is known to be gone. */
  announced(tracked: Tracked, code: number | null): void {
    tracked.announced = code;
    if (code === null || tracked.row.end === null || tracked.row.exit !== null) return;
    tracked.row = this.#keeper.updateProcess(tracked.row.id, { exit: { code, signal: null, outOfMemory: false } });
  }

  /** `exit` null: not observed; then the status announced by the agent is used, if any. */
  endProcess(tracked: Tracked, exit: ExitStatus | null, t: SessionTime): void {
    if (this.#unidentified.delete(tracked)) return this.#close(tracked, exit, t);
    if (this.#alive.get(tracked.row.pid) !== tracked) return;
    this.#alive.delete(tracked.row.pid);
    this.#ended.set(tracked.row.pid, tracked);
    this.#close(tracked, exit, t);
  }

  #close(tracked: Tracked, exit: ExitStatus | null, t: SessionTime): void {
    const known = exit ?? (tracked.announced === null ? null : { code: tracked.announced, signal: null, outOfMemory: false });
    const agent: AgentState = tracked.row.agent === 'none' || tracked.row.agent === 'refused' ? tracked.row.agent : 'gone';
    tracked.row = this.#keeper.updateProcess(tracked.row.id, { end: t, exit: known, agent });
    this.#keeper.event(tracked.row.id, t, 'process-end', {
      pid: tracked.row.pid,
      code: known?.code ?? null,
      signal: known?.signal ?? null,
    });
  }

  /** Without an open connection it is known by its pid alone, and must not replace another agent. */
  #isIdentified({ identity, pid }: AgentConnection): boolean {
    const holds = 'holds' in identity && identity.holds;
    return identity.kind !== 'unknown' && (holds || !this.#alive.get(pid)?.connection);
  }

  #joinedUnidentified(connection: AgentConnection, t: SessionTime): Tracked {
    const { hello, pid } = connection;
    this.#unidentifiedRows++;
    const row = this.#keeper.addProcess({
      pid,
      parent: null,
      command: commandOf(connection),
      python: hello.python,
      start: t,
      agent: 'connected',
    });
    const tracked = trackedOf(row, connection);
    this.#unidentified.add(tracked);
    this.#keeper.event(row.id, t, 'agent-unidentified', { pid, python: hello.python });
    return tracked;
  }

  #joinedLate(tracked: Tracked, python: string, t: SessionTime): Tracked {
    tracked.row = this.#keeper.updateProcess(tracked.row.id, { python, agent: 'gone' });
    this.#keeper.event(tracked.row.id, t, 'agent-connected', { pid: tracked.row.pid, python });
    return tracked;
  }

  #parentOf(ppid: number | null): ProcessId | null {
    return ppid === null ? null : (this.#alive.get(ppid)?.row.id ?? null);
  }

  /** Launchers (a shim, `env`, the fork before the first `exec`) replace themselves at once: that is not reported. */
  #exec(tracked: Tracked, command: string, t: SessionTime): void {
    tracked.row = this.#keeper.updateProcess(tracked.row.id, { command });
    if (t - tracked.row.start < SETTLED_AFTER) return;
    this.#keeper.event(tracked.row.id, t, 'exec', { pid: tracked.row.pid, command });
  }

  #add(pid: number, parent: ProcessId | null, command: string, t: SessionTime): Tracked {
    const row = this.#keeper.addProcess({ pid, parent, command, python: null, start: t, agent: 'none' });
    const tracked = trackedOf(row, null);
    this.#alive.set(pid, tracked);
    return tracked;
  }
}

function trackedOf(row: ProcessRow, connection: AgentConnection | null): Tracked {
  return { row, key: null, awaited: true, saysItDescends: false, connection, tracemallocFrames: 0, announced: null, lostAt: null };
}

function commandOf({ hello }: AgentConnection): string {
  return hello.argv.join(' ') || (hello.executable ?? 'python');
}
