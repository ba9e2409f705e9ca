import { constants } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type {
  CaptureMethod,
  ErrorData,
  Facts,
  Milliseconds,
  SnapshotOptions,
  SnapshotRow,
  SnapshotTrigger,
} from '../../../src-preload/contract/index.ts';
import type { SnapshotMessage } from '../agent-link/messages.ts';
import { monotonicNow } from '../base/clock.ts';
import { messageOf, systemCode } from '../base/errors.ts';
import type { SessionProcess } from '../recording/session-part.ts';

/** The fields of a failed snapshot's message. */
export type CaptureFailure = Pick<SnapshotMessage, 'code' | 'error' | 'signal'>;

/** One snapshot in one process, from its request until its dump is complete or it has failed. */
export class Capture {
  readonly process: SessionProcess;
  readonly trigger: SnapshotTrigger;
  readonly name: string;
  readonly options: SnapshotOptions;
  readonly requestedAt: Milliseconds = monotonicNow();
  /** Where the agent writes its dumps, and the pid that it uses in their names. */
  readonly #dumps: { folder: string; pid: number } | null;
  /** The agent's number of it; null until the agent has reported it. */
  number: number | null = null;
  row: SnapshotRow | null = null;
  /** Where its dump is, or will be. */
  path: string | null = null;
  /** The key under which a forked copy sends its dump; null: it writes a file. */
  stream: string | null = null;
  /** When the heap was captured and how long that paused the process; null: not yet, or its agent has not reported it. */
  taken: { t: Milliseconds; pause: Milliseconds | null } | null = null;
  /** The user has cancelled it: what the agent still writes is discarded. */
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
   * The path of its dump, checked: the program could send any path, and the file there is read and removed. null: not a place for dumps of
   * this process.
   */
  dumpPath(path: string | null): string | null {
    return dumpPath(this.#dumps?.folder ?? null, path);
  }

  /** Where the agent will write it (PROTOCOL.md), for when its message never arrived; null: it has not begun. */
  get plannedPath(): string | null {
    if (this.#dumps === null || this.number === null) return null;
    return join(this.#dumps.folder, `${this.#dumps.pid}-${this.number}.heapdump`);
  }

  /** A forked copy writes the dump, and continues without its process. */
  get isCopy(): boolean {
    return this.row?.method === 'fork' || this.row?.method === 'census';
  }

  get seconds(): number {
    return (monotonicNow() - this.requestedAt) / 1000;
  }
}

/** The agent's arguments of `snapshot`, `snapshot_forecast` and `snapshot_options` (PROTOCOL.md). */
export function agentArguments(options: SnapshotOptions): Record<string, unknown> {
  const { method, collectFirst, previews, redact, memoryLimit, joinPages } = options;
  return { method, collect: collectFirst, previews, redact, limit_bytes: memoryLimit, join_pages: joinPages };
}

/** null: not in this folder, or not the name of a dump. */
export function dumpPath(folder: string | null, path: string | null): string | null {
  if (folder === null || path === null || dirname(path) !== folder) return null;
  const name = basename(path);
  return /^[\w-]+\.heapdump$/.test(name) ? join(folder, name) : null;
}

export function methodOf(value: unknown): CaptureMethod | null {
  return value === 'fork' || value === 'in-place' || value === 'python' || value === 'census' ? value : null;
}

/** An agent's failure as error data, by its code (PROTOCOL.md). Its text is only a detail. */
export function captureError(
  failure: CaptureFailure,
  { process, seconds, cancelled }: Pick<Capture, 'process' | 'seconds' | 'cancelled'>,
  folder: string | null,
): ErrorData {
  const { pid } = process.row;
  const detail = failure.error ?? '';
  if (cancelled || failure.code === 'cancelled') return { code: 'snapshot.cancelled', facts: { pid } };
  if (failure.code === 'timeout' || failure.code === 'killed') {
    const signal = failure.signal === null ? null : signalName(failure.signal);
    return { code: 'snapshot.killed', facts: { pid, signal, seconds: Math.round(seconds) } };
  }
  if (failure.code === 'limit') return { code: 'snapshot.limit', facts: { detail, objects: null } };
  if (failure.code === 'no-space') return { code: 'snapshot.no-space', facts: { path: folder, needed: null, available: null } };
  return { code: 'snapshot.failed', facts: { pid, detail } };
}

/** The facts of the event `snapshot-failed`: with those of the error, so that it can be worded from them alone. */
export function failureFacts({ pid, name }: Pick<SnapshotRow, 'pid' | 'name'>, { code, facts }: ErrorData): Facts {
  return { ...facts, pid, name, code, detail: String(facts['detail'] ?? '') };
}

/** A dump that we could not write, in the words of an agent. */
export function writeFailure(error: unknown): Pick<CaptureFailure, 'code' | 'error'> {
  return { code: systemCode(error) === 'ENOSPC' ? 'no-space' : 'failed', error: messageOf(error) };
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? String(number);
}
