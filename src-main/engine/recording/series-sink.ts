import type { MetricId, ProcessId, SeriesId, SessionTime } from '../../../src-preload/contract/index.ts';
import { METRICS } from '../../../src-preload/contract/index.ts';
import type { SampleSink } from './session-part.ts';

/** What a recording needs of the file to store samples. */
export interface SampleWriter {
  addSeries(process: ProcessId | null, metric: string): SeriesId;
  append(series: SeriesId, t: SessionTime, value: number): void;
}

/**
 * Samples of all processes of a session, and their sums over the tree.
 *
 * Metrics are not read at the same instants (PSS is rare, agents have ticks of their own), so a sum uses the last value of each living
 * process. A sum is appended once per tick, and only for metrics with new values. What came of a process since the last sum counts once
 * more, also where it ends meanwhile: the last figure of a program is its most important one.
 */
export class SeriesSink implements SampleSink {
  readonly #writer: SampleWriter;
  readonly #series = new Map<string, { id: SeriesId; last: SessionTime }>();
  readonly #latest = new Map<MetricId, Map<ProcessId, number>>();
  /** Metrics whose sum has changed since it was appended, and the processes with new values. */
  readonly #dirty = new Map<MetricId, Set<ProcessId>>();
  /** What their agents had under way when they ended may still come; their numbers are never given again. */
  readonly #gone = new Set<ProcessId>();
  readonly #onNewSeries: () => void;

  constructor(writer: SampleWriter, onNewSeries: () => void) {
    this.#writer = writer;
    this.#onNewSeries = onNewSeries;
  }

  /** One sample of one process; null values are skipped. */
  put(process: ProcessId, metric: MetricId, t: SessionTime, value: number | null | undefined): void {
    if (value === null || value === undefined) return;
    this.#append(process, metric, t, value);
    if (METRICS[metric].total === 'none') return;
    let latest = this.#latest.get(metric);
    if (!latest) this.#latest.set(metric, (latest = new Map<ProcessId, number>()));
    latest.set(process, value);
    this.#mark(metric).add(process);
  }

  /** A figure of the whole tree that is not a sum. */
  putTotal(metric: MetricId, t: SessionTime, value: number): void {
    this.#append(null, metric, t, value);
  }

  /** Appends the sums that have new values since the last call. */
  sum(t: SessionTime): void {
    const changed = [...this.#dirty];
    this.#dirty.clear();
    for (const [metric, processes] of changed) {
      this.#append(null, metric, t, rounded(this.#sumOf(metric, () => true) ?? NaN));
      for (const process of processes) if (this.#gone.has(process)) this.#leave(metric, process);
    }
  }

  /** The sum of the last values over the living processes; null: there is none. */
  total(metric: MetricId): number | null {
    return this.#sumOf(metric, (process) => !this.#gone.has(process));
  }

  /** The last value of a living process; null: there is none. */
  value(process: ProcessId, metric: MetricId): number | null {
    return this.#gone.has(process) ? null : (this.#latest.get(metric)?.get(process) ?? null);
  }

  /** The process has ended: it no longer counts in the sums, but for what came since the last one, or still comes of its agent. */
  drop(process: ProcessId): void {
    this.#gone.add(process);
    for (const metric of this.#latest.keys()) {
      if (this.#dirty.get(metric)?.has(process) !== true) this.#leave(metric, process);
    }
  }

  /** One metric of one process stopped (tracemalloc was switched off): a gap, and it leaves the sum. */
  stop(process: ProcessId, metric: MetricId, t: SessionTime): void {
    if (this.#series.has(keyOf(process, metric))) this.#append(process, metric, t, NaN);
    this.#leave(metric, process);
  }

  /** A gap until the next sample: charts must not draw lines across it. */
  gap(t: SessionTime): void {
    for (const key of this.#series.keys()) {
      const { process, metric } = partsOf(key);
      if (METRICS[metric].shape === 'line') this.#append(process, metric, t, NaN);
    }
  }

  #sumOf(metric: MetricId, counts: (process: ProcessId) => boolean): number | null {
    let total: number | null = null;
    for (const [process, value] of this.#latest.get(metric) ?? []) if (counts(process)) total = (total ?? 0) + value;
    return total;
  }

  #leave(metric: MetricId, process: ProcessId): void {
    if (this.#latest.get(metric)?.delete(process)) this.#mark(metric).delete(process);
  }

  #mark(metric: MetricId): Set<ProcessId> {
    let processes = this.#dirty.get(metric);
    if (!processes) this.#dirty.set(metric, (processes = new Set()));
    return processes;
  }

  #append(process: ProcessId | null, metric: MetricId, t: SessionTime, value: number): void {
    const key = keyOf(process, metric);
    let series = this.#series.get(key);
    if (!series) {
      series = { id: this.#writer.addSeries(process, metric), last: 0 };
      this.#series.set(key, series);
      this.#onNewSeries();
    }
    // An agent's clock is mapped by an offset that improves over time: times must still not go backwards.
    series.last = Math.max(series.last, t);
    this.#writer.append(series.id, series.last, value);
  }
}

/** To four decimals: more is noise, and compresses several times worse. */
export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function keyOf(process: ProcessId | null, metric: MetricId): string {
  return `${process ?? ''}/${metric}`;
}

function partsOf(key: string): { process: ProcessId | null; metric: MetricId } {
  const slash = key.indexOf('/');
  return { process: slash === 0 ? null : Number(key.slice(0, slash)), metric: key.slice(slash + 1) as MetricId };
}
