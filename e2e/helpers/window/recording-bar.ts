import type { Locator, Page } from '@playwright/test';

/** The bar on top while a program is recorded: figures and commands. */
export class RecordingBar {
  readonly #page: Page;
  readonly root: Locator;
  readonly mark: Locator;
  readonly collect: Locator;
  readonly tracemalloc: Locator;
  readonly pause: Locator;
  readonly resume: Locator;
  readonly recordAgain: Locator;
  /** Its name is its next action: Stop, Terminate, Kill. */
  readonly stop: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.root = page.getByRole('group', { name: 'Recording' });
    const button = (name: string): Locator => this.root.getByRole('button', { name, exact: true });
    this.mark = button('Mark');
    this.collect = button('Collect');
    this.pause = button('Pause');
    this.resume = button('Resume');
    this.recordAgain = button('Record again');
    this.tracemalloc = this.root.getByRole('button', { name: /^tracemalloc/ });
    this.stop = this.root.getByRole('button', { name: /^(Stop|Interrupt|Terminate|Kill)$/ });
  }

  /** One of the ways to stop, from the menu beside the button. */
  async stopBy(how: 'Interrupt' | 'Terminate' | 'Kill'): Promise<void> {
    await this.root.getByRole('button', { name: 'More' }).click();
    await this.#page.getByRole('menuitem', { name: new RegExp(`^${how}`) }).click();
  }

  async confirmKill(): Promise<void> {
    await this.#page.getByRole('dialog', { name: 'Kill the program?' }).getByRole('button', { name: 'Kill' }).click();
  }

  async startTracemalloc(frames: number): Promise<void> {
    await this.tracemalloc.click();
    await this.#page.getByRole('menuitemradio', { name: String(frames), exact: true }).click();
    await this.#page.getByRole('menuitem', { name: /^(Start|Restart) with/ }).click();
  }

  async stopTracemalloc(): Promise<void> {
    await this.tracemalloc.click();
    await this.#page.getByRole('menuitem', { name: 'Stop tracing' }).click();
  }
}
