import { inject, type InjectionKey } from 'vue';
import type { FocusHow } from './use-selection.ts';
import type { RowSource } from './source.ts';

/** What the keyboard does to a table. */
export interface RowKeys<Row> {
  source: () => RowSource<Row>;
  /** Index of the focused row; -1: none. */
  at: () => number;
  page: () => number;
  /** First column of text, for finding rows by typing. */
  textAt: (index: number) => string;
  focus: (index: number, how: FocusHow) => void;
  open: (index: number) => void;
  space: (index: number) => void;
  selectAll: () => void;
  copy: () => void;
}

/** Whether a key does something in the whole window: a beginning typed in a table does not start with it. */
export const TAKEN_KEYS: InjectionKey<(event: KeyboardEvent) => boolean> = Symbol('taken keys');

/** Letters typed within this time belong together. */
const TYPE_TIME_MS = 800;
/** Rows searched for a typed beginning: enough for a list, without a stall in a million. */
const LOOK_AHEAD = 200_000;

/** A handler for `keydown` on the table; true when the key was handled. */
export function useRowKeys<Row>(keys: RowKeys<Row>): (event: KeyboardEvent) => boolean {
  const isTaken = inject(TAKEN_KEYS, () => false);
  const { find, isTyping } = finder(keys);

  const moveTo = (event: KeyboardEvent): number | null => {
    const last = keys.source().count - 1;
    const at = keys.at();
    const to: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: last,
      PageDown: at + keys.page(),
      PageUp: at - keys.page(),
    };
    const next = to[event.key];
    return next === undefined || last < 0 ? null : Math.max(0, Math.min(last, next));
  };

  return (event) => {
    const mod = event.ctrlKey || event.metaKey;
    const next = event.altKey ? null : moveTo(event);
    if (next !== null) keys.focus(next, event.shiftKey ? 'extend' : mod ? 'move' : 'only');
    else if (event.key === 'Enter' && keys.at() >= 0) keys.open(keys.at());
    else if (event.key === ' ' && keys.at() >= 0) keys.space(keys.at());
    else if (!mod && !event.altKey && event.key === 'ArrowRight' && keys.source().tree) inward(keys);
    else if (!mod && !event.altKey && event.key === 'ArrowLeft' && keys.source().tree) outward(keys);
    else if (mod && event.key.toLowerCase() === 'a') keys.selectAll();
    else if (mod && event.key.toLowerCase() === 'c') keys.copy();
    else if (isLetter(event) && !keys.source().remote && keys.source().count > 0 && (isTyping() || !isTaken(event))) find(event.key);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
}

function isLetter({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return !ctrlKey && !metaKey && !altKey && !shiftKey && /^[\p{L}\p{N}_.]$/u.test(key);
}

/** Opens a branch; on an open one, goes to its first child. */
function inward<Row>({ source, at, focus }: RowKeys<Row>): void {
  const { tree } = source();
  const row = source().at(at());
  if (row === undefined || !tree || tree.note(row)) return;
  if (tree.state(row) === 'closed') tree.toggle(row);
  else if (tree.state(row) === 'open' && at() + 1 < source().count) focus(at() + 1, 'only');
}

/** Closes a branch; elsewhere, goes to the row's parent. */
function outward<Row>({ source, at, focus }: RowKeys<Row>): void {
  const { tree } = source();
  const row = source().at(at());
  if (row === undefined || !tree) return;
  if (tree.note(row) === null && tree.state(row) === 'open') tree.toggle(row);
  else if (tree.parentOf(at()) >= 0) focus(tree.parentOf(at()), 'only');
}

function finder<Row>(keys: RowKeys<Row>): { find: (letter: string) => void; isTyping: () => boolean } {
  let typed = '';
  let typedAt = -TYPE_TIME_MS;
  const isTyping = (): boolean => performance.now() - typedAt <= TYPE_TIME_MS;
  const find = (letter: string): void => {
    const now = performance.now();
    typed = isTyping() ? typed + letter : letter;
    typedAt = now;
    const { count } = keys.source();
    const start = Math.max(0, keys.at()) + (typed.length > 1 ? 0 : 1);
    for (let step = 0; step < Math.min(count, LOOK_AHEAD); step += 1) {
      const index = (start + step) % count;
      if (keys.textAt(index).toLowerCase().startsWith(typed.toLowerCase())) return keys.focus(index, 'only');
    }
  };
  return { find, isTyping };
}
