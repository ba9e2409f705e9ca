import { useNotices } from '../../stores/notices.ts';

/** Rows of a table as CSV, into the clipboard. */
export function copyCsv(rows: number, csv: string): void {
  void useNotices().attempt(async () => {
    await navigator.clipboard.writeText(csv);
    useNotices().report('common.notices.copiedCsv', { count: rows });
  });
}

/** Any text, into the clipboard. */
export function copyText(text: string, said = 'heap.copied'): void {
  void useNotices().attempt(async () => {
    await navigator.clipboard.writeText(text);
    useNotices().report(said);
  });
}

export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A file name that every file system accepts. */
export const fileName = (title: string): string => title.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60) || 'heap';
