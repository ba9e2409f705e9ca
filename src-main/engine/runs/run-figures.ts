import type {
  EventRow,
  ProjectId,
  RunComparison,
  RunFigures,
  SeriesInfo,
  SessionRow,
  SessionTime,
  SnapshotRow,
} from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { ProjectFile, SnapshotType } from '../project/index.ts';

const MOST_EVENTS = 100_000;
/** Most marks shown of one run; more cannot be compared by name in practice. */
const MOST_MARKS = 1000;
const TOP_TYPES = 10;

/** Figures of the session with this uuid; null: the file does not have it. */
export function runFigures(file: ProjectFile, project: ProjectId, uuid: string, align: RunComparison['align']): RunFigures | null {
  const row = file.sessions.find(uuid);
  if (!row) return null;
  const series = file.series.list(row.id);
  const rss = series.find(({ metric, process }) => metric === 'rss' && process === null);
  const stats = rss ? file.series.stats([rss.id], 0, row.duration)[0] : undefined;
  const marks = marksOf(file, row, rss);
  const ready = file.snapshots.list(row.id).filter(({ state }) => state === 'ready');
  return {
    project,
    session: row.id,
    name: row.name,
    program: row.program,
    duration: row.duration,
    zero: align.at === 'start' ? 0 : (marks.find(({ name }) => name === align.name)?.t ?? null),
    peakRss: row.peakRss,
    meanRss: stats?.mean ?? null,
    slopeRss: stats?.slope ?? null,
    growthBetweenMarks: growth(marks),
    marks,
    ...collections(file, series, row),
    lastSnapshot: lastSnapshot(ready),
    topGrowing: topGrowing(file, ready),
  };
}

function marksOf(file: ProjectFile, { id, duration }: SessionRow, rss: SeriesInfo | undefined): RunFigures['marks'] {
  const marks = file.events.list(id, 0, duration, MOST_EVENTS).events.filter(({ kind }: EventRow) => kind === 'mark');
  return marks
    .slice(0, MOST_MARKS)
    .map(({ t, facts }) => ({ name: String(facts['name'] ?? ''), t, rss: rss ? valueAt(file, rss, t) : null }));
}

/** The last sample before, or the first one after. */
function valueAt(file: ProjectFile, { id }: SeriesInfo, t: SessionTime): number | null {
  const [found] = file.series.window({ series: [id], from: t, to: t, buckets: 1 });
  if (!found) return null;
  const before = found.t.findLastIndex((time, i) => time <= t && !Number.isNaN(found.lo[i]));
  const at = before === -1 ? found.lo.findIndex((value) => !Number.isNaN(value)) : before;
  return found.lo[at] ?? null;
}

function growth(marks: RunFigures['marks']): number | null {
  const first = marks[0]?.rss ?? null;
  const last = marks.at(-1)?.rss ?? null;
  return marks.length < 2 || first === null || last === null ? null : last - first;
}

/** If a program makes thousands of collections per second, only some are timed: then there is no sum of their pauses. */
function collections(
  file: ProjectFile,
  series: readonly SeriesInfo[],
  { duration }: SessionRow,
): Pick<RunFigures, 'collections' | 'collectionPause'> {
  const of = (prefix: string): SeriesInfo[] => series.filter(({ metric }) => metric.startsWith(prefix));
  const sum = (prefix: string): number => {
    const ids = of(prefix).map(({ id }) => id);
    return file.series.stats(ids, 0, duration).reduce((all, { mean, samples }) => all + (mean ?? 0) * samples, 0);
  };
  const joined = Math.round(sum('gc_joined'));
  const collections = of('gc_collected_').reduce((all, { samples }) => all + samples, joined);
  return { collections, collectionPause: joined > 0 ? null : sum('gc_pause_') };
}

function lastSnapshot(ready: readonly SnapshotRow[]): RunFigures['lastSnapshot'] {
  const last = ready.at(-1);
  return last ? { id: last.id, t: last.t, objects: last.objects ?? 0, size: last.size ?? 0 } : null;
}

/** Between the first and the last snapshot of one process: the one with the last snapshot. */
function topGrowing(file: ProjectFile, ready: readonly SnapshotRow[]): RunFigures['topGrowing'] {
  const last = ready.at(-1);
  const first = ready.find(({ process }) => process === last?.process);
  if (!last || !first || first === last) return [];
  const [from, to] = [typesOf(file, first), typesOf(file, last)];
  if (from === null || to === null) return [];
  const before = new Map(from.map((type) => [keyOf(type), type]));
  const grown = to.map((type) => {
    const was = before.get(keyOf(type));
    return { module: type.module, name: type.name, count: type.count - (was?.count ?? 0), bytes: type.shallow - (was?.shallow ?? 0) };
  });
  const growing = grown.filter(({ bytes }) => bytes > 0);
  return growing.sort((a, b) => b.bytes - a.bytes).slice(0, TOP_TYPES);
}

/** null: damaged; the other figures are still correct. */
function typesOf(file: ProjectFile, { id }: SnapshotRow): SnapshotType[] | null {
  try {
    return file.snapshots.types(id);
  } catch (thrown) {
    if (thrown instanceof HeapscopeError && thrown.code === 'snapshot.damaged') return null;
    throw thrown;
  }
}

function keyOf({ module, name }: SnapshotType): string {
  return `${module}\0${name}`;
}
