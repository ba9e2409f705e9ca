import type { Bytes, Milliseconds, ProjectId, SessionId, SessionTime, SnapshotId } from './units.ts';

/** One session of a run-beside-run comparison; of another file by its path, as far as that can be opened. */
export interface RunRef {
  /** null: the project that keeps the comparison. */
  path: string | null;
  /** uuid of the session: it stays when the session is copied. */
  uuid: string;
}

/** A file as comparisons see it. */
export interface RunSource {
  /** Handle of the file; it is no open project of the user's until `projects.open` makes it one. */
  project: ProjectId;
  path: string;
  /** File name without its ending. */
  name: string;
  untitled: boolean;
}

/** Runs laid side by side; kept in a project. */
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
  /** Where the alignment puts zero; null: it has no such mark. */
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
