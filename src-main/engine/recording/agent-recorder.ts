import type { Interpreter, MetricId, ProcessId, SessionTime } from '../../../src-preload/contract/index.ts';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import { Kind, type AgentMessage, type Collection, type Hello, type Sample } from '../agent-link/messages.ts';
import { rounded } from './series-sink.ts';
import type { SampleSink, SessionHost, SessionPart, SessionProcess } from './session-part.ts';

const PAUSES = ['gc_pause_0', 'gc_pause_1', 'gc_pause_2'] as const;
const COLLECTED = ['gc_collected_0', 'gc_collected_1', 'gc_collected_2'] as const;
const UNCOLLECTABLE = ['gc_uncollectable_0', 'gc_uncollectable_1', 'gc_uncollectable_2'] as const;
const COUNTS = ['gc_count_0', 'gc_count_1', 'gc_count_2'] as const;

/** Records the figures and events that agents send. */
export class AgentRecorder implements SessionPart {
  readonly name = 'agent figures';
  readonly #host: SessionHost;
  /** The agent measures what the operating system shows, since the engine cannot (macOS, Windows). */
  readonly #osFromAgent: boolean;
  /** Processes already reported as collecting too often for each collection to be timed. */
  readonly #collectionsSampled = new Set<ProcessId>();
  /** CPU seconds at the last sample, where the agent measures them. */
  readonly #cpu = new Map<ProcessId, { t: SessionTime; seconds: number }>();

  constructor(host: SessionHost, o: { osFromAgent: boolean }) {
    this.#host = host;
    this.#osFromAgent = o.osFromAgent;
  }

  onMessage(process: SessionProcess, connection: AgentConnection, message: AgentMessage): void {
    const host = this.#host;
    const { id, pid } = process.row;
    const at = (seconds: number): SessionTime => host.sessionTime(connection.toEngineTime(seconds));
    switch (message.kind) {
      case Kind.sample:
        return this.#sample(process, at(message.body.t), message.body);
      case Kind.gc:
        for (const collection of message.body.c) this.#collection(process, at(collection[0]), collection);
        return;
      case Kind.mark:
        return host.event(id, at(message.body.t), 'mark', { name: message.body.name, source: 'program' });
      case Kind.fault:
        return host.event(id, at(message.body.t), 'agent-fault', { pid, where: message.body.where, message: message.body.message });
      case Kind.garbage: {
        const types = message.body.types.map(([name, count]) => `${name} × ${count}`).join(', ');
        return host.event(id, at(message.body.t), 'garbage', { pid, total: message.body.total, types });
      }
      default:
        return;
    }
  }

  processEnded(process: ProcessId): void {
    this.#cpu.delete(process);
  }

  #sample(process: SessionProcess, t: SessionTime, sample: Sample): void {
    const { samples } = this.#host;
    const { id, pid } = process.row;
    const put = (metric: MetricId, value: number | null | undefined) => samples.put(id, metric, t, value);
    put('py_blocks', sample.blocks);
    put('garbage', sample.garbage);
    COUNTS.forEach((metric, generation) => put(metric, sample.gc[generation]));
    put('traced', sample.traced);
    put('traced_peak', sample.traced_peak);
    if (sample.frames !== process.tracemallocFrames) {
      process.tracemallocFrames = sample.frames;
      this.#host.event(id, t, 'tracemalloc', { pid, frames: sample.frames });
      if (sample.frames === 0) {
        samples.stop(id, 'traced', t);
        samples.stop(id, 'traced_peak', t);
      }
    }
    if (this.#osFromAgent && sample.os) this.#os(id, t, sample.os);
  }

  #os(process: ProcessId, t: SessionTime, os: NonNullable<Sample['os']>): void {
    const { samples } = this.#host;
    samples.put(process, 'rss', t, os.rss);
    samples.put(process, 'peak_rss', t, os.peak_rss);
    samples.put(process, 'threads', t, os.threads);
    samples.put(process, 'files', t, os.files);
    if (os.cpu === null || os.cpu === undefined) return;
    const before = this.#cpu.get(process);
    if (before && t > before.t) {
      samples.put(process, 'cpu', t, rounded(Math.max(0, ((os.cpu - before.seconds) * 1000) / (t - before.t))));
    }
    this.#cpu.set(process, { t, seconds: os.cpu });
  }

  #collection({ row: { id, pid } }: SessionProcess, t: SessionTime, collection: Collection): void {
    putCollection(this.#host.samples, id, t, collection);
    const [, , duration] = collection;
    if (duration !== null || this.#collectionsSampled.has(id)) return;
    this.#collectionsSampled.add(id);
    this.#host.event(id, t, 'collections-sampled', { pid });
  }
}

/**
 * A collection becomes three samples at its start: pause in ms, objects collected, uncollectable objects. Joined collections of one
 * generation (in a program with thousands per second) are recorded the same way, with the longest pause if any was timed, and their number
 * less one.
 */
function putCollection(sink: SampleSink, process: ProcessId, t: SessionTime, collection: Collection): void {
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

/** The Python version that an agent reports. */
export function interpreterOf({ executable, python, implementation, free_threaded: freeThreaded }: Hello): Interpreter {
  return { path: executable ?? '', version: python, implementation, source: 'named', support: 'full', freeThreaded, environment: null };
}
