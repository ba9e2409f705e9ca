/**
 * Copying in a terminal: Ctrl+Shift+C or Command+C with a selection copies; Ctrl+C always goes to the program. True when the key was
 * handled; pasting is the browser's own and needs nothing.
 */
export function isTerminalCopy(event: KeyboardEvent, hasSelection: boolean, copy: () => void): boolean {
  if (event.type !== 'keydown' || event.key.toLowerCase() !== 'c') return false;
  const wanted = (event.ctrlKey && event.shiftKey) || (event.metaKey && !event.ctrlKey);
  if (!wanted || !hasSelection) return false;
  event.preventDefault();
  copy();
  return true;
}
