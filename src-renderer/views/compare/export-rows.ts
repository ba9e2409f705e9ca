import type { CompareRow, Grouping, RowRequest } from '../../../src-preload/contract/index.ts';
import { toCsv } from '../../components/table/csv.ts';
import type { Column } from '../../components/table/columns.ts';
import { groupText } from '../../format/heap.ts';
import { sessionName } from '../../format/program.ts';
import { useCompare } from '../../stores/compare.ts';
import type { Compared } from '../../stores/compare.ts';
import { useNotices } from '../../stores/notices.ts';
import { useTasks } from '../../stores/tasks.ts';
import { fileName, saveBlob } from '../shared/copy.ts';
import { letterAt } from '../shared/letters.ts';
import { comparedName } from './words.ts';

export interface ExportRequest {
  format: 'csv' | 'json';
  by: Grouping;
  growing: boolean;
  changed: boolean;
  query: Pick<RowRequest, 'filter' | 'sort'>;
  /** Matching rows, for the progress. */
  total: number;
  matched: boolean;
  columns: readonly Column<CompareRow>[];
}

const PAGE = 5000;

/** All rows that match the filter, in the order of the table, as a file. */
export async function exportRows(request: ExportRequest): Promise<void> {
  const rows = await useTasks().run('compare.export.task', { n: request.total }, async ({ signal, onProgress }) => {
    const found: CompareRow[] = [];
    for (;;) {
      const page = await useCompare().groups(
        {
          by: request.by,
          growing: request.growing,
          changed: request.changed,
          below: 'all',
          ...request.query,
          from: found.length,
          count: PAGE,
        },
        { signal },
      );
      found.push(...page.rows);
      onProgress({ step: 'exporting', done: page.total === 0 ? 1 : found.length / page.total });
      if (found.length >= page.total || page.rows.length === 0) return found;
    }
  });
  const { compared } = useCompare();
  const isCsv = request.format === 'csv';
  const text = isCsv ? toCsv(exported(request.columns), rows) : `${JSON.stringify(asJson(request, rows, compared), null, 2)}\n`;
  const [first] = compared;
  const name = fileName(['comparison', first?.session ? sessionName(first.session) : '', ...compared.map(comparedName)].join(' '));
  saveBlob(new Blob([text], { type: isCsv ? 'text/csv' : 'application/json' }), `${name}.${request.format}`);
  useNotices().report('compare.export.done', { count: rows.length });
}

/** Every column, shown or not; a trend contains nothing that its values do not. */
const exported = (columns: readonly Column<CompareRow>[]): Column<CompareRow>[] => columns.filter(({ id }) => id !== 'trend');

export function asJson(
  { by, growing, changed, matched }: Pick<ExportRequest, 'by' | 'growing' | 'changed' | 'matched'>,
  rows: readonly CompareRow[],
  compared: readonly Compared[],
): object {
  return {
    by,
    growing,
    changed,
    matched,
    snapshots: compared.map((one, index) => ({
      letter: letterAt(index),
      name: comparedName(one),
      file: one.source?.path ?? null,
      session: one.session === null ? null : sessionName(one.session),
      sessionUuid: one.session?.uuid ?? null,
      pid: one.row?.pid ?? null,
      timeMs: one.row?.t ?? null,
      objects: one.row?.objects ?? null,
      bytes: one.row?.size ?? null,
    })),
    rows: rows.map((row) => ({
      label: groupText(row),
      module: row.label.module,
      name: row.label.name,
      counts: row.counts,
      bytes: row.shallow,
      retained: row.retained,
      lengths: row.lengths,
      new: row.fresh,
      gone: row.gone,
      survived: row.survived,
      grown: row.grown,
      replaced: row.replaced,
      newBytes: row.freshBytes,
      growsEachTime: row.growsEachTime,
    })),
  };
}
