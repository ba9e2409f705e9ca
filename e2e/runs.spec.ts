import { renameSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import type { RunFigures } from '../src-preload/contract/index.ts';
import { expect, test } from './helpers/two-runs.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';

const figures = (app: Heapscope): Locator => app.page.getByRole('table', { name: 'Figures' });

/** One row of the figures, a text for each run: difference and value as shown. */
async function row(app: Heapscope, name: string): Promise<string[]> {
  const cells = figures(app)
    .getByRole('row', { name: new RegExp(`^${name}`) })
    .getByRole('cell');
  return (await cells.allTextContents()).map((text) => text.trim());
}

/** The engine's rows of the current project's sessions, earliest first. */
async function truth(app: Heapscope): Promise<(RunFigures | null)[]> {
  const project = (await app.project()).id;
  const sessions = await app.engine.call('sessions.list', { project });
  const runs = sessions.toSorted((a, b) => a.startedAt - b.startedAt).map(({ uuid }) => ({ path: null, uuid }));
  return app.engine.call('runs.figures', { project, runs, align: { at: 'start' } });
}

/** Both runs of the project, from its list of sessions. */
async function layBeside(app: Heapscope): Promise<void> {
  await app.go('Sessions');
  await app.sessions.rows.nth(0).click();
  await app.sessions.rows.nth(1).click({ modifiers: ['ControlOrMeta'] });
  await app.page.getByRole('button', { name: 'Compare runs' }).click();
  await expect(app.page.getByRole('main', { name: 'Runs' })).toBeVisible();
  await expect(figures(app).getByRole('row', { name: /^Peak RSS/ })).toBeVisible();
}

async function addFromFile(app: Heapscope, path: string): Promise<void> {
  if (app.app.answerDialog) await app.app.answerDialog(path);
  await app.page.getByRole('button', { name: 'Add runs…' }).click();
  const dialog = app.page.getByRole('dialog', { name: 'Choose runs' });
  await dialog.getByRole('button', { name: 'From another file…' }).click();
  if (!app.app.answerDialog) {
    const box = app.page.getByRole('dialog', { name: 'Choose a file' }).getByRole('textbox', { name: 'Path' });
    await expect(box).toHaveValue(/./);
    await box.fill(path);
    await box.press('Enter');
  }
  const sources = dialog.getByRole('group');
  await expect(sources).toHaveCount(2);
  await sources.last().getByRole('checkbox').first().check();
  await dialog.getByRole('button', { name: 'Add one run' }).click();
  await expect(dialog).toBeHidden();
}

async function save(app: Heapscope, name: string): Promise<void> {
  await app.page.getByRole('button', { name: 'Save as…' }).click();
  const dialog = app.page.getByRole('dialog', { name: 'Save this comparison' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(app.notices.getByText(`Saved as “${name}”`)).toBeVisible();
}

test.beforeEach(async ({ app, bothFile }) => {
  await app.openProject(bothFile);
  await expect(app.sessions.rows).toHaveCount(2);
});

test('a run whose file is gone is said to be missing; the others have their figures', async ({ launch, app, bothFile, otherFile }) => {
  await layBeside(app);
  await addFromFile(app, otherFile);
  await expect(figures(app).getByRole('columnheader').filter({ hasText: 'other' })).toBeVisible();
  await save(app, 'with another file');
  await app.app.close();
  renameSync(otherFile, `${otherFile}.away`);
  const second = await launch();
  await second.openProject(bothFile);
  await second.go('Runs');
  await second.page.getByRole('row', { name: /^with another file/ }).dblclick();
  await expect(figures(second).getByText(/^Its file cannot be read/)).toBeVisible();
  await expect.poll(async () => (await row(second, 'Peak RSS'))[0]).toMatch(/MiB/);
});

test('figures are those of the engine, differences against the run that is clicked', async ({ app }) => {
  await layBeside(app);
  const [first, second] = await truth(app);
  if (!first || !second) throw new Error('no figures');
  const shown = await row(app, 'Objects');
  expect(shown[0]).toBe(first.lastSnapshot?.objects.toLocaleString('en-US'));
  expect(shown[1]).toContain((second.lastSnapshot?.objects ?? 0).toLocaleString('en-US'));
  const duration = await row(app, 'Duration');
  expect(duration[1]).toContain(second.duration < first.duration ? '−' : '+');
  expect(await row(app, 'request 20')).toHaveLength(2);
  await figures(app)
    .getByRole('button', { name: /^Make .* the baseline$/ })
    .click();
  await expect.poll(async () => (await row(app, 'Duration'))[0]).toContain(second.duration < first.duration ? '+' : '−');
  const top = first.topGrowing[0];
  await expect(
    figures(app).getByRole('rowheader', { name: [top?.module, top?.name].filter(Boolean).join('.'), exact: true }),
  ).toBeVisible();
});

test('aligned by a mark and in lanes, saved, and as it was after the project was closed; renamed, deleted, brought back', async ({
  app,
  bothFile,
}) => {
  await layBeside(app);
  await app.page.getByRole('button', { name: /^Align by/ }).click();
  await app.page.getByRole('menuitem', { name: /request 20/ }).click();
  await app.page.getByRole('radio', { name: 'In lanes' }).click();
  await expect(app.page.getByRole('application')).toHaveAttribute('aria-label', /^RSS from -0:0\d to/);
  await save(app, 'mine');
  await app.run('Close project');
  await app.openProject(bothFile);
  await app.go('Runs');
  await app.page.getByRole('row', { name: /^mine/ }).dblclick();
  await expect(app.page.getByRole('button', { name: 'Align by: Mark “request 20”' })).toBeVisible();
  await expect(app.page.getByRole('radio', { name: 'In lanes' })).toBeChecked();
  await expect(app.page.getByRole('application')).toHaveAttribute('aria-label', /^RSS from -0:0\d to/);
  await app.page.reload();
  await app.ready();
  await expect(app.page.getByRole('button', { name: 'Align by: Mark “request 20”' })).toBeVisible();

  await app.page.getByRole('button', { name: 'All comparisons' }).click();
  const kept = app.page.getByRole('grid', { name: 'Saved comparisons' });
  await kept.getByRole('row', { name: /^mine/ }).click();
  await app.page.getByRole('button', { name: 'Rename' }).click();
  await app.page.getByRole('dialog', { name: 'Rename' }).getByRole('textbox').fill('ours');
  await app.page.keyboard.press('Enter');
  await expect(kept.getByRole('row', { name: /^ours/ })).toBeVisible();
  await kept.getByRole('row', { name: /^ours/ }).click();
  await app.page.getByRole('button', { name: 'Delete' }).click();
  await expect(app.page.getByText('No comparisons are saved in this project yet')).toBeVisible();
  await app.notices.getByRole('button', { name: 'Undo' }).click();
  await expect(kept.getByRole('row', { name: /^ours/ })).toBeVisible();
});

test('the chart of runs is moved as the timeline is: wheel, drag, brush on the axis, keys, Escape', async ({ app }) => {
  await layBeside(app);
  const { page } = app;
  const plot = page.getByRole('application');
  const shown = async (): Promise<string> => (await plot.getAttribute('aria-label'))?.split('.')[0] ?? '';
  const whole = await shown();
  const drag = async (from: { x: number; y: number }, by: number): Promise<void> => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + by, from.y, { steps: 4 });
  };
  const axis = await page.getByRole('img', { name: /^Time axis/ }).boundingBox();
  const box = await plot.boundingBox();
  if (!axis || !box) throw new Error('no chart');
  await drag({ x: axis.x + axis.width / 2, y: axis.y + 10 }, axis.width * 0.45);
  await page.mouse.up();
  await expect.poll(shown).not.toBe(whole);
  const zoomed = await shown();
  // Far enough that the times in the label, in whole seconds, change.
  const middle = { x: box.x + box.width / 2, y: box.y + 60 };
  await drag({ ...middle, x: box.x + box.width * 0.1 }, box.width * 0.8);
  await expect.poll(shown).not.toBe(zoomed);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect.poll(shown).toBe(zoomed);
  await plot.press('Home');
  await expect.poll(shown).not.toBe(zoomed);
  await plot.press('f');
  await expect.poll(shown).toBe(whole);
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.wheel(0, -900);
  await expect.poll(shown).not.toBe(whole);
  await plot.dblclick({ position: { x: 200, y: 60 } });
  await expect.poll(shown).toBe(whole);
});

test('snapshots of both runs go from here into the comparison, the baseline first', async ({ app }) => {
  await layBeside(app);
  await app.page.getByRole('button', { name: 'Compare their snapshots' }).click();
  await expect(app.page.getByRole('main', { name: 'Compare' })).toBeVisible();
  await expect(app.page.getByRole('list', { name: 'Snapshots that are compared' }).getByRole('listitem')).toHaveCount(2);
  await expect(app.page.getByText('Objects cannot be matched')).toBeVisible();
  await app.page.keyboard.press('Alt+ArrowLeft');
  await expect(figures(app)).toBeVisible();
});
