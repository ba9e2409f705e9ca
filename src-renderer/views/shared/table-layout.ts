import { computed } from 'vue';
import type { WritableComputedRef } from 'vue';
import type { ColumnLayout } from '../../components/table/use-columns.ts';
import { isRecord, useLayout } from '../../stores/layout.ts';
import type { Json } from '../../stores/layout.ts';

const isWidths = (value: unknown): value is Record<string, number> =>
  isRecord(value) && Object.values(value).every((width) => typeof width === 'number');
const isIds = (value: unknown): value is string[] | null =>
  value === null || (Array.isArray(value) && value.every((id) => typeof id === 'string'));

/** The user's settings of a table's columns, stored under its name. */
export function useTableLayout(name: string): ColumnLayout {
  const layout = useLayout();
  const ids = (what: 'pinned' | 'hidden'): WritableComputedRef<readonly string[] | null> =>
    computed({
      get: () => layout.read(`${name}.${what}`, isIds, null),
      set: (value) => layout.write(`${name}.${what}`, value === null ? null : [...value]),
    });
  return {
    widths: computed({
      get: () => layout.read(`${name}.widths`, isWidths, {}),
      set: (value) => layout.write(`${name}.widths`, { ...value } satisfies Json),
    }),
    pinned: ids('pinned'),
    hidden: ids('hidden'),
  };
}
