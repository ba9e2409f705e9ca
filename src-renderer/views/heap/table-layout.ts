import { computed } from 'vue';
import type { WritableComputedRef } from 'vue';
import { isRecord, useLayout } from '../../stores/layout.ts';
import type { Json } from '../../stores/layout.ts';

const isWidths = (value: unknown): value is Record<string, number> =>
  isRecord(value) && Object.values(value).every((width) => typeof width === 'number');
const isIds = (value: unknown): value is string[] | null =>
  value === null || (Array.isArray(value) && value.every((id) => typeof id === 'string'));

export interface TableLayout {
  widths: WritableComputedRef<Record<string, number>>;
  pinned: WritableComputedRef<readonly string[] | null>;
  hidden: WritableComputedRef<readonly string[] | null>;
}

/** What the user chose about a table's columns, remembered under its name. */
export function useTableLayout(name: string): TableLayout {
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
