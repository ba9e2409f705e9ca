import { constants } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type {
  CaptureMethod,
  ErrorData,
  Milliseconds,
  SnapshotOptions,
  SnapshotRow,
  SnapshotTrigger,
} from '../../../src-preload/contract/index.ts';
import type { SnapshotMessage } from '../agent-link/messages.ts';
import { monotonicNow } from '../base/clock.ts';
import type { SessionProcess } from '../recording/session-part.ts';

/** What a message of a failed snapshot says of it. */
export type CaptureFailure = Pick<SnapshotMessage, 'code' | 'error' | 'signal'>;

/** One snapshot in one process, from when it was asked for until its dump is whole or it has failed. */
export class Capture {
  readonly process: SessionProcess;
  readonly trigger: SnapshotTrigger;
  readonly name: string;
  readonly options: SnapshotOptions;
  readonly requestedAt: Milliseconds = monotonicNow();
  /** Where the agent puts its dumps, and what it calls its process in their names. */
  readonly #dumps: { folder: string; pid: number } | null;
  /** The agent's number of it; null until it has said it. */
  number: number | null = null;
  row: SnapshotRow | null = null;
  /** Where its dump is, or will be. */
  path: string | null = null;
  /** The user wants it no more: what the agent still makes of it is thrown away. */
  cancelled = false;

  constructor(process: SessionProcess, o: { trigger: SnapshotTrigger; name: string; options: SnapshotOptions }) {
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
    return (monotonicNow() - this.requestedAt) / 1000;
  }
}

/** What the agent takes as arguments of `snapshot`, `snapshot_forecast` and `snapshot_options` (PROTOCOL.md). */
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

/** What the agent says of a failure, by its code (PROTOCOL.md), as data. Its words are detail. */
export function captureError(said: CaptureFailure, { process, seconds, cancelled }: Capture, folder: string | null): ErrorData {
  const { pid } = process.row;
  const detail = said.error ?? '';
  if (cancelled || said.code === 'cancelled') return { code: 'snapshot.cancelled', facts: { pid } };
  if (said.code === 'timeout' || said.code === 'killed') {
    const signal = said.signal === null ? null : signalName(said.signal);
    return { code: 'snapshot.killed', facts: { pid, signal, seconds: Math.round(seconds) } };
  }
  if (said.code === 'limit') return { code: 'snapshot.limit', facts: { detail, objects: null } };
  if (said.code === 'no-space') return { code: 'snapshot.no-space', facts: { path: folder, needed: null, available: null } };
  return { code: 'snapshot.failed', facts: { pid, detail } };
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? String(number);
}
