import type { Locator, Page } from '@playwright/test';

/** The list of a project's sessions. */
export class SessionsView {
  readonly #page: Page;
  readonly grid: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.grid = page.getByRole('grid', { name: 'Sessions' });
  }

  row(text: string | RegExp): Locator {
    return this.grid.getByRole('row').filter({ hasText: text });
  }

  /** The rows below the header. */
  get rows(): Locator {
    return this.grid.getByRole('row').filter({ has: this.#page.getByRole('gridcell') });
  }

  async menu(text: string | RegExp, entry: string): Promise<void> {
    await this.row(text).first().click({ button: 'right' });
    await this.#page.getByRole('menuitem', { name: entry }).click();
  }
}
