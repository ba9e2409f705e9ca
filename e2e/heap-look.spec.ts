import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import type { SnapshotRow } from '../src-preload/contract/index.ts';
import { target } from './helpers/places.ts';
import { endOf } from './helpers/programs.ts';
import { expect, test } from './helpers/test.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';

const GROWN = 3;

async function snapshots(app: Heapscope): Promise<SnapshotRow[]> {
  return app.engine.call('snapshots.list', { project: (await app.project()).id, session: (await app.session()).id });
}

/** Records one of each kind of leak, with tracemalloc and values: a snapshot after each growth, then its end. */
async function recordPatterns(app: Heapscope): Promise<void> {
  await app.go('Record');
  await app.form.fillScript(target('patterns'));
  await app.form.root.getByRole('button', { name: /^Options/ }).click();
  await app.form.root.getByRole('checkbox', { name: 'tracemalloc from the start' }).check();
  await app.form.record();
  await expect.poll(() => app.terminal.text()).toContain('holding 100');
  const at = { project: (await app.project()).id, session: (await app.session()).id };
  const { rules, options } = await app.engine.call('snapshots.plan', at);
  const wanted = { rules: { ...rules, atMark: '*' }, options: { ...options, previews: true, redact: ['password'] } };
  await app.engine.call('snapshots.setPlan', { ...at, ...wanted });
  for (let grown = 1; grown <= GROWN; grown += 1) {
    await app.terminal.type('more');
    await expect.poll(async () => (await snapshots(app)).map(({ state }) => state)).toEqual(Array.from({ length: grown }, () => 'ready'));
  }
  await app.terminal.type('quit');
  await endOf(app.engine, at.project, at.session);
}

const filter = (app: Heapscope): Locator => app.heap.root.getByRole('textbox', { name: 'Filter' });
const grid = (app: Heapscope): Locator => app.heap.root.getByRole('grid');
const headers = (app: Heapscope): Locator => app.heap.root.getByRole('columnheader');

async function saved(app: Heapscope, menu: Locator, item: string): Promise<string> {
  await menu.click();
  const [download] = await Promise.all([app.page.waitForEvent('download'), app.page.getByRole('menuitem', { name: item }).click()]);
  return download.path();
}

