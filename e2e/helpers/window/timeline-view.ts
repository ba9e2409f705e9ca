import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

/** The timeline: lanes, axis, tools, and the range's figures in the inspector. */
export class TimelineView {
  readonly #page: Page;
  readonly root: Locator;
  readonly plot: Locator;
  readonly axis: Locator;
  readonly follow: Locator;
  readonly range: Locator;
  /** The strip above; as a slider it has the view's begin and the session's end as values, in milliseconds. */
  readonly strip: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.root = page.getByRole('main', { name: 'Timeline' });
    this.plot = this.root.getByRole('application', { name: /^Timeline from/ });
    this.axis = this.root.getByRole('img', { name: /^Time axis/ });
    this.follow = this.root.getByRole('button', { name: /^Follow/ });
    this.strip = page.getByRole('slider', { name: /^Whole session/ });
    this.range = page.getByRole('region', { name: 'Range' });
  }

  tool(name: 'Zoom in' | 'Zoom out' | 'Fit'): Locator {
    return this.root.getByRole('toolbar').getByRole('button', { name, exact: true });
  }

  /** A lane's gutter; its accessible name describes what the lane shows. */
  lane(name: string): Locator {
    return this.root.getByRole('group', { name: new RegExp(`^${name}(:|$)`) });
  }

  /** The lanes from top to bottom. */
  async lanes(): Promise<string[]> {
    const names = await this.root.getByRole('button', { name: /^Menu of / }).evaluateAll((all) =>
      all.map((each) => ({
        name: each.getAttribute('aria-label')?.replace('Menu of ', '') ?? '',
        top: each.getBoundingClientRect().top,
      })),
    );
    return names.toSorted((a, b) => a.top - b.top).map((each) => each.name);
  }

  async choose(lane: string, entry: string): Promise<void> {
    await this.root.getByRole('button', { name: `Menu of ${lane}`, exact: true }).click();
    await this.#page.getByRole('menuitem', { name: entry }).click();
  }

  async laneHeight(name: string): Promise<number> {
    return Number(await this.root.getByRole('separator', { name: new RegExp(`^Height of ${name};`) }).getAttribute('aria-valuenow'));
  }

  /** The begin of the view. */
  async from(): Promise<number> {
    return Number(await this.strip.getAttribute('aria-valuenow'));
  }

  /** The end of the session, or now. */
  async until(): Promise<number> {
    return Number(await this.strip.getAttribute('aria-valuemax'));
  }

  /** Drags over the plot from one fraction of its width to another; with Shift it brushes. */
  async drag(from: number, to: number, shift = false): Promise<void> {
    const { box, y } = await this.inside();
    if (shift) await this.#page.keyboard.down('Shift');
    await this.#page.mouse.move(box.x + box.width * from, y);
    await this.#page.mouse.down();
    await this.#page.mouse.move(box.x + box.width * ((from + to) / 2), y);
    await this.#page.mouse.move(box.x + box.width * to, y);
    await this.#page.mouse.up();
    if (shift) await this.#page.keyboard.up('Shift');
  }

  async wheel(share: number, by: number): Promise<void> {
    const { box, y } = await this.inside();
    await this.#page.mouse.move(box.x + box.width * share, y);
    await this.#page.mouse.wheel(0, by);
  }

  /** The plot, and a height in the middle of a lane: between lanes there is an edge that changes their height. */
  private async inside(): Promise<{ box: Box; y: number }> {
    const lane = await boxOf(this.lane('Memory'));
    return { box: await boxOf(this.plot), y: lane.y + lane.height / 2 };
  }

  /** One row of the range's table: its cells' exact values by column. */
  async figures(series: string): Promise<Record<string, string>> {
    const table = this.range.getByRole('table');
    const columns = await table.getByRole('columnheader').allTextContents();
    const row = table.getByRole('row', { name: new RegExp(`^${series}\\b`) }).first();
    const cells = await row
      .getByRole('cell')
      .evaluateAll((all) => all.map((cell) => cell.getAttribute('title') || (cell.textContent ?? '').trim()));
    return Object.fromEntries(columns.slice(1).map((column, at) => [column.trim(), cells[at] ?? '']));
  }
}

type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

async function boxOf(locator: Locator): Promise<Box> {
  await expect(locator).toBeVisible();
  const box = await locator.boundingBox();
  if (!box) throw new Error('not on the screen');
  return box;
}
