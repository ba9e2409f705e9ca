import { constants } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type {
  CaptureMethod,
  ErrorData,
  Milliseconds,
  ProcessRow,
  SnapshotOptions,
  SnapshotRow,
  SnapshotTrigger,
} from '../../../src-preload/contract/index.ts';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import { monotonicNow } from '../base/clock.ts';

/** A living process of the session, as the recording knows it. */
export interface CaptureProcess {
  readonly row: ProcessRow;
  readonly connection: AgentConnection | null;
}

/** One snapshot in one process, from when it was asked for until its dump is whole or it has failed. */
export class Capture {
  readonly process: CaptureProcess;
  readonly trigger: SnapshotTrigger;
  readonly name: string;
  readonly options: SnapshotOptions;
  readonly asked: Milliseconds = monotonicNow();
  /** Where the agent puts its dumps, and what it calls its process in their names. */
  readonly #dumps: { folder: string; pid: number } | null;
  /** The agent's number of it; null until it has said it. */
  number: number | null = null;
  row: SnapshotRow | null = null;
  /** Where its dump is, or will be. */
  path: string | null = null;
  /** The user wants it no more: what the agent still makes of it is thrown away. */
  cancelled = false;

  constructor(process: CaptureProcess, o: { trigger: SnapshotTrigger; name: string; options: SnapshotOptions }) {
    this.process = process;
    this.trigger = o.trigger;
    this.name = o.name;
    this.options = o.options;
    const { connection } = process;
    this.#dumps = connection === null || connection.dumps === null ? null : { folder: connection.dumps, pid: connection.hello.pid };
  }

  /**
   * Where its dump lies, as far as that may be believed: the program could say any path, and what is there is read and removed.
   * null: not where dumps of this process lie.
   */
  dumpPath(said: string | null): string | null {
    return dumpPath(this.#dumps?.folder ?? null, said);
  }

  /** Where the agent puts it (PROTOCOL.md), for when it has not come to say so; null: it has not begun. */
  get plannedPath(): string | null {
    if (this.#dumps === null || this.number === null) return null;
    return join(this.#dumps.folder, `${this.#dumps.pid}-${this.number}.heapdump`);
  }

  get seconds(): number {
    return (monotonicNow() - this.asked) / 1000;
  }
}

/** What the agent takes as arguments of `snapshot`, `snapshot_plan` and `snapshot_options` (PROTOCOL.md). */
export function agentArguments(options: SnapshotOptions): Record<string, unknown> {
  const { method, collectFirst, previews, redact, memoryLimit, joinPages } = options;
  return { method, collect: collectFirst, previews, redact, limit_bytes: memoryLimit, join_pages: joinPages };
}

/** null: nothing in this folder, or no name of a dump. */
export function dumpPath(folder: string | null, said: string | null): string | null {
  if (folder === null || said === null || dirname(said) !== folder) return null;
  const name = basename(said);
  return /^[\w-]+\.heapdump$/.test(name) ? join(folder, name) : null;
}

export function methodOf(said: unknown): CaptureMethod | null {
  return said === 'fork' || said === 'in-place' || said === 'python' || said === 'census' ? said : null;
}

const NO_SPACE = /\[Errno 28\]|No space left/;
/** What was more than the limit allows: memory of the walk, bytes of the file, objects, references. */
const LIMIT = /^(?:memory|file|nodes|edges)\b/;

/** What the agent says of a failure, as data. Its words for what it knows are in PROTOCOL.md; all else is detail. */
export function captureError(said: string, { process, seconds, cancelled }: Capture, folder: string | null): ErrorData {
  const { pid } = process.row;
  if (cancelled || said === 'cancelled') return { code: 'snapshot.cancelled', facts: { pid } };
  if (said === 'timeout') return { code: 'snapshot.killed', facts: { pid, signal: null, seconds: Math.round(seconds) } };
  const killed = /^killed: signal (\d+)$/.exec(said);
  if (killed) return { code: 'snapshot.killed', facts: { pid, signal: signalName(Number(killed[1])), seconds: Math.round(seconds) } };
  if (LIMIT.test(said)) return { code: 'snapshot.limit', facts: { detail: said, objects: null } };
  if (NO_SPACE.test(said)) return { code: 'snapshot.no-space', facts: { path: folder, needed: null, available: null } };
  return { code: 'snapshot.failed', facts: { pid, detail: said } };
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? String(number);
}
