import { useActions, type Action } from '../../stores/actions.ts';
import { useApp } from '../../stores/app.ts';
import { belongsToBrowser } from '../../stores/shortcut.ts';

/** Why an action cannot have a key: the browser keeps it, or another action has it. */
export type KeyFault = { kind: 'browser' } | { kind: 'taken'; by: Action };

/** null: the action can have it. */
export function faultOf(shortcut: string, action: Action, all: readonly Action[]): KeyFault | null {
  if (useApp().native === null && belongsToBrowser(shortcut)) return { kind: 'browser' };
  const by = all.find((other) => other.id !== action.id && useActions().shortcutsOf(other).includes(shortcut));
  return by === undefined ? null : { kind: 'taken', by };
}
