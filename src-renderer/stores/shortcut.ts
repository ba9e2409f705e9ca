/**
 * A shortcut is written `Mod+Shift+S`, `F5`, `?`, `Alt+ArrowLeft`. `Mod` is Command on a Mac and Ctrl elsewhere.
 * Single characters are compared by what is typed, so that `?` works on every keyboard.
 */
export interface Keystroke {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

interface Parsed {
  key: string;
  mod: boolean;
  alt: boolean;
  shift: boolean;
}

/** Splits at plus signs; the last one may be the key itself. */
const partsOf = (shortcut: string): string[] => shortcut.split(/\+(?=.)/);

function parse(shortcut: string): Parsed {
  const parts = partsOf(shortcut);
  return { key: parts.at(-1) ?? '', mod: parts.includes('Mod'), alt: parts.includes('Alt'), shift: parts.includes('Shift') };
}

export function matches(shortcut: string, event: Keystroke, mac: boolean): boolean {
  const { key, mod, alt, shift } = parse(shortcut);
  const modDown = mac ? event.metaKey : event.ctrlKey;
  const otherDown = mac ? event.ctrlKey : event.metaKey;
  if (modDown !== mod || otherDown || event.altKey !== alt) return false;
  // Shift is part of a typed character such as "?"; with letters and named keys it has to be checked.
  const sign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  if (!sign && event.shiftKey !== shift) return false;
  return key.length === 1 ? event.key.toLowerCase() === key.toLowerCase() : event.key === key;
}

const MODIFIERS: ReadonlySet<string> = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Unidentified']);

/** The shortcut that a keystroke would be; null for a modifier alone, and for what no shortcut can be written of. */
export function shortcutOf(event: Keystroke, mac: boolean): string | null {
  const { key } = event;
  if (MODIFIERS.has(key) || key === ' ' || (mac ? event.ctrlKey : event.metaKey)) return null;
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  const mod = mac ? event.metaKey : event.ctrlKey;
  const parts = [mod && 'Mod', event.altKey && 'Alt', event.shiftKey && !isSign && 'Shift', key.length === 1 ? key.toUpperCase() : key];
  return parts.filter((part) => part !== false).join('+');
}

/** What browsers use these for: reload, stop, full screen, tools, windows and tabs, the address, printing, pictures of the page. */
const BROWSER_KEYS = /^(Mod\+|Shift\+)*(F5|F11|F12)$|^Mod\+(Shift\+)?[RWTNLPS]$/;

/** Whether a browser does something of its own with it: nobody who wants that means a program. */
export function belongsToBrowser(shortcut: string): boolean {
  return BROWSER_KEYS.test(shortcut);
}

const SIGNS: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' };
const MAC_SIGNS: Record<string, string> = { Mod: '⌘', Alt: '⌥', Shift: '⇧' };

/** The keys as printed on a keyboard, in order. */
export function keysOf(shortcut: string, mac: boolean): string[] {
  return partsOf(shortcut).map((part) => SIGNS[part] ?? (mac ? MAC_SIGNS[part] : undefined) ?? (part === 'Mod' ? 'Ctrl' : part));
}
