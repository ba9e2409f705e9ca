import { useActions } from '../../stores/actions.ts';
import { useDialogs } from '../../stores/dialogs.ts';
import { useFiles } from '../../stores/files.ts';

const TYPING = 'input, textarea, select, [contenteditable="true"], .xterm, [role="menu"]';

/** Whether a key belongs to the focused element: a field, the terminal, an open menu. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPING) !== null;
}

/** The palette opens from a field too: no field uses its key. The terminal does, and keeps it. */
function opensPalette(event: KeyboardEvent): boolean {
  const inTerminal = event.target instanceof Element && event.target.closest('.xterm') !== null;
  return (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k' && !inTerminal;
}

/** Whether the focused element keeps this key. */
export function belongsToFocus(event: KeyboardEvent): boolean {
  return isTyping(event.target) && !opensPalette(event);
}

/** Keys of the whole window. They never fire while another element uses the keys, nor under a dialog. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || belongsToFocus(event)) return;
  const dialogs = useDialogs();
  if (dialogs.open !== null || dialogs.question !== null || useFiles().request !== null) return;
  if (useActions().press(event)) event.preventDefault();
}
