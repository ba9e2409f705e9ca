import type { MetricUnit, RunComparison, RunFigures } from '../../../src-preload/contract/index.ts';
import { METRICS } from '../../../src-preload/contract/index.ts';
import { isKnownMetric } from '../../charts/lanes.ts';
import { processToken } from '../../charts/theme.ts';
import { shortCommand } from '../../format/program.ts';
import { t } from '../../format/i18n.ts';
import { wallTimeShort } from '../../format/time.ts';
import { useSessions } from '../../stores/sessions.ts';
import { useSources } from '../../stores/sources.ts';
import { projectName } from '../shared/project-words.ts';

/** A run's name, with its file if that is another one. */
export function runName(figures: RunFigures | null): string {
  if (figures === null) return t('runs.missing');
  const own = figures.name === '' || figures.name === figures.program ? shortCommand(figures.program) : figures.name;
  return own === '' ? t('common.session.unnamed', { id: figures.session }) : own;
}

/** Names that distinguish the runs: those of one program by their start time. */
export function runLabels(all: readonly (RunFigures | null)[]): string[] {
  const names = all.map(runName);
  return names.map((name, run) => {
    const begun = runBegun(all[run] ?? null);
    return begun !== '' && names.indexOf(name) !== names.lastIndexOf(name) ? `${begun} · ${name}` : name;
  });
}

/** The start time of a run; '' if it is not known yet. */
export function runBegun(figures: RunFigures | null): string {
  const row = useSessions().byProject[figures?.project ?? '']?.find((one) => one.id === figures?.session);
  return row === undefined ? '' : wallTimeShort(row.startedAt, Date.now());
}

/** The file of a run; '' for the current project. */
export function runPlace(path: string | null): string {
  if (path === null) return '';
  const source = useSources().list.find((one) => one.path === path);
  return source === undefined ? path : projectName(source);
}

/** CSS colour of a run, by its position. */
export const runColor = (index: number): string => `var(${processToken(index)})`;

export const alignWords = (align: RunComparison['align']): string =>
  align.at === 'start' ? t('runs.align.start') : t('runs.align.mark', { name: align.name });

export const unitOf = (metric: string): MetricUnit => (isKnownMetric(metric) ? METRICS[metric].unit : 'count');

export const isBars = (metric: string): boolean => isKnownMetric(metric) && METRICS[metric].shape === 'bars';
