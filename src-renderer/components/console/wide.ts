import { Unicode11Addon } from '@xterm/addon-unicode11';
import type { Terminal } from '@xterm/xterm';

/** The terminal's own widths are of Unicode 6: an emoji would take one cell where programs count two. */
export function knowWideCharacters(terminal: Terminal): void {
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
}
