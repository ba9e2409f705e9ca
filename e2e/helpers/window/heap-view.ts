import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

/** The heap's pages: snapshots, types, objects, why alive, dominators and the lists. */
export class HeapView {
  readonly root: Locator;
  readonly rows: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('main', { name: 'Heap' });
    this.rows = this.root.getByRole('row');
  }

  async tab(name: 'Snapshots' | 'Types' | 'Objects' | 'Why alive?' | 'Dominators' | 'Cycles' | 'Duplicates' | 'Waste'): Promise<void> {
    const tab = this.root.getByRole('tab', { name });
    await tab.click();
    await expect(tab).toHaveAttribute('aria-selected', 'true');
  }

  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text }).first();
  }

  /** The steps of the chain that keeps the chosen objects alive, root first. */
  get chain(): Locator {
    return this.root.getByRole('tree').getByRole('treeitem');
  }
}
