import type { RunFigures } from '../../../src-preload/contract/index.ts';
import { typeText } from '../../format/heap.ts';
import { t } from '../../format/i18n.ts';
import { duration, milliseconds, sessionTime } from '../../format/time.ts';
import { bytes, bytesExact, bytesPerMinute, count, NONE } from '../../format/units.ts';

/** One figure over all runs, in their order. */
export interface FigureRow {
  id: string;
  name: string;
  /** null: the run has no such figure. */
  values: (number | null)[];
  text: (value: number) => string;
  /** The tooltip of a value. */
  title: (value: number, run: number) => string;
  /** A difference would be meaningless. */
  alone?: boolean;
  /** Shown instead of a missing value. */
  none: string;
}

export interface FigureSection {
  id: string;
  title: string;
  rows: FigureRow[];
  /** Shown if there are no rows. */
  empty: string;
}

type Runs = readonly (RunFigures | null)[];
const MOST_MARKS = 12;
const MOST_TYPES = 10;
const MINUTE = 60;

/** All figures of runs, in sections. */
export function figureSections(runs: Runs): FigureSection[] {
  const sections: FigureSection[] = [timeAndMemory(runs), collector(runs), snapshots(runs), marks(runs), types(runs)];
  return sections.filter(({ rows, empty }) => rows.length > 0 || empty !== '');
}

const row = (
  id: string,
  name: string,
  runs: Runs,
  of: (run: RunFigures) => number | null,
  text: FigureRow['text'],
  title: FigureRow['title'] = () => '',
): FigureRow => ({
  ...{ id, name, text, title, none: NONE },
  values: runs.map((run) => (run === null ? null : of(run))),
});

const size = (id: string, name: string, runs: Runs, of: (run: RunFigures) => number | null): FigureRow =>
  row(id, name, runs, of, bytes, bytesExact);

function timeAndMemory(runs: Runs): FigureSection {
  const rows = [
    row(
      'duration',
      t('runs.figures.duration'),
      runs,
      (run) => run.duration,
      (value) => duration(value, true),
    ),
    size('peakRss', t('runs.figures.peakRss'), runs, (run) => run.peakRss),
    size('meanRss', t('runs.figures.meanRss'), runs, (run) => run.meanRss),
    row(
      'slopeRss',
      t('runs.figures.slopeRss'),
      runs,
      (run) => (run.slopeRss === null ? null : run.slopeRss * MINUTE),
      bytesPerMinute,
      bytesExact,
    ),
    size('growth', t('runs.figures.growth'), runs, (run) => run.growthBetweenMarks),
  ];
  return { id: 'time', title: t('runs.figures.time'), rows, empty: '' };
}

function collector(runs: Runs): FigureSection {
  const none = runs.some((run) => run?.collectionPause === null) ? t('runs.figures.notTimed') : NONE;
  const rows = [
    row('collections', t('runs.figures.collections'), runs, (run) => run.collections, count),
    { ...row('pause', t('runs.figures.pause'), runs, (run) => run.collectionPause, milliseconds), none },
    row(
      'meanPause',
      t('runs.figures.meanPause'),
      runs,
      (run) => (run.collections === 0 || run.collectionPause === null ? null : run.collectionPause / run.collections),
      milliseconds,
    ),
  ];
  return { id: 'gc', title: t('runs.figures.gc'), rows, empty: '' };
}

function snapshots(runs: Runs): FigureSection {
  const rows = [
    { ...row('snapshotTime', t('runs.figures.snapshotTime'), runs, (run) => run.lastSnapshot?.t ?? null, sessionTime), alone: true },
    row('objects', t('runs.figures.objects'), runs, (run) => run.lastSnapshot?.objects ?? null, count),
    size('size', t('runs.figures.size'), runs, (run) => run.lastSnapshot?.size ?? null),
  ];
  return { id: 'snapshot', title: t('runs.figures.snapshot'), rows, empty: '' };
}

/** Marks that most runs have come first; of marks with the same name the first. */
function marks(runs: Runs): FigureSection {
  const names = new Map<string, number>();
  for (const run of runs)
    for (const name of new Set(run?.marks.map((mark) => mark.name) ?? [])) names.set(name, (names.get(name) ?? 0) + 1);
  const most = [...names]
    .filter(([name]) => name !== '')
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_MARKS);
  const rows = most.map(([name]) => size(`mark ${name}`, name, runs, (run) => run.marks.find((mark) => mark.name === name)?.rss ?? null));
  return { id: 'marks', title: t('runs.figures.marks'), rows, empty: '' };
}

/** The types that grew most in any of the runs. A type outside of a run's own top types may have grown there too, a little. */
function types(runs: Runs): FigureSection {
  const grown = new Map<string, number>();
  for (const type of runs.flatMap((run) => run?.topGrowing ?? []))
    grown.set(typeText(type), Math.max(grown.get(typeText(type)) ?? 0, type.bytes));
  const top = [...grown].sort((a, b) => b[1] - a[1]).slice(0, MOST_TYPES);
  const rows = top.map(([name]): FigureRow => {
    const of = (run: RunFigures | null | undefined) => run?.topGrowing.find((type) => typeText(type) === name);
    return {
      ...size(`type ${name}`, name, runs, (run) => of(run)?.bytes ?? null),
      title: (value, run) => [bytesExact(value), t('runs.figures.objectsOf', { n: count(of(runs[run])?.count ?? null) })].join(', '),
      none: t('runs.figures.notTop'),
    };
  });
  return { id: 'types', title: t('runs.figures.types'), rows, empty: t('runs.figures.noTypes') };
}
