import { computed, shallowRef } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import type { MenuEntry } from '../base/menu.ts';
import { columnEntries } from './column-menu.ts';
import { isNumeric } from './columns.ts';
import type { Column, Sort } from './columns.ts';

const NARROWEST = 40;
/** Of a cell, beside its text: as `.cell` in TableRow.vue has it, and a pixel for a pinned one's edge. */
const PADDING_PX = 19;

/** A column as shown in the table; lengths are CSS. */
export interface Placed<Row> {
  column: Column<Row>;
  width: string;
  /** Whether it takes its share of what the columns leave. */
  grows: boolean;
  /** Left offset if it is pinned; null: it scrolls. */
  left: string | null;
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
  /** Of the grid: pinned columns first; the remaining width is shared by those whose width nobody has chosen. */
  template: ComputedRef<string>;
  totalWidth: ComputedRef<string>;
  sortBy: (column: Column<Row>) => void;
  /** `width`: as it is shown. */
  startResize: (event: PointerEvent, column: Column<Row>, width: number) => void;
  resize: (event: PointerEvent) => void;
  endResize: () => void;
  resetWidth: (column: Column<Row>) => void;
  setWidth: (column: Column<Row>, width: number) => void;
  /** The menu of one column's header, or of all columns. */
  entries: (column: Column<Row> | null) => MenuEntry[];
  choose: (id: string) => void;
}

/** Widths, order and visibility of a table's columns; `chars`: how many characters their cells take. */
export function useColumns<Row>(
  all: () => readonly Column<Row>[],
  choices: ColumnChoices,
  chars: Readonly<Ref<Readonly<Record<string, number>>>>,
): Columns<Row> {
  const { widths, pinned, hidden, sort } = choices;
  const ids = (which: Ref<readonly string[] | null>, byDefault: (column: Column<Row>) => boolean): string[] => [
    ...(which.value ??
      all()
        .filter(byDefault)
        .map(({ id }) => id)),
  ];
  const pinnedIds = computed(() => ids(pinned, (column) => column.pinned === true));
  const hiddenIds = computed(() => ids(hidden, (column) => column.hidden === true));
  const isChosen = ({ id }: Column<Row>): boolean => widths.value[id] !== undefined;
  const widthOf = (column: Column<Row>): string => {
    const wanted = chars.value[column.id] ?? 0;
    return isChosen(column) || wanted === 0
      ? `${widths.value[column.id] ?? column.width}px`
      : `max(${column.width}px, ${wanted}ch + ${PADDING_PX}px)`;
  };

  const placed = computed(() =>
    place(
      all().filter(({ id }) => !hiddenIds.value.includes(id)),
      { isPinned: ({ id }) => pinnedIds.value.includes(id), isChosen, widthOf },
    ),
  );

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
      placed.value.map(({ column, width, grows }) => (grows ? `minmax(${width}, ${column.width}fr)` : width)).join(' '),
    ),
    totalWidth: computed(() => sumOf(placed.value.map(({ width }) => width))),
    sortBy,
    ...useResize(widths),
    resetWidth: (column) => (widths.value = Object.fromEntries(Object.entries(widths.value).filter(([id]) => id !== column.id))),
    setWidth: ({ id }, width) => (widths.value = { ...widths.value, [id]: Math.max(NARROWEST, width) }),
    entries: (column) => columnEntries(column, { all: all(), sort: sort.value, pinned: pinnedIds.value, hidden: hiddenIds.value }),
    choose,
  };
}

interface Placing<Row> {
  isPinned: (column: Column<Row>) => boolean;
  /** The user gave it its width. */
  isChosen: (column: Column<Row>) => boolean;
  widthOf: (column: Column<Row>) => string;
}

/** Pinned columns first. */
function place<Row>(shown: readonly Column<Row>[], { isPinned, isChosen, widthOf }: Placing<Row>): Placed<Row>[] {
  const first = shown.filter(isPinned);
  const left: string[] = [];
  const ordered = [...first, ...shown.filter((column) => !isPinned(column))];
  const last = ordered.every(isChosen) ? ordered.at(-1) : undefined;
  return ordered.map((column) => {
    const width = widthOf(column);
    const edge = column === first.at(-1);
    // The offset of a pinned column is the sum of those before it: only the last of them may grow.
    const grows = column === last || (!isChosen(column) && (edge || !isPinned(column)));
    const placed = { column, width, grows, left: isPinned(column) ? sumOf(left) : null, edge };
    left.push(width);
    return placed;
  });
}

const sumOf = (lengths: readonly string[]): string => (lengths.length === 0 ? '0px' : `calc(${lengths.join(' + ')})`);

/** Dragging the edge of a header. */
function useResize(widths: Ref<Record<string, number>>): Pick<Columns<never>, 'endResize' | 'resize'> & {
  startResize: (event: PointerEvent, column: { id: string }, width: number) => void;
} {
  const dragged = shallowRef<{ column: string; from: number; width: number } | null>(null);
  return {
    startResize: (event, column, width) => {
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
