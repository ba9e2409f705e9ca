import type { RowSource } from './columns.ts';

/** What the keyboard does to a table. */
export interface RowKeys<Row> {
  source: () => RowSource<Row>;
  /** Index of the focused row; -1: none. */
  at: () => number;
  page: () => number;
  /** First column of text, for typing to find. */
  textAt: (index: number) => string;
  focus: (index: number, how: 'only' | 'extend' | 'move') => void;
  open: (index: number) => void;
  space: (index: number) => void;
  selectAll: () => void;
  copy: () => void;
}

/** Letters typed within this time belong together. */
const TYPE_TIME_MS = 800;
/** Rows looked at for a typed beginning: enough for a list, and no stall in a million. */
const LOOK_AHEAD = 200_000;

/** A handler for `keydown` on the table; true when the key was taken. */
export function useRowKeys<Row>(keys: RowKeys<Row>): (event: KeyboardEvent) => boolean {
  let typed = '';
  let typedAt = 0;

  const find = (letter: string): void => {
    const now = performance.now();
    typed = now - typedAt > TYPE_TIME_MS ? letter : typed + letter;
    typedAt = now;
    const { count } = keys.source();
    const start = Math.max(0, keys.at()) + (typed.length > 1 ? 0 : 1);
    for (let step = 0; step < Math.min(count, LOOK_AHEAD); step += 1) {
      const index = (start + step) % count;
      if (keys.textAt(index).toLowerCase().startsWith(typed.toLowerCase())) return keys.focus(index, 'only');
    }
  };

  const moveTo = (event: KeyboardEvent): number | null => {
    const last = keys.source().count - 1;
    const at = keys.at();
    const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last, PageDown: at + keys.page(), PageUp: at - keys.page() };
    const next = to[event.key];
    return next === undefined || last < 0 ? null : Math.max(0, Math.min(last, next));
  };

  return (event) => {
    const mod = event.ctrlKey || event.metaKey;
    const next = event.altKey ? null : moveTo(event);
    if (next !== null) keys.focus(next, event.shiftKey ? 'extend' : mod ? 'move' : 'only');
    else if (event.key === 'Enter' && keys.at() >= 0) keys.open(keys.at());
    else if (event.key === ' ' && keys.at() >= 0) keys.space(keys.at());
    else if (mod && event.key.toLowerCase() === 'a') keys.selectAll();
    else if (mod && event.key.toLowerCase() === 'c') keys.copy();
    else if (!mod && !event.altKey && /^[\p{L}\p{N}_.]$/u.test(event.key) && !event.shiftKey) find(event.key);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
}
