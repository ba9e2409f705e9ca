import type { Confidence } from '../../../src-preload/contract/index.ts';
import { snapshotName } from '../../format/heap.ts';
import { t } from '../../format/i18n.ts';
import { sessionName } from '../../format/program.ts';
import { sessionTime, wallTimeShort } from '../../format/time.ts';
import { percent, signed } from '../../format/units.ts';
import type { Compared } from '../../stores/compare.ts';

export const comparedName = ({ at, row }: Compared): string =>
  row === null ? t('heap.snapshots.unnamed', { n: at.snapshot }) : snapshotName(row);

/** The session of one of them, with its start time if another one has the same name. */
export function comparedSession({ session }: Compared, all: readonly Compared[]): string {
  if (session === null) return '';
  const name = sessionName(session);
  const shared = all.some((other) => other.session !== null && other.session.uuid !== session.uuid && sessionName(other.session) === name);
  return shared ? `${name} · ${wallTimeShort(session.startedAt, Date.now())}` : name;
}

/** Session, time, process and file, for the tooltip. */
export function comparedTitle({ at, row, session, source }: Compared): string {
  const parts = [
    session === null ? '' : sessionName(session),
    row === null ? '' : `${sessionTime(row.t)} · pid ${row.pid}`,
    at.path === null || source === null ? '' : t('compare.otherFile', { file: source.path }),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

export const reasonOf = (confidence: Confidence): string => t(`compare.match.reason.${confidence}`);

/** The relative growth: "+12.3 %"; empty if it was zero before. */
export const growthShare = (before: number, after: number): string =>
  before === 0 ? '' : signed(percent(after / before - 1), after - before);
