import type { EventKind, Facts, Interpreter, MetricId, ProcessId, SessionTime } from '../../../src-preload/contract/index.ts';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import { Kind, type AgentMessage, type Collection, type Hello, type Sample } from '../agent-link/messages.ts';
import type { Tracked } from './process-book.ts';
import { rounded, type SeriesSink } from './series-sink.ts';

export interface AgentRecorderHost {
  sink: SeriesSink;
  /** The agent measures what the operating system shows, since the engine cannot (macOS, Windows). */
  osFromAgent: boolean;
  event(process: ProcessId | null, t: SessionTime, kind: EventKind, facts: Facts): void;
  sessionTime(engineTime: number): SessionTime;
  /** It said with which status it ends. */
  announced(tracked: Tracked, code: number | null): void;
}

const PAUSES = ['gc_pause_0', 'gc_pause_1', 'gc_pause_2'] as const;
const COLLECTED = ['gc_collected_0', 'gc_collected_1', 'gc_collected_2'] as const;
const UNCOLLECTABLE = ['gc_uncollectable_0', 'gc_uncollectable_1', 'gc_uncollectable_2'] as const;
const COUNTS = ['gc_count_0', 'gc_count_1', 'gc_count_2'] as const;

/** Writes down what one agent says. */
export function recordAgentMessage(host: AgentRecorderHost, tracked: Tracked, connection: AgentConnection, message: AgentMessage): void {
  const at = (seconds: number) => Math.max(0, host.sessionTime(connection.toEngineTime(seconds)));
  const process = tracked.row.id;
  const pid = tracked.row.pid;
  switch (message.kind) {
    case Kind.sample:
      return recordSample(host, tracked, at(message.body.t), message.body);
    case Kind.gc:
      for (const collection of message.body.c) {
        recordCollection(host.sink, process, at(collection[0]), collection);
        if (collection[2] !== null || tracked.collectionsSampled) continue;
        tracked.collectionsSampled = true;
        host.event(process, at(collection[0]), 'collections-sampled', { pid });
      }
      return;
    case Kind.mark:
      return host.event(process, at(message.body.t), 'mark', { name: message.body.name, source: 'program' });
    case Kind.fault:
      return host.event(process, at(message.body.t), 'agent-fault', { pid, where: message.body.where, message: message.body.message });
    case Kind.garbage: {
      const types = message.body.types.map(([name, count]) => `${name} × ${count}`).join(', ');
      return host.event(process, at(message.body.t), 'garbage', { pid, total: message.body.total, types });
    }
    case Kind.bye:
      return host.announced(tracked, message.body.code);
    case Kind.hello:
    case Kind.reply:
    case Kind.snapshot: // `SessionSnapshots` listens to it itself
      return;
  }
}

function recordSample(host: AgentRecorderHost, tracked: Tracked, t: SessionTime, sample: Sample): void {
  const { sink } = host;
  const process = tracked.row.id;
  const put = (metric: MetricId, value: number | null | undefined) => sink.put(process, metric, t, value);
  put('py_blocks', sample.blocks);
  put('garbage', sample.garbage);
  COUNTS.forEach((metric, generation) => put(metric, sample.gc[generation]));
  put('traced', sample.traced);
  put('traced_peak', sample.traced_peak);
  if (sample.frames !== tracked.tracemallocFrames) {
    tracked.tracemallocFrames = sample.frames;
    host.event(process, t, 'tracemalloc', { pid: tracked.row.pid, frames: sample.frames });
    if (sample.frames === 0) {
      sink.stop(process, 'traced', t);
      sink.stop(process, 'traced_peak', t);
    }
  }
  if (host.osFromAgent && sample.os) recordOs(sink, tracked, t, sample.os);
}

function recordOs(sink: SeriesSink, tracked: Tracked, t: SessionTime, os: NonNullable<Sample['os']>): void {
  const process = tracked.row.id;
  sink.put(process, 'rss', t, os.rss);
  sink.put(process, 'peak_rss', t, os.peak_rss);
  sink.put(process, 'threads', t, os.threads);
  sink.put(process, 'files', t, os.files);
  if (os.cpu === null || os.cpu === undefined) return;
  const before = tracked.cpu;
  if (before && t > before.t) sink.put(process, 'cpu', t, rounded(Math.max(0, ((os.cpu - before.seconds) * 1000) / (t - before.t))));
  tracked.cpu = { t, seconds: os.cpu };
}

/**
 * A collection becomes three samples at its start: pause in ms, objects collected, objects it could not free. Several of one
 * generation that were joined (a program that makes thousands a second) become the same, with the longest pause if any was
 * timed, and their number less one.
 */
function recordCollection(sink: SeriesSink, process: ProcessId, t: SessionTime, collection: Collection): void {
  const [, generation, duration, collected, uncollectable, joined] = collection;
  const pause = PAUSES[generation];
  const freed = COLLECTED[generation];
  const stuck = UNCOLLECTABLE[generation];
  if (!pause || !freed || !stuck) return;
  sink.put(process, pause, t, duration === null ? null : rounded(duration * 1000));
  sink.put(process, freed, t, collected);
  sink.put(process, stuck, t, uncollectable);
  if (joined > 1) sink.put(process, 'gc_joined', t, joined - 1);
}

/** The Python that an agent says it runs in. */
export function interpreterOf({ executable, python, implementation, free_threaded: freeThreaded }: Hello): Interpreter {
  return { path: executable ?? '', version: python, implementation, source: 'named', support: 'full', freeThreaded, environment: null };
}
