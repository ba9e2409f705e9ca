import type { Locator, Page } from '@playwright/test';

/** The form: what to run, and how. */
export class LaunchForm {
  readonly #page: Page;
  readonly root: Locator;
  readonly start: Locator;
  readonly interpreter: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.root = page.getByRole('main', { name: 'Record' });
    this.start = this.root.getByRole('button', { name: 'Record', exact: true });
    this.interpreter = this.root.getByRole('combobox', { name: 'Interpreter' });
  }

  field(name: string): Locator {
    return this.root.getByRole('textbox', { name, exact: true });
  }

  async mode(name: 'Script' | 'Module' | 'Code' | 'Command'): Promise<void> {
    await this.root.getByRole('radio', { name, exact: true }).click();
  }

  async fillScript(script: string, args = ''): Promise<void> {
    await this.mode('Script');
    await this.field('Script').fill(script);
    await this.field('Arguments').fill(args);
  }

  /** An interpreter by its path, checked at once. */
  async chooseInterpreter(path: string): Promise<void> {
    await this.interpreter.fill(path);
    await this.interpreter.press('Enter');
    await this.#page.keyboard.press('Tab');
  }

  async record(): Promise<void> {
    await this.start.click();
  }
}
