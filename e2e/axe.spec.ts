import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './helpers/large-figures.ts';
import { EVERY_PAGE } from './helpers/window/every-page.ts';

/** A theme changes nothing but colours: all rules in the one, those about colours in the other too. */
const RULES = { dark: { rules: { 'label-content-name-mismatch': { enabled: true } } }, light: { runOnly: ['color-contrast'] } };

/** What axe finds wrong, each with the element that it is about. */
async function violations(page: Page, theme: 'dark' | 'light'): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    // In one window without frames; its usual way opens a page of its own, which the desktop app cannot.
    .setLegacyMode(true)
    .options(RULES[theme])
    .analyze();
  return found.flatMap(({ id, help, nodes }) =>
    // A handle between two landmarks is in neither.
    nodes
      .filter(({ html }) => id !== 'region' || !html.includes('role="separator"'))
      .map(({ html, failureSummary }) => `${id} (${help}): ${html.slice(0, 160)} ${failureSummary?.split('\n')[1]?.trim() ?? ''}`),
  );
}

test('no page of the window is at fault by the rules of axe, in either theme', async ({ app, wideFile }) => {
  await app.openProject(wideFile);
  await expect(app.sessions.rows).toHaveCount(2);
  const found: string[] = [];
  for (const { name, open, close } of EVERY_PAGE) {
    await open(app);
    for (const theme of ['dark', 'light'] as const) {
      await app.engine.call('settings.set', { theme });
      await expect(app.page.locator('html')).toHaveAttribute('data-theme', theme);
      found.push(...(await violations(app.page, theme)).map((fault) => `${name}, ${theme}: ${fault}`));
    }
    await close?.(app);
  }
  expect(found).toEqual([]);
});
