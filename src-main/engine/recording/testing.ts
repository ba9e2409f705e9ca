import type { EventRow, ExitStatus, ProcessId, ProcessRow, SeriesId, SessionTime } from '../../../src-preload/contract/index.ts';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import type { Refusal } from '../agent-link/agent-server.ts';
import { connectionOf } from '../agent-link/testing.ts';
import { monotonicNow } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { PeerIdentity } from '../base/peer.ts';
import type { ProcessSample, Target, TargetExit, TreeSample } from '../targets/index.ts';
import { Recording } from './recording.ts';
import type { RecordingSetup, RecordingWriter } from './recording-setup.ts';
import type { PartFactory, SessionPart } from './session-part.ts';

/** The state of a fake project's session: what a flush would write, and what was written. */
class FakeWriter implements RecordingWriter {
  readonly id = 1;
  readonly events: EventRow[] = [];
  readonly samples: { series: string; t: SessionTime; value: number }[] = [];
  readonly finished: Parameters<RecordingWriter['finish']>[0][] = [];
  readonly #calls: string[];
  readonly #rows: ProcessRow[] = [];
  readonly #series: string[] = [];
  flushes = 0;
  touched: SessionTime = 0;
  peak: number | null = null;
  /** The error that the next flush throws. */
  fault: Error | null = null;

  constructor(calls: string[]) {
    this.#calls = calls;
  }

