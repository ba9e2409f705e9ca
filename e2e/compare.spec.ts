import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import type { CompareRows, SessionId, SnapshotRef } from '../src-preload/contract/index.ts';
import { expect, snapshotsOf, test } from './helpers/two-runs.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';

const ALL = { filter: null, sort: { column: 'shallowDiff', descending: true }, from: 0, count: 5000 };

/** The engine's results for the same snapshots. */
async function truth(app: Heapscope, refs: SnapshotRef[], growing = false): Promise<CompareRows> {
  return app.engine.call('compare.groups', { snapshots: refs, by: 'type', growing, changed: true, below: 'all', ...ALL });
}

async function refsOf(app: Heapscope, session: SessionId, places: number[]): Promise<SnapshotRef[]> {
  const project = (await app.project()).id;
  const rows = await snapshotsOf(app.engine, project, session);
  return places.map((place) => ({ project, snapshot: rows.at(place)?.id ?? -1 }));
}

const groups = (app: Heapscope): Locator => app.page.getByRole('grid', { name: 'Comparison of heap snapshots' });
const objects = (app: Heapscope): Locator => app.page.getByRole('grid', { name: /^Objects behind/ });
const digits = (text: string | null): number =>
  Number(
    (text ?? '')
      .replaceAll(',', '')
      .replace('−', '-')
      .replace(/[^\d.-]/g, ''),
  );

/** By the picker: the snapshots at these rows of the session at position `session` in it, newest first. */
async function choose(app: Heapscope, picks: { session: SessionId; place: number }[]): Promise<void> {
  const dialog = app.page.getByRole('dialog', { name: 'Choose heap snapshots' });
  for (const { session, place } of picks) await dialog.getByRole('group').nth(session).getByRole('checkbox').nth(place).check();
  await dialog.getByRole('button', { name: /^Compare \d/ }).click();
  await expect(dialog).toBeHidden();
}

test.beforeEach(async ({ app, bothFile }) => {
  await app.openProject(bothFile);
  await expect(app.sessions.rows).toHaveCount(2);
});

test('with nothing chosen it says what to do, and one snapshot is not enough', async ({ app }) => {
  await app.go('Compare');
  await expect(app.page.getByText('Choose two snapshots to compare')).toBeVisible();
  await app.page.getByRole('button', { name: 'Choose snapshots…' }).click();
  const dialog = app.page.getByRole('dialog', { name: 'Choose heap snapshots' });
  await dialog.getByRole('checkbox').first().check();
  await expect(dialog.getByRole('button', { name: 'Choose two or more' })).toBeDisabled();
});

test('snapshots of different processes are compared by their figures, and it is said that objects cannot be matched', async ({ app }) => {
  await app.go('Compare');
  await app.page.getByRole('button', { name: 'Choose snapshots…' }).click();
  // Not of the same moment: two runs of a program may then be equal in every figure, and nothing has changed.
  await choose(app, [
    { session: 0, place: 0 },
    { session: 1, place: 1 },
  ]);
  await expect(app.page.getByText('Objects cannot be matched: these snapshots are of different processes.')).toBeVisible();
  await expect(groups(app).getByRole('columnheader', { name: /^New/ })).toBeHidden();
  await expect(groups(app).getByRole('row').nth(1)).toBeVisible();
});

