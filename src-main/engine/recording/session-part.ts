import type {
  Bytes,
  EventKind,
  Facts,
  MetricId,
  ProcessId,
  ProcessRow,
  SessionId,
  SessionTime,
} from '../../../src-preload/contract/index.ts';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import type { AgentMessage } from '../agent-link/messages.ts';

/** A living process of the session, as its parts see it. */
export interface SessionProcess {
  readonly row: ProcessRow;
  /** null: it has no agent. */
  readonly connection: AgentConnection | null;
  /** Depth of tracemalloc's traces, from the agent's last sample; set by the part that reads samples. 0: it does not trace. */
  tracemallocFrames: number;
}

/** The RSS of a process as last measured; null: not measured yet. */
export interface ProcessRss {
  process: ProcessId;
  rss: Bytes | null;
}

/** Where samples go. */
export interface SampleSink {
  /** Values that are null or undefined are skipped. */
  put(process: ProcessId, metric: MetricId, t: SessionTime, value: number | null | undefined): void;
  /** The metric is no longer measured: a gap. */
  stop(process: ProcessId, metric: MetricId, t: SessionTime): void;
}

/** What a part may use of the recording. */
export interface SessionHost {
  readonly session: SessionId;
  readonly samples: SampleSink;
  now(): SessionTime;
  /** A time of the engine's clock; never before the session or in the future. */
  sessionTime(engineTime: number): SessionTime;
  /** The living processes. */
  processes(): Iterable<SessionProcess>;
  event(process: ProcessId | null, t: SessionTime, kind: EventKind, facts: Facts): void;
}

/**
 * Something that takes part in a session while it is recorded, such as its heap snapshots. The recording calls its parts one after the
 * other, in the order of their list, in the engine's main thread. A part that throws is reported; the others are still called. After its
 * end it is not called any more.
 */
export interface SessionPart {
  /** Its name in reports of failures. */
  readonly name: string;
  /** An agent has joined: commands can be sent to it. */
  joined?(process: SessionProcess, connection: AgentConnection): void;
  /** Messages that an agent sends unasked, in order; replies to commands are not among them. */
  onMessage?(process: SessionProcess, connection: AgentConnection, message: AgentMessage): void;
  /** The connection to an agent is closed. `runs`: by a process that still runs, and was seen not to be ending. */
  left?(process: SessionProcess, connection: AgentConnection, runs: boolean): void;
  /** One tick of the sampler, with every living process. */
  tick?(processes: readonly ProcessRss[]): void;
  /** A mark by the user (`process` null) or by a process. */
  marked?(process: ProcessId | null, name: string): void;
  processEnded?(process: ProcessId): void;
  /** true: its agent may be silent for now, because this part pauses the process. */
  isBusy?(process: ProcessId): boolean;
  /** The recording ends, and waits for this for a limited time. Agents of running processes are still connected. */
  end?(): void | Promise<void>;
}

/** Creates a part of one recording. */
export type PartFactory = (host: SessionHost) => SessionPart;