  addProcess(o: Parameters<RecordingWriter['addProcess']>[0]): ProcessRow {
    const row: ProcessRow = { id: this.#rows.length + 1, session: 1, ordinal: this.#rows.length, end: null, exit: null, ...o };
    this.#rows.push(row);
    return row;
  }

  updateProcess(id: ProcessId, patch: Partial<ProcessRow>): ProcessRow {
    return Object.assign(this.#rows[id - 1] ?? {}, patch) as ProcessRow;
  }

  addSeries(process: ProcessId | null, metric: string): SeriesId {
    return this.#series.push(`${process ?? 'all'}/${metric}`) - 1;
  }

  append(series: SeriesId, t: SessionTime, value: number): void {
    this.samples.push({ series: this.#series[series] ?? '?', t, value });
  }

  addEvent(process: ProcessId | null, t: SessionTime, kind: EventRow['kind'], facts: EventRow['facts']): EventRow {
    const event: EventRow = { id: this.events.length + 1, session: 1, process, t, kind, facts };
    this.events.push(event);
    return event;
  }

  appendConsole(t: SessionTime, data: Uint8Array): { offset: number; t: SessionTime; data: Uint8Array } {
    return { offset: 0, t, data };
  }

  resizeConsole(): void {
    this.#calls.push('resizeConsole');
  }

  identify(): void {
    this.#calls.push('identify');
  }

  touch(t: SessionTime, peak: number | null): void {
    this.touched = t;
    this.peak = peak;
  }

  flush(): void {
    this.flushes += 1;
    if (this.fault !== null) throw this.fault;
  }

  finish(o: Parameters<RecordingWriter['finish']>[0]): void {
    this.#calls.push('finish');
    this.finished.push(o);
  }

  kinds(): string[] {
    return this.events.map(({ kind }) => kind);
  }
}

/** A recording with fakes only, and the means to drive and observe it. */
export class FakeRecording {
  /** What was called, in order. */
  readonly calls: string[];
  readonly writer: FakeWriter;
  readonly recording: Recording;
  readonly faults: HeapscopeError[] = [];
  readonly warnings: string[] = [];
  readonly link = {
    welcome: { interval: 100, paused: false, sampling: 0 },
    connections: new Set<AgentConnection>(),
    onJoined: new Emitter<AgentConnection>(),
    onRefused: new Emitter<Refusal>(),
    identify: () => ({ kind: 'unknown' }) as const,
    ownPorts: () => new Set<number>(),
    dispose: () => void this.calls.push('link.dispose'),
  };
  /** Keys of processes that the sampler sees ending. */
  readonly ending = new Set<string>();
  readonly #exit = new Emitter<TargetExit>();
  readonly #tick = new Emitter<TreeSample>();
  readonly #startedAt = monotonicNow();

  constructor(
    parts: readonly PartFactory[],
    o: { calls?: string[]; terminal?: Target['terminal']; writer?: RecordingWriter; outOfMemory?: boolean } = {},
  ) {
    this.calls = o.calls ?? [];
    this.writer = new FakeWriter(this.calls);
    const log: Log = { info: () => undefined, warn: (message) => void this.warnings.push(message) };
    this.recording = new Recording({
      ...this.#setup(o.terminal ?? null, o.outOfMemory ?? false),
      writer: o.writer ?? this.writer,
      parts,
      log,
    });
    this.recording.onFault.on((fault) => this.faults.push(fault));
  }

  /** The sampler saw these processes: pid to RSS. */
  tick(rss: Record<number, number>, ended: number[] = [], at: SessionTime = this.recording.now): void {
    const processes = Object.entries(rss).map(([pid, value]) => processSample(Number(pid), value));
    this.#tick.emit({
      t: this.#startedAt + at,
      processes,
      ended: ended.map((pid) => ({ key: `${pid}:1`, pid, exit: null, t: this.#startedAt + at, peakRss: null })),
      cut: 0,
      cost: 0,
    });
  }

  /** An agent joins, of the program itself by default. */
  join(pid = 10, identity?: PeerIdentity): AgentConnection {
    const connection = connectionOf({ hello: { pid }, identity });
    connection.onClosed.on(() => this.link.connections.delete(connection));
    this.link.connections.add(connection);
    this.link.onJoined.emit(connection);
    return connection;
  }

  /** The program itself ends. */
  exit(exit: Partial<ExitStatus> = {}): void {
    this.#exit.emit({ code: 0, signal: null, ...exit });
  }

  #setup(terminal: Target['terminal'], outOfMemory: boolean): Omit<RecordingSetup, 'writer' | 'parts' | 'log'> {
    const note = (call: string) => (): void => void this.calls.push(call);
    return {
      project: 'p1',
      path: '/p.heapscope',
      program: 'python job.py',
      intervalMs: 100,
      target: {
        pid: 10,
        terminal,
        onExit: (listener) => this.#exit.on(listener),
        signal: (how) => {
          this.calls.push(`target.${how}`);
          if (how === 'kill') this.exit({ code: null, signal: 'SIGKILL' });
        },
      },
      sampler: {
        onTick: (listener) => this.#tick.on(listener),
        identify: () => ({ kind: 'unknown' }),
        ownPorts: () => new Set(),
        signal: (name) => void this.calls.push(`sampler.${name}`),
        runs: (key) => !this.ending.has(key),
        expectExit: (key) => void this.calls.push(`expectExit ${key}`),
        pause: note('sampler.pause'),
        resume: note('sampler.resume'),
        setInterval: () => undefined,
        dispose: note('sampler.dispose'),
      },
      link: this.link,
      outOfMemory: { happened: () => outOfMemory, refresh: () => undefined },
      startedAt: this.#startedAt,
    };
  }
}

/** A part that logs its calls as `name.call`, with their most significant argument. */
export function notingPart(name: string, calls: string[], own: Partial<SessionPart> = {}): SessionPart {
  return {
    name,
    joined: (process) => void calls.push(`${name}.joined ${process.row.pid}`),
    onMessage: (_process, _connection, { kind }) => void calls.push(`${name}.onMessage ${kind}`),
    left: (process) => void calls.push(`${name}.left ${process.row.pid}`),
    tick: (processes) => void calls.push(`${name}.tick ${processes.map(({ rss }) => String(rss)).join(' ')}`),
    marked: (process, mark) => void calls.push(`${name}.marked ${process ?? 'user'} ${mark}`),
    processEnded: (process) => void calls.push(`${name}.processEnded ${process}`),
    isBusy: () => false,
    end: () => void calls.push(`${name}.end`),
    ...own,
  };
}

function processSample(pid: number, rss: number): ProcessSample {
  const unread = { peakRss: null, swap: null, uss: null, pss: null, cpu: null, threads: null, files: null, sockets: null, arenas: null };
  return {
    key: `${pid}:1`,
    pid,
    ppid: pid === 10 ? 1 : 10,
    command: 'python job.py',
    descends: true,
    executable: null,
    startedAt: null,
    rss,
    ...unread,
  };
}
