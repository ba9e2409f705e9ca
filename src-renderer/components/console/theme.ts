import type { ITheme } from '@xterm/xterm';

/** The sixteen colours of a terminal that keep 4.5:1 on the window's background, light and dark. */
const LIGHT: ITheme = {
  black: '#24292f',
  red: '#b3261e',
  green: '#1d6f42',
  yellow: '#7d5200',
  blue: '#1a56b4',
  magenta: '#8a2a85',
  cyan: '#0f6b78',
  white: '#5f6673',
  brightBlack: '#57606a',
  brightRed: '#a01b12',
  brightGreen: '#14612f',
  brightYellow: '#6b4700',
  brightBlue: '#0d47a1',
  brightMagenta: '#761d71',
  brightCyan: '#0b5964',
  brightWhite: '#3d434c',
};
const DARK: ITheme = {
  black: '#5c6470',
  red: '#ff8a80',
  green: '#6cc792',
  yellow: '#e6b455',
  blue: '#74b4f0',
  magenta: '#dd8fd6',
  cyan: '#56c6d2',
  white: '#c9ced6',
  brightBlack: '#8f98a6',
  brightRed: '#ffaba3',
  brightGreen: '#8fdcae',
  brightYellow: '#f2cd83',
  brightBlue: '#a0cdf7',
  brightMagenta: '#ebb2e6',
  brightCyan: '#84dae3',
  brightWhite: '#ffffff',
};

/** The terminal's theme from the window's current tokens. */
export function terminalTheme(dark: boolean): ITheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ...(dark ? DARK : LIGHT),
    background: token('--bg'),
    foreground: token('--text'),
    cursor: token('--accent'),
    cursorAccent: token('--bg'),
    selectionBackground: token('--bg-selected'),
    selectionInactiveBackground: token('--bg-selected-dim'),
  };
}

/** Colours of search matches, in the form the addon expects. */
export function matchColours(): {
  matchBackground: string;
  matchOverviewRuler: string;
  activeMatchBackground: string;
  activeMatchColorOverviewRuler: string;
} {
  const style = getComputedStyle(document.documentElement);
  const match = style.getPropertyValue('--match').trim();
  const active = style.getPropertyValue('--match-active').trim();
  return { matchBackground: match, matchOverviewRuler: match, activeMatchBackground: active, activeMatchColorOverviewRuler: active };
}
