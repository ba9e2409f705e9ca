import type { Locator, Page } from '@playwright/test';

/** The program's terminal below the view. */
export class Terminal {
  readonly #page: Page;
  readonly root: Locator;
  readonly input: Locator;
  /** Drawn by xterm without WebGL (the tests' browser has none): one element per line, with its text. */
  readonly screen: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.root = page.getByRole('region', { name: 'The program’s terminal' }).first();
    this.input = this.root.getByRole('textbox', { name: 'The program’s terminal' });
    this.screen = this.root.locator('.xterm-rows').filter({ visible: true });
  }

  /** Its visible text, line by line. */
  async text(): Promise<string> {
    const lines = await this.screen.locator('> div').allTextContents();
    return lines.map((line) => line.replaceAll('\u00a0', ' ').trimEnd()).join('\n');
  }

  /** Types a line like a person. */
  async type(line: string): Promise<void> {
    await this.input.focus();
    await this.#page.keyboard.type(line);
    await this.#page.keyboard.press('Enter');
  }

  async press(key: string): Promise<void> {
    await this.input.focus();
    await this.#page.keyboard.press(key);
  }
}