test('two chosen in the list of snapshots: totals, groups, new objects, why one is alive; back and reload lead here again', async ({
  app,
}) => {
  await app.sessions.row(/--requests 35/).dblclick();
  await app.go('Heap');
  const list = app.page.getByRole('grid', { name: 'Heap snapshots' });
  await list.getByRole('row').nth(1).click();
  await list
    .getByRole('row')
    .last()
    .click({ modifiers: ['ControlOrMeta'] });
  await app.page.getByRole('button', { name: 'Compare', exact: true }).last().click();
  await expect(app.page.getByRole('main', { name: 'Compare' })).toBeVisible();

  const refs = await refsOf(app, 1, [0, -1]);
  const told = await truth(app, refs);
  const leak = told.rows.find(({ label }) => label.name === 'bytearray');
  expect(leak?.fresh).toBeGreaterThan(10);
  const row = groups(app).getByRole('row', { name: /^bytearray / });
  await expect(row).toBeVisible();
  const cells = await row.getByRole('gridcell').allTextContents();
  const difference = (leak?.counts[1] ?? 0) - (leak?.counts[0] ?? 0);
  expect(cells.slice(1, 4).map(digits)).toEqual([leak?.counts[0], leak?.counts[1], difference]);
  await expect(app.page.getByRole('button', { name: /^New / })).toContainText((told.sums.fresh ?? 0).toLocaleString('en-US'));
  await expect(app.page.getByText(/\d certain/)).toBeVisible();

  await row.dblclick();
  const found = objects(app).getByRole('row', { name: /^bytearray / });
  await expect(found.first()).toContainText('sessions');
  await expect(app.page.getByText(`${(leak?.fresh ?? 0).toLocaleString('en-US')} rows`)).toBeVisible();
  await found.first().click();
  await expect(app.inspector.getByRole('heading', { name: 'bytearray' })).toBeVisible();

  await app.page.reload();
  await app.ready();
  await expect(app.inspector.getByRole('heading', { name: 'bytearray' })).toBeVisible();
  await expect(
    objects(app)
      .getByRole('row', { name: /^bytearray / })
      .first(),
  ).toBeVisible();

  await objects(app)
    .getByRole('row', { name: /^bytearray / })
    .first()
    .dblclick();
  await expect(app.page.getByRole('main', { name: 'Heap' })).toBeVisible();
  await expect(app.page.getByRole('tab', { name: 'Why alive?' })).toHaveAttribute('aria-selected', 'true');
  await app.page.keyboard.press('Alt+ArrowLeft');
  await expect(
    objects(app)
      .getByRole('row', { name: /^bytearray / })
      .first(),
  ).toBeVisible();
});

test('three: what was made in between and is still there, what grows each time; sides swapped', async ({ app }) => {
  const refs = await refsOf(app, 1, [0, 1, -1]);
  const [first, second, last] = refs;
  if (!first || !second || !last) throw new Error('too few snapshots');
  await app.go('Compare');
  await app.page.getByRole('button', { name: 'Choose snapshots…' }).click();
  const many = (await snapshotsOf(app.engine, first.project, 1)).length;
  await choose(
    app,
    [0, 1, many - 1].map((place) => ({ session: 1, place })),
  );

  const set = { of: 'between', first, second, by: null, key: 0 } as const;
  const between = await app.engine.call('compare.objects', { ...last, set, ...ALL, sort: null });
  expect(between.total).toBeGreaterThan(0);
  await app.page.getByRole('button', { name: 'Made between A and B, still there in C' }).click();
  await expect(app.page.getByText(`${between.total.toLocaleString('en-US')} rows`)).toBeVisible();
  await expect(
    objects(app)
      .getByText(/certain|likely|possible/)
      .first(),
  ).toHaveAttribute('title', /Same address and type/);

  await app.page.getByRole('button', { name: 'Grows each time' }).click();
  const growing = await truth(app, refs, true);
  await expect(groups(app)).toHaveAttribute('aria-rowcount', String(growing.total + 1));
  await expect(
    groups(app)
      .getByRole('row', { name: /^bytearray / })
      .getByRole('img'),
  ).toHaveAttribute('aria-label', /→.*→/);

  await app.page.getByRole('button', { name: 'Swap sides' }).click();
  await expect(groups(app)).toHaveAttribute('aria-rowcount', String((await truth(app, refs.toReversed(), true)).total + 1));
});

