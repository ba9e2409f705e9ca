import type { IconName } from './icons.ts';

/** One line of a menu. `items` makes it open a submenu. */
export type MenuEntry = MenuItem | { kind: 'separator' } | { kind: 'label'; text: string };

export interface MenuItem {
  kind: 'item';
  id: string;
  text: string;
  icon?: IconName;
  /** Right-aligned, faint: a shortcut or a fact. */
  hint?: string;
  title?: string;
  checked?: boolean;
  disabled?: boolean;
  items?: MenuEntry[];
}
