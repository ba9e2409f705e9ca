import type { Settings } from '../src-preload/contract/index.ts';
import { expect, test } from './helpers/recordings.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';

async function setting(app: Heapscope): Promise<Settings> {
  return app.engine.call('settings.get', {});
}

/** Light or dark, measured from the pixels on the screen. */
async function brightness(app: Heapscope): Promise<'light' | 'dark'> {
  const channels = await app.page.evaluate(
    () =>
      getComputedStyle(document.querySelector('main') ?? document.body)
        .backgroundColor.match(/[\d.]+/g)
        ?.map(Number) ?? [],
  );
  const [r = 0, g = 0, b = 0] = channels;
  return r + g + b > (channels.some((each) => each > 1) ? 380 : 1.5) ? 'light' : 'dark';
}

test('the theme follows the system until the user chooses, and the choice is kept', async ({ launch }) => {
  const first = await launch();
  expect(await brightness(first)).toBe('light');
  await first.page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => brightness(first)).toBe('dark');
  await first.run('Theme: light');
  await expect.poll(() => brightness(first)).toBe('light');
  await expect.poll(async () => (await setting(first)).theme).toBe('light');
  await first.run('Theme: dark');
  await expect.poll(() => brightness(first)).toBe('dark');
  await first.app.close();
  const second = await launch();
  await expect.poll(() => brightness(second)).toBe('dark');
});

test('every view reads in Chinese, and the choice is kept', async ({ launch, leakFile }) => {
  const first = await launch();
  await first.openProject(leakFile);
  await expect(first.timeline.plot).toBeVisible();
  await first.run('Language: 简体中文');
  await expect(first.page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  // No English message of the window is left: words of three letters and more, except for names and units.
  const left = async (): Promise<string[]> => {
    const text = await first.page.evaluate(
      () =>
        (document.querySelector('nav')?.textContent ?? '') +
        [...document.querySelectorAll('button')].map((each) => each.textContent).join(' '),
    );
    return [...text.matchAll(/\b(Record|Sessions|Timeline|Stop|Pause|Lanes|Console|Follow|Delete|Rename|Open)\b/g)].map(
      (match) => match[0],
    );
  };
  await expect.poll(left).toEqual([]);
  await first.app.close();
  const second = await launch();
  await expect(second.page.locator('html')).toHaveAttribute('lang', 'zh-CN');
});

test('an unknown path in the address does not break the window', async ({ app }) => {
  await app.page.goto(`${new URL(app.page.url()).origin}/#/nonsense?project=/nowhere/x.heapscope&session=99`);
  await app.page.reload();
  await app.ready();
  await expect(app.page.getByRole('main')).toBeVisible();
});

test('a page that cannot be loaded says so, and is there when it is tried again', async ({ app, leakFile, complaints }) => {
  await app.openProject(leakFile);
  await app.page.route('**/assets/SessionsView-*.js', (route) => route.abort());
  await app.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Sessions' }).click();
  const alert = app.page.getByRole('main').getByRole('alert');
  await expect(alert).toContainText('could not be loaded');
  await app.page.unroute('**/assets/SessionsView-*.js');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await app.ready();
  await expect(app.page.getByRole('main', { name: 'Sessions' })).toBeVisible();
  await expect(alert).toHaveCount(0);
  complaints.length = 0; // the console reports what could not be loaded
});

test('panels are resized by keys as by the pointer, and keep their size', async ({ launch, leakFile }) => {
  const first = await launch();
  await first.openProject(leakFile);
  const handle = first.page.getByRole('separator', { name: 'Size of the console' });
  const share = async (of: typeof handle): Promise<number> => Number(await of.getAttribute('aria-valuenow'));
  await expect.poll(() => share(handle)).toBe(66);
  await handle.press('ArrowUp');
  await expect.poll(() => share(handle)).toBe(61);
  const box = (await handle.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await first.page.mouse.move(box.x + box.width / 2, box.y);
  await first.page.mouse.down();
  await first.page.mouse.move(box.x + box.width / 2, box.y - 80, { steps: 4 });
  await first.page.mouse.up();
  await expect.poll(() => share(handle)).toBeLessThan(61);
  const chosen = await share(handle);
  // Hiding and showing it again does not count as resizing.
  await first.page.getByRole('button', { name: 'Hide the console' }).click();
  await expect(handle).toHaveCount(0);
  await first.page.getByRole('button', { name: 'Console', exact: true }).click();
  await expect.poll(() => share(handle)).toBe(chosen);
  const kept = async (): Promise<number> => Number(/"panels\.console\.size":([\d.]+)/.exec((await setting(first)).window)?.[1]);
  await expect.poll(async () => Math.abs(100 - chosen - (await kept()))).toBeLessThan(1);
  await first.app.close();
  const second = await launch();
  await second.openProject(leakFile);
  await expect.poll(() => share(second.page.getByRole('separator', { name: 'Size of the console' }))).toBe(chosen);
});

test('the palette finds actions by words, and the shortcuts are listed', async ({ app }) => {
  await app.page.keyboard.press('ControlOrMeta+k');
  const palette = app.page.getByRole('dialog', { name: 'Command palette' });
  await palette.getByRole('combobox').fill('theme dark');
  await expect(palette.getByRole('option').first()).toContainText('Theme: dark');
  await palette.getByRole('combobox').fill('xyzzy');
  await expect(palette.getByText('Nothing has this in its name')).toBeVisible();
  await app.page.keyboard.press('Escape');
  await app.page.keyboard.press('?');
  await expect(app.page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
});

for (const theme of ['light', 'dark'] as const) {
  test(`a picture of every view, ${theme}`, async ({ app, leakFile }, testInfo) => {
    const shoot = async (name: string): Promise<void> => {
      await app.page.screenshot({ path: testInfo.outputPath(`${name}-${theme}.png`), animations: 'disabled' });
    };
    await app.engine.call('settings.set', { theme });
    await expect.poll(() => brightness(app)).toBe(theme);
    await expect(app.form.root.getByRole('heading', { name: 'Sample programs' })).toBeVisible();
    await shoot('record-empty');
    await app.openProject(leakFile);
    await expect(app.timeline.plot).toBeVisible();
    await expect.poll(() => app.terminal.text()).toContain('all served');
    await shoot('timeline');
    await app.timeline.drag(0.3, 0.7, true);
    await expect(app.timeline.range.getByRole('table')).toBeVisible();
    await shoot('timeline-range');
    await app.go('Sessions');
    await expect(app.sessions.rows).toHaveCount(1);
    await shoot('sessions');
    await app.go('Record');
    await app.form.fillScript('/nowhere/script.py', 'one "two');
    await shoot('record-problems');
    await app.run('Keyboard shortcuts');
    await shoot('shortcuts');
    await app.page.keyboard.press('Escape');
    await app.page.keyboard.press('ControlOrMeta+k');
    await expect(app.page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
    await shoot('palette');
  });
}
