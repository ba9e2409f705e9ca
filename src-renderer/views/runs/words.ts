import type { MetricUnit, RunComparison, RunFigures } from '../../../src-preload/contract/index.ts';
import { METRICS } from '../../../src-preload/contract/index.ts';
import { isKnownMetric } from '../../charts/lanes.ts';
import { processToken } from '../../charts/theme.ts';
import { shortCommand } from '../../format/program.ts';
import { t } from '../../format/i18n.ts';
import { useSources } from '../../stores/sources.ts';
import { sourceName } from '../compare/words.ts';

/** A run's name, with its file where it is of another. */
export function runName(figures: RunFigures | null): string {
  if (figures === null) return t('runs.missing');
  const own = figures.name === '' || figures.name === figures.program ? shortCommand(figures.program) : figures.name;
  return own === '' ? t('common.session.unnamed', { id: figures.session }) : own;
}

/** The file of a run; '' for the project in view. */
export function runPlace(path: string | null): string {
  if (path === null) return '';
  const source = useSources().list.find((one) => one.path === path);
  return source === undefined ? path : sourceName(source);
}

/** CSS colour of a run, by its place. */
export const runColor = (index: number): string => `var(${processToken(index)})`;

export const alignWords = (align: RunComparison['align']): string => (align.at === 'start' ? t('runs.align.start') : t('runs.align.mark', { name: align.name }));

export const unitOf = (metric: string): MetricUnit => (isKnownMetric(metric) ? METRICS[metric].unit : 'count');

export const isBars = (metric: string): boolean => isKnownMetric(metric) && METRICS[metric].shape === 'bars';
