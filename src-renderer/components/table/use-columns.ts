import { computed, shallowRef } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import type { MenuEntry } from '../base/menu.ts';
import { columnEntries } from './column-menu.ts';
import { isNumeric } from './columns.ts';
import type { Column, Sort } from './columns.ts';

const NARROWEST = 40;

/** A column as shown in the table. */
export interface Placed<Row> {
  column: Column<Row>;
  width: number;
  /** Left offset in pixels if it is pinned; null: it scrolls. */
  left: number | null;
  /** The last pinned one: others scroll below its right edge. */
  edge: boolean;
}

/** The user's column settings; null: defaults. Stored by the caller, if at all. */
export interface ColumnLayout {
  widths: Ref<Record<string, number>>;
  pinned: Ref<readonly string[] | null>;
  hidden: Ref<readonly string[] | null>;
}

export interface ColumnChoices extends ColumnLayout {
  sort: Ref<Sort | null>;
}

/** For a table whose column settings need not be stored. */
export const passingLayout = (): ColumnLayout => ({ widths: shallowRef({}), pinned: shallowRef(null), hidden: shallowRef(null) });

export interface Columns<Row> {
  placed: ComputedRef<Placed<Row>[]>;
  /** Of the grid: pinned columns first, the last column takes the remaining width. */
  template: ComputedRef<string>;
  totalWidth: ComputedRef<number>;
  sortBy: (column: Column<Row>) => void;
  startResize: (event: PointerEvent, one: Placed<Row>) => void;
  resize: (event: PointerEvent) => void;
  endResize: () => void;
  resetWidth: (column: Column<Row>) => void;
  /** By this many pixels; may be negative. */
  widen: (column: Column<Row>, by: number) => void;
  /** The menu of one column's header, or of all columns. */
  entries: (column: Column<Row> | null) => MenuEntry[];
  choose: (id: string) => void;
}

/** Widths, order and visibility of a table's columns. */
export function useColumns<Row>(all: () => readonly Column<Row>[], choices: ColumnChoices): Columns<Row> {
  const { widths, pinned, hidden, sort } = choices;
  const ids = (which: Ref<readonly string[] | null>, byDefault: (column: Column<Row>) => boolean): string[] => [
    ...(which.value ??
      all()
        .filter(byDefault)
        .map(({ id }) => id)),
  ];
  const pinnedIds = computed(() => ids(pinned, (column) => column.pinned === true));
  const hiddenIds = computed(() => ids(hidden, (column) => column.hidden === true));
  const widthOf = (column: Column<Row>): number => widths.value[column.id] ?? column.width;

  const placed = computed(() => {
    const shown = all().filter(({ id }) => !hiddenIds.value.includes(id));
    const isPinned = ({ id }: Column<Row>): boolean => pinnedIds.value.includes(id);
    const first = shown.filter(isPinned);
    let left = 0;
    return [...first, ...shown.filter((column) => !isPinned(column))].map((column): Placed<Row> => {
      const width = widthOf(column);
      const place = { column, width, left: isPinned(column) ? left : null, edge: column === first.at(-1) };
      left += width;
      return place;
    });
  });

  const sortBy = (column: Column<Row>): void => {
    if (column.sortable === false) return;
    const now = sort.value?.column === column.id ? sort.value : null;
    sort.value = { column: column.id, descending: now === null ? isNumeric(column.kind) : !now.descending };
  };

  const toggled = (list: readonly string[], id: string): string[] => (list.includes(id) ? list.filter((one) => one !== id) : [...list, id]);
  const choose = (chosen: string): void => {
    const [what = '', id = ''] = chosen.split(/ (.*)/s);
    if (what === 'up' || what === 'down') sort.value = { column: id, descending: what === 'down' };
    else if (what === 'pin') pinned.value = toggled(pinnedIds.value, id);
    else if (what === 'show') hidden.value = toggled(hiddenIds.value, id);
    else if (what === 'reset') [widths.value, pinned.value, hidden.value] = [{}, null, null];
  };

  return {
    placed,
    template: computed(() =>
      placed.value.map(({ width }, index) => (index === placed.value.length - 1 ? `minmax(${width}px, 1fr)` : `${width}px`)).join(' '),
    ),
    totalWidth: computed(() => placed.value.reduce((sum, { width }) => sum + width, 0)),
    sortBy,
    ...useResize(widths),
    resetWidth: (column) => (widths.value = Object.fromEntries(Object.entries(widths.value).filter(([id]) => id !== column.id))),
    widen: (column, by) => (widths.value = { ...widths.value, [column.id]: Math.max(NARROWEST, widthOf(column) + by) }),
    entries: (column) => columnEntries(column, { all: all(), sort: sort.value, pinned: pinnedIds.value, hidden: hiddenIds.value }),
    choose,
  };
}

/** Dragging the edge of a header. */
function useResize(widths: Ref<Record<string, number>>): Pick<Columns<never>, 'endResize' | 'resize'> & {
  startResize: (event: PointerEvent, one: { column: { id: string }; width: number }) => void;
} {
  const dragged = shallowRef<{ column: string; from: number; width: number } | null>(null);
  return {
    startResize: (event, { column, width }) => {
      dragged.value = { column: column.id, from: event.clientX, width };
      if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId);
    },
    resize: (event) => {
      if (dragged.value === null) return;
      const { column, from, width } = dragged.value;
      widths.value = { ...widths.value, [column]: Math.max(NARROWEST, Math.round(width + event.clientX - from)) };
    },
    endResize: () => (dragged.value = null),
  };
}