test('from a type to its objects, their holders and the line that made them', async ({ app }) => {
  test.setTimeout(600_000);
  await recordPatterns(app);
  await app.go('Heap');

  await test.step('snapshots: named, noted, deleted and brought back', async () => {
    await app.heap.tab('Snapshots');
    await expect(grid(app).getByRole('row')).toHaveCount(GROWN + 1);
    await grid(app).getByRole('row').nth(2).click();
    await app.page.keyboard.press('F2');
    await app.page.keyboard.type('the second');
    await app.page.keyboard.press('Enter');
    await expect(app.heap.row('the second')).toBeVisible();
    await app.page.keyboard.press('Delete');
    await expect(grid(app).getByRole('row')).toHaveCount(GROWN);
    await app.notices.getByRole('button', { name: 'Undo' }).click();
    await expect(grid(app).getByRole('row')).toHaveCount(GROWN + 1);
    await grid(app).getByRole('row').nth(GROWN).dblclick();
  });

  await test.step('types: filtered, grouped, over time, pinned, as areas', async () => {
    await app.heap.tab('Types');
    await filter(app).fill('count >= 400 and module = __main__');
    await expect(app.heap.row('Session')).toContainText('400');
    await expect(app.heap.row('Session').getByRole('img')).toHaveAttribute('aria-label', /200.*300.*400/);
    await headers(app).nth(2).click({ button: 'right' });
    await app.page.getByRole('menuitem', { name: 'Pin left' }).click();
    await expect(headers(app).nth(1)).toHaveClass(/pinned/);
    await filter(app).fill('');
    for (const [by, row] of [
      ['Module', '__main__'],
      ['Line', 'patterns.py:'],
      ['Class tree', 'object'],
      ['Holder', 'Session'],
    ] as const) {
      await app.heap.root.getByRole('radio', { name: by }).click();
      await expect(app.heap.row(row)).toBeVisible();
    }
    await app.heap.root.getByRole('radio', { name: 'Type', exact: true }).click();
    for (const area of ['Treemap', 'Sunburst']) {
      await app.heap.root.getByRole('radio', { name: area }).click();
      await expect(app.heap.root.getByRole('img', { name: /rows as areas/ })).toBeVisible();
    }
    await app.heap.root.getByRole('radio', { name: 'Table' }).click();
  });

  await test.step('objects, and one of them: values, line, references, bookmark', async () => {
    await filter(app).fill('type = __main__.session');
    await app.heap.row('Session').dblclick();
    await expect(app.heap.root.getByText('400 rows')).toBeVisible();
    await app.heap.row('Session').click();
    await expect(app.inspector.getByText('.password')).toBeVisible();
    await expect(app.inspector.getByText(/visible-\d/).first()).toBeVisible();
    await expect(app.inspector.getByText(/hidden-\d/)).toBeHidden();
    await expect(app.inspector.getByText(/patterns\.py/).first()).toBeVisible();
    await app.inspector.getByRole('button', { name: 'Bookmark' }).click();
    await app.inspector.getByPlaceholder('Note for this bookmark').fill('the first one');
    await app.inspector.getByPlaceholder('Note for this bookmark').blur();
    await app.inspector.getByRole('button', { name: 'Retained set' }).click();
    await expect(app.heap.row('bytearray')).toBeVisible();
    await app.heap.root.getByRole('button', { name: 'By type' }).click();
    await app.heap.root.getByRole('radio', { name: 'Line' }).click();
    await expect(app.heap.root.getByRole('button', { name: /^Only in: kept alive by/ })).toBeVisible();
    await app.heap.row('patterns.py:').first().dblclick();
    await expect(app.heap.root.getByText('One row')).toBeVisible();
    await expect(app.heap.row('Session')).toBeVisible();
    // Back over the page, the grouping and the set to the previous objects.
    for (let step = 0; step < 4; step += 1) await app.page.keyboard.press('Alt+ArrowLeft');
    await expect(app.heap.root.getByText('400 rows')).toBeVisible();
  });

  await test.step('why they are alive: merged, a holder left out, as a graph that is saved', async () => {
    await app.heap.row('Session').click();
    await app.page.keyboard.press('ControlOrMeta+a');
    await app.page.keyboard.press('w');
    await expect(app.heap.root.getByText('400 of 400 objects are reached')).toBeVisible();
    const holder = app.heap.chain.filter({ hasText: 'SESSIONS' }).first();
    await holder.getByRole('button', { name: 'Ignore this holder' }).click();
    await expect(app.heap.root.getByText('nothing else holds it')).toBeVisible();
    await app.heap.root.getByRole('button', { name: 'Ignore none' }).click();
    await app.heap.root.getByRole('radio', { name: 'Graph' }).click();
    const graph = app.heap.root.getByRole('group', { name: /^Graph of/ });
    await expect(graph.getByRole('button').first()).toBeVisible();
    const before = await graph.boundingBox();
    await app.heap.root.getByRole('button', { name: 'Zoom in' }).click();
    expect((await graph.boundingBox())!.width).toBeGreaterThan(before!.width);
    const menu = app.heap.root.getByRole('button', { name: 'Save', exact: true });
    expect(readFileSync(await saved(app, menu, 'Save as SVG'), 'utf8')).toContain('SESSIONS');
    expect(readFileSync(await saved(app, menu, 'Save as Graphviz DOT'), 'utf8')).toContain('digraph');
    expect(
      readFileSync(await saved(app, menu, 'Save as PNG'))
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  await test.step('dominators, rings, duplicates, waste', async () => {
    await app.heap.tab('Dominators');
    await expect(app.heap.row('Modules')).toBeVisible();
    await app.heap.root.getByRole('radio', { name: 'Icicle' }).click();
    await expect(app.heap.root.getByRole('img', { name: /objects by retained size/ })).toBeVisible();
    await app.heap.tab('Cycles');
    await expect(app.heap.row('Ring')).toContainText('__del__');
    await app.heap.tab('Duplicates');
    await expect(app.heap.row('the-same-words')).toContainText('400');
    await app.heap.tab('Waste');
    await app.page.keyboard.press('Alt+ArrowLeft');
    await expect(app.heap.root.getByRole('tab', { name: 'Duplicates' })).toHaveAttribute('aria-selected', 'true');
    await app.page.keyboard.press('Alt+ArrowRight');
    await expect(app.heap.row('empty')).toBeVisible();
  });

  await test.step('the place is in the address: a reload leads here again', async () => {
    await app.page.reload();
    await app.ready();
    await expect(app.heap.root.getByRole('tab', { name: 'Waste' })).toHaveAttribute('aria-selected', 'true');
    await expect(app.heap.row('empty')).toBeVisible();
    await app.page.keyboard.press('Alt+ArrowLeft');
    await expect(app.heap.root.getByRole('tab', { name: 'Duplicates' })).toHaveAttribute('aria-selected', 'true');
    await app.page.keyboard.press('Alt+ArrowRight');
    await expect(app.heap.row('empty')).toBeVisible();
  });
});
