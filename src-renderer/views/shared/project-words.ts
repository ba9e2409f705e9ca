import type { ProjectInfo } from '../../../src-preload/contract/index.ts';
import { t, tn } from '../../format/i18n.ts';
import type { MessageKey } from '../../format/i18n.ts';
import { count } from '../../format/units.ts';

export const projectName = (project: { name: string; untitled: boolean }): string =>
  project.untitled ? t('common.project.untitled') : project.name;

const READ_ONLY: Record<NonNullable<ProjectInfo['readOnlyReason']>, MessageKey> = {
  'in-use': 'common.project.readOnlyInUse',
  permission: 'common.project.readOnlyPermission',
  name: 'common.project.readOnlyName',
  lock: 'common.project.readOnlyLock',
  damaged: 'common.project.readOnlyDamaged',
  'disk-full': 'common.project.readOnlyDiskFull',
};

/** Why a project is read-only. */
export const readOnlyText = ({ readOnlyReason }: ProjectInfo): string => t(READ_ONLY[readOnlyReason ?? 'permission']);

/** The losses of a damaged file, one per line. */
export function damageLines({ damage }: ProjectInfo): string[] {
  if (damage === null) return [];
  const rows = damage.lost.map(({ table, rows: n }) => tn('common.project.damageRows', n, { table }));
  const samples = damage.lostSamples > 0 ? [t('common.project.damageSamples', { n: count(damage.lostSamples) })] : [];
  return [t('common.project.damageText'), tn('common.project.damageSessions', damage.sessionsRead), ...rows, ...samples];
}
