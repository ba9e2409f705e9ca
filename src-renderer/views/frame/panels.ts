import { isBetween, isBoolean, useLayout } from '../../stores/layout.ts';

export type PanelName = 'inspector' | 'console';

/** Initial size of a panel in per cent, and its limits. */
const FIRST: Record<PanelName, number> = { inspector: 24, console: 34 };
export const SMALLEST = 10;
export const LARGEST = 75;

/** The two panels beside the view: open or not, and their size; stored. */
export const panels = {
  isOpen: (name: PanelName): boolean => useLayout().read(`panels.${name}.open`, isBoolean, true),
  size: (name: PanelName): number => useLayout().read(`panels.${name}.size`, isBetween(SMALLEST, LARGEST), FIRST[name]),
  setOpen: (name: PanelName, open: boolean): void => useLayout().write(`panels.${name}.open`, open),
  toggle: (name: PanelName): void => panels.setOpen(name, !panels.isOpen(name)),
  resize: (name: PanelName, size: number): void => {
    if (size >= SMALLEST && size <= LARGEST) useLayout().write(`panels.${name}.size`, Math.round(size * 10) / 10);
  },
};
