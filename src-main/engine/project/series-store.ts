import type {
  RangeStats,
  SeriesId,
  SeriesInfo,
  SeriesWindow,
  SessionId,
  SessionTime,
  WindowRequest,
} from '../../../src-preload/contract/index.ts';
import type { ProjectParts } from './parts.ts';
import { lowerBound, upperBound } from './pyramid.ts';
import type { SeriesReader } from './series-reader.ts';
import type { SeriesReaders } from './series-readers.ts';
import { listSeries, requireSeries } from './sessions.ts';
import { statsOf } from './stats.ts';
import { samplesBetween, windowOf } from './window.ts';

/** Up to this many samples in all requested series, figures are computed from each. */
const EXACT_SAMPLES = 1_000_000;
const MOST_BUCKETS = 8192;

/** The series of a project, for charts and statistics. */
export class SeriesStore {
  readonly #parts: ProjectParts;
  readonly #readers: SeriesReaders;

  constructor(parts: ProjectParts, readers: SeriesReaders) {
    this.#parts = parts;
    this.#readers = readers;
  }

  list(session: SessionId): SeriesInfo[] {
    const { connection, live, lost } = this.#parts;
    return connection.read((db) => {
      const recording = live.get(session)?.live;
      const rows = recording?.series.map((row) => ({ ...row, session })) ?? listSeries(db, session, lost);
      const readers = this.#readers.get(rows.map(({ id }) => id));
      return rows.map((row, i) => ({ ...row, ...this.#readers.info(readers[i]!) }));
    });
  }

  /** Throws `series.missing`. */
  window({ series, from, to, buckets }: WindowRequest): SeriesWindow[] {
    const points = Math.min(MOST_BUCKETS, Math.max(1, Math.floor(buckets)));
    return this.#read(series, (readers) => readers.map((reader) => ({ series: reader.id, ...windowOf(reader, from, to, points) })));
  }

  /** Statistics over a range, both ends included. Exact up to a million samples in all, else approximate. Throws `series.missing`. */
  stats(series: readonly SeriesId[], from: SessionTime, to: SessionTime): RangeStats[] {
    return this.#read(series, (readers) => {
      const count = readers.reduce((sum, reader) => {
        const { t0, t1 } = reader.blocks;
        return sum + samplesBetween(reader, lowerBound(t1.view(), from), upperBound(t0.view(), to));
      }, 0);
      return readers.map((reader) => statsOf(reader.id, reader, from, to, count <= EXACT_SAMPLES));
    });
  }

  #read<T>(ids: readonly SeriesId[], work: (readers: SeriesReader[]) => T): T {
    const { connection, live } = this.#parts;
    return connection.read((db) => {
      const unsaved = new Set([...live.values()].flatMap((writer) => writer.live.series.map(({ id }) => id)));
      const saved = ids.filter((id) => !unsaved.has(id));
      requireSeries(db, saved);
      return work(this.#readers.get(ids));
    });
  }
}
