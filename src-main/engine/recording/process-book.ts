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

/** What the sampler sees of one process. */
export interface SampledProcess {
  key: string;
  pid: number;
  ppid: number | null;
  command: string;
  descends: boolean;
}

/** One process of the tree, as sampler and agent see it together. */
export interface Tracked extends SessionProcess {
  row: ProcessRow;
  /** The sampler's name of it (pid and start time); null until the sampler has seen it. */
  key: string | null;
  /** The recording stays open for it: it descends from the program, or nothing here could show it. */
  awaited: boolean;
  /** Its agent names a process of the session as its parent. That is a claim: good for waiting until somebody asks to stop, for nothing else. */
  saysItDescends: boolean;
  connection: AgentConnection | null;
  /** The exit status that the agent announced. */
  announced: number | null;
  /** When the connection ended while the process seemed alive. */
  lostAt: SessionTime | null;
}

/** After this, a process that lives on without its agent is said to have lost it: an `exec` reconnects sooner. */
const LOST_AFTER = 1_000;
/** By then a process runs what it was started for. */
const SETTLED_AFTER = 1_000;
/** Whoever has the session's token could make rows without end. */
export const UNIDENTIFIED_AT_MOST = 64;
/** PROTOCOL.md: no frame for three seconds. */
const SILENT_AFTER = 3_000;

/** Which processes the session has, and how sampler's and agents' views of them go together. */
export class ProcessBook {
  readonly #keeper: BookKeeper;
  readonly #alive = new Map<number, Tracked>();
  /** Rows of agents that cannot be told who they are. */
  readonly #unidentified = new Set<Tracked>();
  /** All that there ever were. */
  #unidentifiedRows = 0;
  /** The last one of each pid. */
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

  /** Whether anything is left that the recording stays open for. */
  get isAwaiting(): boolean {
    return [...this.#alive.values()].some((tracked) => tracked.awaited || (tracked.saysItDescends && !this.#stopping));
  }

  /** Somebody asked to stop: from now on only what descends from the program, and so was told to, is awaited. */
  stopping(): void {
    this.#stopping = true;
  }

  byPid(pid: number): Tracked | undefined {
    return this.#alive.get(pid);
  }

  /** The program itself; no event, since the session's start says it. */
  root(pid: number, command: string): Tracked {
    return this.#add(pid, null, command, 0);
  }

  /** The sampler sees a process; a pid that came back with another start time is another process. */
  sampled(o: SampledProcess, t: SessionTime): { tracked: Tracked; isNew: boolean } {
    const known = this.#alive.get(o.pid);
    if (known && (known.key === null || known.key === o.key)) {
      known.key = o.key;
      known.awaited = o.descends;
      if (o.command !== '' && o.command !== known.row.command) this.#exec(known, o.command, t);
      return { tracked: known, isNew: false };
    }
    if (known) this.ended(known, null, t);
    const tracked = this.#add(o.pid, this.#parentOf(o.ppid), o.command, t);
    tracked.key = o.key;
    tracked.awaited = o.descends;
    tracked.saysItDescends = o.ppid !== null && (this.#alive.get(o.ppid)?.saysItDescends ?? false);
    this.#keeper.event(tracked.row.id, t, 'process-start', { pid: o.pid, command: o.command });
    return { tracked, isNew: true };
  }

  /** false: too many already could not be identified, and it cannot either: it gets no row, and is to be let go. */
  takes(connection: AgentConnection): boolean {
    return this.#unidentifiedRows < UNIDENTIFIED_AT_MOST || this.#isIdentified(connection);
  }

  /**
   * An agent joined: of a process already known, or of one the sampler has not come by yet. A short program may be gone
   * before what its agent said is read: then it is the one that ended. Who cannot be identified gets a row that is no part of
   * the tree: whatever pid it claims, it is neither watched nor signalled. One whose descent cannot be shown is watched, never
   * signalled, and not awaited: the recording ends without it. Where it says itself whose child it was, it is awaited until a stop.
   */
  joined(connection: AgentConnection, t: SessionTime): { tracked: Tracked; isNew: boolean } {
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

  /** Notices agents that fell silent, came back, or left a process that lives on. `excused`: it stands still, and we know why. */
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

  /** The agent's last word; it may be read after the process is seen to be gone. */
  announced(tracked: Tracked, code: number | null): void {
    tracked.announced = code;
    if (code === null || tracked.row.end === null || tracked.row.exit !== null) return;
    tracked.row = this.#keeper.updateProcess(tracked.row.id, { exit: { code, signal: null, outOfMemory: false } });
  }

  /** `exit` null: not seen; then what the agent announced is taken, and nothing is invented. */
  ended(tracked: Tracked, exit: ExitStatus | null, t: SessionTime): void {
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

  /** It is known by its number alone where it holds no connection: that takes no other agent's place. */
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

  /** Launchers (a shim, `env`, the fork before the first `exec`) replace themselves at once: that is no news. */
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
