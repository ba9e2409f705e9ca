import { h } from 'vue';
import type { Component } from 'vue';
import type { ChangedRow } from '../../../src-preload/contract/index.ts';
import ConfidenceBadge from '../../components/table/cells/ConfidenceBadge.vue';
import { addressColumn, bytesColumn, countColumn, deltaColumn } from '../../components/table/cells/columns.ts';
import type { Column } from '../../components/table/columns.ts';
import { holderWords, lineText, shortLine } from '../../format/heap.ts';
import { t } from '../../format/i18n.ts';
import type { ComparePart } from '../../stores/compare-place.ts';
import { objectColumn, previewColumn, sized } from '../shared/object-columns.ts';
import LineLabel from '../shared/LineLabel.vue';
import { letterAt } from '../shared/letters.ts';
import { reasonOf } from './words.ts';

export interface ChangedColumnOptions {
  part: ComparePart;
  /** How many snapshots are compared. */
  snapshots: number;
  previews: boolean;
  sites: boolean;
}

/** Objects of one part of a row, by the names that the engine sorts and filters by. */
export function changedColumns({ part, snapshots, previews, sites }: ChangedColumnOptions): Column<ChangedRow>[] {
  const ends = { a: letterAt(0), b: letterAt(snapshots - 1) };
  const unmatched = part === 'gone' ? t('compare.match.gone', ends) : t('compare.match.new', ends);
  const sure = (row: ChangedRow): string =>
    row.confidence === null ? t('compare.match.unmatched') : t(`table.confidence.${row.confidence}`);
  const reason = (row: ChangedRow): string => (row.confidence === null ? unmatched : reasonOf(row.confidence));
  const title = (id: 'type' | 'preview' | 'address' | 'shallow' | 'retained' | 'referrers'): string => t(`heap.objects.columns.${id}`);
  return [
    objectColumn('type', title('type'), { width: 170 }),
    previewColumn('preview', title('preview'), { hidden: !previews, help: previews ? undefined : t('heap.objects.noPreviews') }),
    {
      id: 'holder',
      title: t('compare.columns.holder'),
      kind: 'text',
      width: 280,
      value: (row) => holderWords(row.holder),
      hover: (row) => holderWords(row.holder),
      help: t('heap.objects.columnHelp.holder'),
    },
    {
      id: 'site',
      title: t('compare.columns.site'),
      kind: 'text',
      width: 150,
      value: (row) => (row.site === null ? '' : lineText(row.site)),
      text: (row) => (row.site === null ? '–' : shortLine(row.site)),
      hover: (row) => (row.site === null ? t('heap.object.siteUnknown') : lineText(row.site)),
      draw: ({ site }) => (site === null ? h('span', { class: 'faint' }, '–') : h(LineLabel, { file: site.file, name: shortLine(site) })),
      hidden: !sites,
      help: t('compare.columnHelp.site'),
    },
    {
      id: 'confidence',
      title: t('compare.columns.confidence'),
      kind: 'text',
      width: 92,
      value: (row) => row.confidence,
      text: sure,
      hover: reason,
      // New or gone objects never have a match: the column would be redundant.
      hidden: part === 'new' || part === 'gone',
      help: t('compare.columnHelp.confidence'),
      draw: (row) =>
        row.confidence === null
          ? h('span', { class: 'faint' }, sure(row))
          : h(ConfidenceBadge as Component, { confidence: row.confidence, reason: reason(row) }),
    },
    bytesColumn('shallow', title('shallow'), (row) => row.shallow, { ...sized('shallow'), help: t('heap.types.columnHelp.shallow') }),
    bytesColumn('retained', title('retained'), (row) => row.retained, {
      ...sized('retained'),
      help: t('heap.dominators.columnHelp.retained'),
    }),
    countColumn('referrers', title('referrers'), (row) => row.referrers, {
      width: 72,
      hidden: true,
      help: t('heap.objects.columnHelp.referrers'),
    }),
    ...(part === 'survived' || part === 'grown' ? growthColumns(part === 'survived') : []),
    addressColumn('address', title('address'), (row) => row.address),
  ];
}

const less = (now: number | null, then: number | null): number | null => (now === null || then === null ? null : now - then);

/** How much longer and larger a survivor is than before. */
function growthColumns(hidden: boolean): Column<ChangedRow>[] {
  const help = t('compare.columnHelp.diff');
  const length = (row: ChangedRow): number | null => less(row.length, row.lengthBefore);
  const size = (row: ChangedRow): number | null => less(row.shallow, row.shallowBefore);
  return [
    deltaColumn('lengthDiff', t('compare.columns.lengthDiff'), 'count', length, { width: 78, help, hidden }),
    deltaColumn('shallowDiff', t('compare.columns.sizeDiff'), 'bytes', size, { width: 86, help, hidden }),
  ];
}
