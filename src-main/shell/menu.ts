import { Menu } from 'electron';
import { menuTemplate, type MenuActions, type MenuFacts } from './menu-template.ts';

/** Replaces the menu bar, unless it would look the same: rebuilding closes an open menu. */
export class MenuBar {
  readonly #actions: MenuActions;
  #shown = '';

  constructor(actions: MenuActions) {
    this.#actions = actions;
  }

  show(facts: MenuFacts): void {
    const look = JSON.stringify(facts);
    if (look === this.#shown) return;
    this.#shown = look;
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(facts, this.#actions)));
  }
}