test('classes are a tree: a row opens into its subclasses, and leads to the objects behind it', async ({ app }) => {
  const refs = await refsOf(app, 1, [0, -1]);
  const ask = (below: number | null | 'all'): Promise<CompareRows> =>
    app.engine.call('compare.groups', { snapshots: refs, by: 'hierarchy', growing: false, changed: true, below, ...ALL });
  await app.go('Compare');
  await app.page.getByRole('button', { name: /^First and last of .*--requests 35/ }).click();
  await app.page.getByRole('radio', { name: 'Class tree' }).first().click();
  const tree = app.page.getByRole('treegrid', { name: 'Comparison of heap snapshots' });
  const top = await ask(null);
  expect(top.total).toBeLessThan((await ask('all')).total);
  const parent = top.rows.find(({ children, label }) => children > 0 && label.name === 'object');
  const below = await ask(parent?.key ?? null);
  const leak = below.rows.find(({ label }) => label.name === 'bytearray');
  expect(leak?.fresh).toBeGreaterThan(10);
  const row = tree.getByRole('row', { name: /^bytearray / });
  await expect(row).toHaveAttribute('aria-level', '2');
  const cells = await row.getByRole('gridcell').allTextContents();
  expect(cells.slice(1, 3).map(digits)).toEqual(leak?.counts);
  await row.dblclick();
  await expect(
    objects(app)
      .getByRole('row', { name: /^bytearray / })
      .first(),
  ).toBeVisible();
  await expect(app.page.getByText(`${(leak?.fresh ?? 0).toLocaleString('en-US')} rows`)).toBeVisible();
});

test('all rows that pass the filter are exported, as CSV and as JSON', async ({ app }) => {
  await app.go('Compare');
  await app.page
    .getByRole('button', { name: /^First and last of/ })
    .first()
    .click();
  await app.page.getByRole('textbox', { name: 'Filter' }).first().fill('countDiff > 0');
  await expect(groups(app).getByRole('row', { name: /^bytearray / })).toBeVisible();
  const save = async (format: string): Promise<string> => {
    await app.page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([app.page.waitForEvent('download'), app.page.getByRole('menuitem', { name: format }).click()]);
    return readFileSync(await download.path(), 'utf8');
  };
  const json = JSON.parse(await save('As JSON')) as {
    matched: boolean;
    snapshots: { letter: string }[];
    rows: { label: string; counts: number[] }[];
  };
  expect(json).toMatchObject({ matched: true, snapshots: [{ letter: 'A' }, { letter: 'B' }] });
  expect(json.rows.map(({ label }) => label)).toContain('bytearray');
  expect(json.rows.every(({ counts }) => (counts[1] ?? 0) > (counts[0] ?? 0))).toBe(true);
  const lines = (await save('As CSV')).trim().split('\r\n');
  expect(lines).toHaveLength(json.rows.length + 1);
});

test('with the previous one, from the picker: what changed, all there is, and what survived and grew', async ({ app }) => {
  await app.sessions.row(/--requests 35/).dblclick();
  await app.go('Heap');
  await app.page.getByRole('grid', { name: 'Heap snapshots' }).getByRole('row').last().dblclick();
  await app.page.getByRole('button', { name: 'Choose a snapshot' }).click();
  await app.page.getByRole('menuitem', { name: /^Compare with the previous one/ }).click();
  await expect(app.page.getByRole('main', { name: 'Compare' })).toBeVisible();

  const refs = await refsOf(app, 1, [-2, -1]);
  const told = await truth(app, refs);
  await expect(app.page.getByRole('button', { name: 'Only what changed' })).toHaveAttribute('aria-pressed', 'true');
  await expect(groups(app)).toHaveAttribute('aria-rowcount', String(told.total + 1));
  await app.page.getByRole('button', { name: 'Only what changed' }).click();
  const all = await app.engine.call('compare.groups', {
    snapshots: refs,
    by: 'type',
    growing: false,
    changed: false,
    below: 'all',
    ...ALL,
  });
  expect(all.total).toBeGreaterThan(told.total);
  await expect(groups(app)).toHaveAttribute('aria-rowcount', String(all.total + 1));

  await app.page.getByRole('button', { name: /^Grown / }).click();
  await expect(objects(app)).toHaveAttribute('aria-rowcount', String((told.sums.grown ?? 0) + 1));
  await expect(
    objects(app)
      .getByRole('row', { name: /^list / })
      .first(),
  ).toBeVisible();
});
