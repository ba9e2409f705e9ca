import { useNotices } from '../../stores/notices.ts';

/** Rows of a table as CSV on the clipboard. */
export function copySessionRows(rows: number, csv: string): void {
  void useNotices().attempt(async () => {
    await navigator.clipboard.writeText(csv);
    useNotices().say('common.notices.copiedCsv', { count: rows });
  });
}
