import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { target } from './helpers/places.ts';
import { endOf, specOf } from './helpers/programs.ts';
import { expect, test } from './helpers/test.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';

const PROGRAM = target('hoards_by_line');
/** The number of the line that has this text. */
const lineOf = (text: string): number =>
  readFileSync(PROGRAM, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1;
const HOLDS = `hold hoards_by_line.py:${lineOf('KEPT.append')}`;
const LETS_GO = `let_go hoards_by_line.py:${lineOf('        bytearray')}`;

const page = (app: Heapscope): Locator => app.page.getByRole('main', { name: 'Allocations' });
const table = (app: Heapscope): Locator => page(app).getByRole('grid', { name: 'Where memory was allocated' });
/** The rows below the header. */
const row = (app: Heapscope, nth: number): Locator =>
  table(app)
    .getByRole('row')
    .nth(nth + 1);
const flame = (app: Heapscope): Locator => page(app).getByRole('application', { name: /^Flame graph of ≈/ });

async function record(app: Heapscope, sampled: boolean): Promise<void> {
  await app.go('Record');
  await app.form.fillScript(PROGRAM);
  if (sampled) {
    await app.form.root.getByRole('button', { name: /^Options/ }).click();
    await app.form.root.getByRole('radiogroup', { name: 'Allocation sampling' }).getByRole('radio', { name: '64.0 KiB' }).click();
  }
  await app.form.record();
  await app.terminal.type('more');
  await expect.poll(() => app.terminal.text()).toContain('holding 16 MiB');
}

test('from a recording with sampling to the line that holds the memory, its box and its traceback', async ({ app }) => {
  await record(app, true);
  const at = { project: (await app.project()).id, session: (await app.session()).id };
  await app.go('Allocations');

  await test.step('live: the line that holds comes first, and more of it comes by itself', async () => {
    await expect(row(app, 0)).toContainText(HOLDS);
    await expect(row(app, 0)).toContainText(/≈ 1\d\.\d MiB/);
    await app.terminal.type('more');
    await expect(row(app, 0)).toContainText(/≈ (2[5-9]|3\d)\.\d MiB/);
  });

  await test.step('a row has its traceback, and its box is chosen', async () => {
    await row(app, 0).click();
    const inspector = app.inspector;
    await expect(inspector.getByRole('listitem').first()).toContainText('hold');
    await expect(inspector.getByRole('listitem').nth(1)).toContainText('serve');
    await flame(app).focus();
    for (let i = 0; i < 5; i += 1) await app.page.keyboard.press('ArrowDown');
    await expect(flame(app)).toContainText(HOLDS);
  });

  await test.step('what is let go is told by another figure', async () => {
    await page(app).getByRole('radio', { name: 'Freed' }).click();
    await expect(row(app, 0)).toContainText(LETS_GO);
    await app.page.keyboard.press('Alt+ArrowLeft');
    await expect(row(app, 0)).toContainText(HOLDS);
  });

  await test.step('a reload shows the same place', async () => {
    await page(app).getByRole('combobox', { name: 'By' }).selectOption('Function');
    await expect(row(app, 0)).toContainText('hold hoards_by_line.py');
    await app.page.reload();
    await expect(page(app).getByRole('combobox', { name: 'By' })).toHaveValue('function');
    await expect(row(app, 0)).toContainText('hold hoards_by_line.py');
  });

  await test.step('it is all there when the program has ended', async () => {
    await app.terminal.type('quit');
    await endOf(app.engine, at.project, at.session);
    await page(app).getByRole('combobox', { name: 'By' }).selectOption('Line');
    await expect(row(app, 0)).toContainText(HOLDS);
    await expect(flame(app)).toBeVisible();
  });
});

test('a session that was not sampled says so, and offers to be: while it runs, and afterwards', async ({ app }) => {
  await record(app, false);
  const at = { project: (await app.project()).id, session: (await app.session()).id };
  await app.go('Allocations');
  await expect(page(app)).toContainText('Allocations were not sampled in this session');

  await test.step('it is turned on while the program runs', async () => {
    await page(app).getByRole('button', { name: 'Turn sampling on' }).click();
    await expect(page(app)).not.toContainText('were not sampled');
    await app.terminal.type('more');
    await expect(row(app, 0)).toContainText(HOLDS);
    await app.terminal.type('quit');
    await endOf(app.engine, at.project, at.session);
  });

  await test.step('a program that has ended is recorded again with it', async () => {
    const other = await app.engine.call('recording.start', {
      ...{ spec: specOf('gone_at_once'), confirmed: true, project: at.project, columns: 80, rows: 24 },
    });
    await endOf(app.engine, at.project, other.session);
    await app.page.goto(app.page.url().replace(/session=\d+/, `session=${other.session}`));
    await expect(page(app)).toContainText('Allocations were not sampled in this session');
    await page(app).getByRole('button', { name: 'Record again with sampling' }).click();
    await expect.poll(async () => (await app.session()).id).not.toBe(other.session);
    expect((await app.session()).origin).toMatchObject({ kind: 'launched', spec: { sampling: 512 * 1024 } });
  });
});
