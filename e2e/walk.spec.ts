import type { Page } from '@playwright/test';
import { layoutFaults } from './helpers/geometry/faults.ts';
import { expect, test } from './helpers/large-figures.ts';
import { target } from './helpers/places.ts';
import { EVERY_PAGE } from './helpers/window/every-page.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';

/** A zoom of 150 % leaves two thirds of the pixels to lay out in. */
const SIZES = [
  { name: '1440 × 900', width: 1440, height: 900, zoom: 1 },
  { name: '1024 × 700', width: 1024, height: 700, zoom: 1 },
  { name: '1440 × 900 at 150 %', width: 960, height: 600, zoom: 1.5 },
] as const;

async function resize(page: Page, { width, height, zoom }: (typeof SIZES)[number]): Promise<void> {
  await page.setViewportSize({ width, height });
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: zoom, mobile: false });
}

/** In both languages and themes; the window is left in English. */
async function faultsOfPage(app: Heapscope): Promise<string[]> {
  const found: string[] = [];
  for (const language of ['zh-CN', 'en'] as const) {
    await app.engine.call('settings.set', { language });
    await expect(app.page.locator('html')).toHaveAttribute('lang', language);
    for (const theme of ['dark', 'light'] as const) {
      await app.engine.call('settings.set', { theme });
      await expect(app.page.locator('html')).toHaveAttribute('data-theme', theme);
      found.push(...(await layoutFaults(app.page)).map((fault) => `${language}, ${theme}: ${fault}`));
    }
  }
  return found;
}

for (const size of SIZES) {
  test(`every figure is whole and nothing overlaps, in every view, language and theme, at ${size.name}`, async ({ app, wideFile }) => {
    await app.openProject(wideFile);
    await expect(app.sessions.rows).toHaveCount(2);
    await resize(app.page, size);
    const found: string[] = [];
    for (const { name, open, close } of EVERY_PAGE) {
      await open(app);
      found.push(...(await faultsOfPage(app)).map((fault) => `${name}, ${fault}`));
      await close?.(app);
    }
    expect(found).toEqual([]);
  });
}

test('while a program is recorded nothing is cut either; a narrow window folds the inspector until it is asked for', async ({ app }) => {
  await app.record(target('interactive'));
  await expect(app.timeline.plot).toBeVisible();
  // The newest end of the strip's curve is at its right.
  const label = await app.page.getByText(/^RSS, peak/).boundingBox();
  const strip = await app.timeline.strip.boundingBox();
  expect((label?.x ?? Infinity) + (label?.width ?? 0)).toBeLessThan((strip?.width ?? 0) / 2);
  const found: string[] = [];
  for (const size of SIZES) {
    await resize(app.page, size);
    await expect(app.inspector).toBeVisible({ visible: size.width >= 1000 });
    found.push(...(await faultsOfPage(app)).map((fault) => `${size.name}, ${fault}`));
  }
  await app.run('Show or hide the inspector');
  await expect(app.inspector).toBeVisible();
  found.push(...(await faultsOfPage(app)).map((fault) => `with the inspector, ${fault}`));
  expect(found).toEqual([]);
});

test('a comparison shows its columns beside the inspector without scrolling', async ({ app, wideFile }) => {
  await app.openProject(wideFile);
  await app.sessions.rows.last().dblclick();
  await app.page.setViewportSize({ width: 1440, height: 900 });
  await app.go('Heap');
  await EVERY_PAGE.find(({ name }) => name === 'Compare')!.open(app);
  await expect(app.inspector).toBeVisible();
  const table = app.page.getByRole('grid', { name: 'Comparison of heap snapshots' });
  for (const name of ['Count A', 'Count B', '± Count', '± Retained', '± Size', 'New', 'Gone', 'Replaced', 'Grown', '± Length']) {
    const header = table.getByRole('columnheader', { name, exact: true });
    await expect(header).toBeInViewport({ ratio: 1 });
    expect(await header.evaluate((cell) => [...cell.querySelectorAll('*')].every((one) => one.scrollWidth <= one.clientWidth))).toBe(true);
  }
});
