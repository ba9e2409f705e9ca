import { ref, watch } from 'vue';
import type { Ref } from 'vue';
import { isNumeric, textOf } from './columns.ts';
import type { Column } from './columns.ts';

/**
 * The longest text of each column of figures among the rows drawn so far, in characters: its column widens for it, and does not narrow
 * again while the table is scrolled. Figures are mostly digits, which are all as wide as CSS's `ch`.
 */
export function useFit<Row>(rows: () => readonly Row[], columns: () => readonly Column<Row>[]): Ref<Record<string, number>> {
  const longest = ref<Record<string, number>>({});
  let known = new WeakSet();
  watch(
    [columns, rows] as const,
    ([all, drawn], [before]) => {
      const anew = all !== before;
      if (anew) known = new WeakSet();
      const soFar: Record<string, number> = anew ? {} : longest.value;
      const fresh = drawn.filter((row): row is Row & WeakKey => typeof row === 'object' && row !== null && !known.has(row));
      for (const row of fresh) known.add(row);
      const grown = all
        .filter((column) => isNumeric(column.kind) && column.fits !== false)
        .map((column) => [column.id, Math.max(0, ...fresh.map((row) => textOf(column, row).length))] as const)
        .filter(([id, length]) => length > (soFar[id] ?? 0));
      if (anew || grown.length > 0) longest.value = { ...soFar, ...Object.fromEntries(grown) };
    },
    { immediate: true },
  );
  return longest;
}
