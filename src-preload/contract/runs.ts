import type { Bytes, Milliseconds, ProjectId, SessionId, SessionTime, SnapshotId } from './units.ts';

/** One session of a comparison of runs; of another file by its path, if that can be opened. */
export interface RunRef {
  /** null: the project that contains the comparison. */
  path: string | null;
  /** uuid of the session: unchanged when the session is copied. */
  uuid: string;
}

/** A file as comparisons see it. */
export interface RunSource {
  /** Handle of the file; it does not count as opened by the user until `projects.open`. */
  project: ProjectId;
  path: string;
  /** File name without its extension. */
  name: string;
  untitled: boolean;
}

/** A comparison of runs; stored in a project. */
export interface RunComparison {
  id: number;
  name: string;
  runs: RunRef[];
  /** Index into `runs`. */
  baseline: number;
  align: { at: 'start' } | { at: 'mark'; name: string };
  layout: 'overlay' | 'lanes';
  /** Metric shown, such as 'rss'. */
  metric: string;
}

/** Figures of one run. null: it has none. */
export interface RunFigures {
  project: ProjectId;
  session: SessionId;
  name: string;
  program: string;
  duration: Milliseconds;
  /** The time of zero in the alignment; null: it has no such mark. */
  zero: SessionTime | null;
  peakRss: Bytes | null;
  meanRss: Bytes | null;
  /** Bytes per second, by least squares over the whole run. */
  slopeRss: number | null;
  /** RSS at the last mark less RSS at the first. */
  growthBetweenMarks: Bytes | null;
  marks: { name: string; t: SessionTime; rss: Bytes | null }[];
  collections: number;
  /** Of all collections; null: there were too many for each to be timed. */
  collectionPause: Milliseconds | null;
  lastSnapshot: { id: SnapshotId; t: SessionTime; objects: number; size: Bytes } | null;
  /** Between the first and the last snapshot, by bytes. */
  topGrowing: { module: string; name: string; count: number; bytes: Bytes }[];
}
