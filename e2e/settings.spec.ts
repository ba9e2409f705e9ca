import type { Locator } from '@playwright/test';
import { target } from './helpers/places.ts';
import { expect, test } from './helpers/test.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';

const palette = (app: Heapscope): Locator => app.page.getByRole('dialog', { name: 'Command palette' });

async function find(app: Heapscope, text: string): Promise<void> {
  await app.page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await app.page.keyboard.press('ControlOrMeta+k');
  await palette(app).getByRole('combobox').fill(text);
}

test('the palette finds snapshots, types and sessions too, and says where values have to be recorded', async ({ app }) => {
  await app.record(target('leaky_service'), '--requests 100000');
  await expect.poll(() => app.terminal.text()).toContain('3 sessions held');
  await app.run('Take a heap snapshot');
  const at = { project: (await app.project()).id, session: (await app.session()).id };
  const states = async (): Promise<string[]> => (await app.engine.call('snapshots.list', at)).map(({ state }) => state);
  await expect.poll(states).toEqual(['ready']);
  await app.go('Sessions');

  await find(app, 'snapshot #1');
  await palette(app)
    .getByRole('option', { name: /^#1 ?Snapshot, / })
    .click();
  await expect(app.page.getByRole('main', { name: 'Heap' })).toBeVisible();
  await find(app, 'bytearray');
  await palette(app)
    .getByRole('option', { name: /bytearray.*Type, [\d,]+ objects/ })
    .click();
  await expect(app.heap.root.getByRole('grid')).toBeVisible();
  await expect(app.heap.root.getByRole('row').nth(1)).toContainText('bytearray');

  await app.heap.tab('Duplicates');
  await expect(app.heap.root.getByText('Values were not recorded with this snapshot')).toBeVisible();
  await app.heap.root.getByRole('button', { name: 'Snapshot settings…' }).click();
  await expect(app.page.getByRole('dialog').getByText('Record values of objects')).toBeVisible();
  await app.page.keyboard.press('Escape');

  await find(app, 'leaky_service');
  await palette(app)
    .getByRole('option', { name: /^leaky_service\.py .*Session/ })
    .click();
  await expect(app.page.getByRole('main', { name: 'Timeline' })).toBeVisible();
});

test('everything is set in one place, and is still so after a restart', async ({ launch }) => {
  const first = await launch();
  await first.page.keyboard.press('ControlOrMeta+,');
  const settings = first.page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('radio', { name: 'Dark' }).click();
  await settings.getByLabel('Console kept for each session').fill('32');
  const expected = { theme: 'dark', consoleLimit: 32 << 20 };
  await expect.poll(() => first.engine.call('settings.get', {})).toMatchObject(expected);

  const button = settings.getByRole('button', { name: 'Key of “Keyboard shortcuts”' });
  await button.click();
  await first.page.keyboard.press('ControlOrMeta+k');
  await expect(settings.getByRole('alert')).toHaveText(/is taken: Command palette/);
  await button.click();
  await first.page.keyboard.press('F5');
  await expect(settings.getByRole('alert')).toHaveText(/belongs to the browser/);
  await button.click();
  await first.page.keyboard.press('Alt+c');
  await expect(button).toHaveText('AltC');
  await first.page.keyboard.press('Escape');
  await expect(settings).toBeHidden();
  const list = (app: Heapscope): Locator => app.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await first.page.keyboard.press('?');
  // Under a dialog no key opens another: the usual key opened none.
  await first.page.keyboard.press('ControlOrMeta+k');
  await expect(palette(first)).toBeVisible();
  await first.page.keyboard.press('Escape');
  await expect(palette(first)).toBeHidden();
  await first.page.keyboard.press('Alt+c');
  await expect(list(first)).toBeVisible();
  await first.page.keyboard.press('Escape');
  await expect(list(first)).toBeHidden();
  await expect.poll(async () => (await first.engine.call('settings.get', {})).window).toContain('"window.shortcuts":"Alt+C"');
  await first.app.close();

  const second = await launch();
  await second.page.keyboard.press('Alt+c');
  await expect(list(second)).toBeVisible();
  await second.page.keyboard.press('Escape');
  await second.run('Settings…');
  await second.page.getByRole('dialog', { name: 'Settings' }).getByRole('button', { name: 'Usual keys for all' }).click();
  await second.page.keyboard.press('Escape');
  await second.page.keyboard.press('?');
  await expect(list(second)).toBeVisible();
});
