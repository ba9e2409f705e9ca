import { h } from 'vue';
import type { ObjectRow } from '../../../src-preload/contract/index.ts';
import { addressColumn, bytesColumn, countColumn } from '../../components/table/cells/columns.ts';
import type { Column } from '../../components/table/columns.ts';
import { codeText, garbageText, holderWords, isText, kindText, kindTitle, sizeText, sizeTitle, typeText } from '../../format/heap.ts';
import { t } from '../../format/i18n.ts';
import { bytesAtLeast } from '../../format/units.ts';
import CodeLabel from './CodeLabel.vue';
import ObjectLabel from './ObjectLabel.vue';

/** An object as a column of any table: its type, or the kind of a root. */
export function objectColumn<Row extends ObjectRow>(id: string, title: string, more: Partial<Column<Row>> = {}): Column<Row> {
  const text = (row: Row): string => (row.kind === 'object' ? typeText(row.type) : kindText(row.kind));
  return {
    id,
    title,
    kind: 'text',
    width: 220,
    value: text,
    hover: (row) => kindTitle(row.kind) || text(row),
    draw: (row) => h(ObjectLabel, { row }),
    ...more,
  };
}

/** Short texts of values, as Python would show them. */
export function previewColumn<Row extends ObjectRow>(id: string, title: string, more: Partial<Column<Row>> = {}): Column<Row> {
  return {
    id,
    title,
    kind: 'text',
    width: 170,
    value: (row) => row.preview,
    hover: (row) => (isText(row.type) ? row.preview : codeText(row.preview)),
    draw: (row) => (isText(row.type) ? h('span', { class: 'mono' }, row.preview) : h(CodeLabel, { text: row.preview })),
    ...more,
  };
}

/** How a column of sizes shows lower bounds. */
export const sized = (size: 'shallow' | 'retained') => ({
  text: (row: Pick<ObjectRow, 'shallow' | 'retained' | 'atLeast'>): string => sizeText(row, size),
  hover: (row: Pick<ObjectRow, 'shallow' | 'retained' | 'atLeast'>): string => sizeTitle(row, size),
});

type ColumnName =
  'type' | 'preview' | 'address' | 'shallow' | 'retained' | 'referrers' | 'referents' | 'length' | 'dtype' | 'shape' | 'holder' | 'garbage';

/** Of arrays; at first hidden where there is none. */
function arrayColumns(shown: boolean): Column<ObjectRow>[] {
  const column = (id: 'dtype' | 'shape', width: number): Column<ObjectRow> => ({
    id,
    title: t(`heap.objects.columns.${id}`),
    kind: 'text',
    width,
    hidden: !shown,
    value: (row) => row.array?.[id] ?? '',
    help: t(`heap.objects.columnHelp.${id}`),
  });
  return [column('dtype', 76), column('shape', 96)];
}

/** What the objects have, of those columns that are at first hidden where nothing would be in them. */
interface ObjectColumnOptions {
  /** Values were recorded. */
  previews: boolean;
  texts: boolean;
  arrays: boolean;
}

/** Columns of the Objects page, by the names that the engine sorts and filters by. */
export function objectColumns({ previews, texts, arrays }: ObjectColumnOptions): Column<ObjectRow>[] {
  const title = (id: Exclude<ColumnName, 'dtype' | 'shape'>): string => t(`heap.objects.columns.${id}`);
  const help = (id: 'referrers' | 'referents' | 'length' | 'holder' | 'garbage'): string => t(`heap.objects.columnHelp.${id}`);
  return [
    objectColumn('type', title('type'), { pinned: true, width: 180 }),
    { id: 'module', title: t('heap.types.columns.module'), kind: 'text', width: 140, hidden: true, value: (row) => row.type.module },
    previewColumn('preview', title('preview'), {
      width: 210,
      hidden: !previews && !texts,
      help: previews ? undefined : t('heap.objects.noPreviews'),
    }),
    bytesColumn('shallow', title('shallow'), (row) => row.shallow, {
      ...sized('shallow'),
      width: 78,
      sum: bytesAtLeast,
      help: t('heap.types.columnHelp.shallow'),
    }),
    bytesColumn('retained', title('retained'), (row) => row.retained, {
      ...sized('retained'),
      width: 86,
      help: t('heap.dominators.columnHelp.retained'),
    }),
    countColumn('length', title('length'), (row) => row.length, { width: 64, help: help('length') }),
    ...arrayColumns(arrays),
    countColumn('referrers', title('referrers'), (row) => row.referrers, { width: 66, help: help('referrers') }),
    countColumn('referents', title('referents'), (row) => row.referents, { width: 72, help: help('referents') }),
    {
      id: 'garbage',
      title: title('garbage'),
      kind: 'text',
      width: 140,
      hidden: true,
      value: (row) => garbageText(row.garbage),
      help: help('garbage'),
    },
    addressColumn('address', title('address'), (row) => row.address),
    {
      id: 'holder',
      title: title('holder'),
      kind: 'text',
      width: 300,
      value: (row) => holderWords(row.holder),
      hover: (row) => holderWords(row.holder),
      help: help('holder'),
    },
  ];
}
