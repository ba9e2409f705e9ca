import type {
  AnyEvent,
  ErrorData,
  EventKind,
  Facts,
  ProcessId,
  ProcessRow,
  SnapshotPlan,
  SnapshotRow,
} from '../../../src-preload/contract/index.ts';
import { connectionOf } from '../agent-link/testing.ts';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import type { SnapshotMessage } from '../agent-link/messages.ts';
import { Emitter } from '../base/emitter.ts';
import type { SessionHost, SessionProcess } from '../recording/session-part.ts';
import type { SnapshotSetup } from './capture-book.ts';
import { Pauses } from './pauses.ts';

export const OPTIONS = { method: 'auto' as const, collectFirst: false, previews: false, redact: [], memoryLimit: null, joinPages: false };
export const NO_RULES = { every: null, rssAbove: null, rssStep: null, atMark: null, atExit: false, limit: 10 };

/** The messages of an agent about its snapshot number 1. */
export function messageOf(state: SnapshotMessage['state'], change: Partial<SnapshotMessage> = {}): SnapshotMessage {
  return {
    ...{ t: 1, number: 1, state, name: '', trigger: 'command', path: null, method: 'fork', why: '', collected: false, previews: false },
    ...{ at: null, pause: null, expected: null, duration: 0, nodes: null, edges: null, tracked: null, bytes: null, memory: null },
    ...{ code: null, error: null, signal: null, ...change },
  };
}

export type Commanded = (name: string, args: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** A process whose agent answers as the test says; `command` null: it has no agent. */
export function processOf(id: ProcessId, command: Commanded | null = async () => ({ number: 1 })): SessionProcess {
  const row: ProcessRow = {
    ...{ id, session: 1, pid: id * 10, parent: null, ordinal: 0, command: 'python', python: '3.12.1' },
    ...{ start: 0, end: null, exit: null, agent: 'connected' },
  };
  const connection: AgentConnection | null =
    command && Object.assign(connectionOf({ dumps: '/dumps', hello: { pid: id } }), { command, toEngineTime: (t: number) => t });
  return { row, connection, tracemallocFrames: 0 };
}

/** A session whose file, imports and folder of dumps are lists. */
export class FakeSession {
  readonly rows: SnapshotRow[] = [];
  readonly events: { process: ProcessId | null; t: number; kind: EventKind; facts: Facts }[] = [];
  readonly emitted: AnyEvent[] = [];
  readonly imported: { path: string; row: SnapshotRow; removeDump: () => void }[] = [];
  readonly removed: string[] = [];
  readonly notes: [string, string][] = [];
  readonly plans: SnapshotPlan[] = [];
  readonly log: string[] = [];
  readonly pauses = new Pauses();
  /** The error that the file throws when a row is written. */
  fault: Error | null = null;
  now = 100;
  readonly setup: SnapshotSetup;
  readonly host: SessionHost & { rss: (process: ProcessId) => number };

  constructor(processes: readonly SessionProcess[], plan: SnapshotPlan = { rules: NO_RULES, options: OPTIONS }) {
    const events = new Emitter<AnyEvent>();
    events.on((event) => this.emitted.push(event));
    this.setup = {
      project: 'p1',
      session: 1,
      events,
      store: this.#store() as never,
      imports: { add: (job: never) => this.imported.push(job), pauses: this.pauses } as never,
      dumps: {
        remove: (path: string) => this.removed.push(path),
        note: (path: string, key: string) => this.notes.push([path, key]),
      } as never,
      folder: '/dumps',
      plan,
      log: { info: (text) => void this.log.push(text), warn: (text) => void this.log.push(text) },
    };
    this.host = {
      session: 1,
      samples: { put: () => undefined, stop: () => undefined },
      now: () => this.now,
      sessionTime: (t) => t * 1000,
      processes: () => processes,
      event: (process, t, kind, facts) => void this.events.push({ process, t, kind, facts }),
      rss: () => 5000,
    };
  }

  states(): string[] {
    return this.rows.map(({ state, error }) => (error === null ? state : `${state}: ${error.code}`));
  }

  #store(): unknown {
    const change = (id: number, patch: Partial<SnapshotRow>): SnapshotRow => {
      if (this.fault !== null) throw this.fault;
      return Object.assign(this.rows[id - 1]!, patch);
    };
    return {
      add: (row: SnapshotRow) => {
        if (this.fault !== null) throw this.fault;
        const added = { ...row, id: this.rows.length + 1 };
        this.rows.push(added);
        return added;
      },
      update: change,
      fail: (id: number, error: ErrorData) => change(id, { state: 'failed', error }),
      key: (id: number) => `key ${id}`,
      setPlan: (_session: number, plan: SnapshotPlan) => this.plans.push(plan),
    };
  }
}
