import type { SnapshotRow } from '../src-preload/contract/index.ts';
import { target } from './helpers/places.ts';
import { endOf } from './helpers/programs.ts';
import { expect, test } from './helpers/test.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';

async function snapshots(app: Heapscope): Promise<SnapshotRow[]> {
  return app.engine.call('snapshots.list', { project: (await app.project()).id, session: (await app.session()).id });
}

/** Presses Snapshot and waits until one more is ready. */
async function take(app: Heapscope): Promise<void> {
  const before = (await snapshots(app)).length;
  await app.page.getByRole('button', { name: 'Snapshot', exact: true }).click();
  await expect.poll(async () => (await snapshots(app)).map((row) => row.state)).toEqual(Array.from({ length: before + 1 }, () => 'ready'));
}

const valueColumn = (app: Heapscope) => app.heap.root.getByRole('columnheader', { name: /^Value/ });

test('a snapshot is taken while the program runs, looked into, and still there in the reopened file', async ({ app, launch, folder }) => {
  await app.record(target('hoards'));
  await expect.poll(() => app.terminal.text()).toContain('holding 300');
  await take(app);
  const [row] = await snapshots(app);
  expect(row).toMatchObject({ trigger: 'user', state: 'ready' });
  expect(row!.pause).toBeGreaterThan(0);

  await test.step('types: what is there', async () => {
    await app.go('Heap');
    await app.heap.tab('Snapshots');
    await app.heap.row('#1').dblclick();
    await app.heap.tab('Types');
    await expect(app.heap.row('Session')).toContainText('300');
  });

  await test.step('objects of a type, and who holds one', async () => {
    await app.heap.row('Session').dblclick();
    await expect(app.heap.root.getByText('300 rows')).toBeVisible();
    // Values are not recorded: no column is empty for that; code has a text all the same.
    await expect(valueColumn(app)).toHaveCount(0);
    await app.heap.tab('Types');
    await app.heap.row(/^function/).dblclick();
    await expect(valueColumn(app)).toBeVisible();
    await app.page.keyboard.press('Alt+ArrowLeft');
    await app.heap.row('Session').dblclick();
    await expect(app.heap.root.getByText('300 rows')).toBeVisible();
    await expect(valueColumn(app)).toHaveCount(0);
    await app.heap.row('__main__').click();
    await expect(app.inspector.getByText('.payload')).toBeVisible();
    await app.inspector.getByRole('button', { name: 'Why alive?' }).click();
    await expect(app.heap.chain.last()).toContainText('Session');
    await expect(app.heap.chain.filter({ hasText: 'SESSIONS' })).toBeVisible();
  });

  await test.step('dominators: the dictionary keeps them all', async () => {
    await app.heap.tab('Dominators');
    await expect(app.heap.rows.nth(1)).toContainText('dict');
  });

  const path = `${folder}/kept.heapscope`;
  await app.saveAs(path);
  await expect(app.page.getByRole('button', { name: 'Project: kept' })).toBeVisible();
  await app.terminal.type('quit');
  await endOf(app.engine, (await app.project()).id, (await app.session()).id);
  await app.app.close();

  await test.step('reopened, with no program there', async () => {
    const again = await launch({ data: `${folder}/other` });
    await again.openProject(path);
    await again.go('Heap');
    await again.heap.tab('Snapshots');
    await again.heap.row('#1').dblclick();
    await again.heap.tab('Types');
    await expect(again.heap.row('Session')).toContainText('300');
  });
});

test('of two snapshots what grew is one click away, and it is not offered for the first', async ({ app }) => {
  await app.record(target('hoards'));
  await expect.poll(() => app.terminal.text()).toContain('holding 300');
  await take(app);
  const compare = app.notices.getByRole('button', { name: 'Compare with the previous one' });
  await expect(app.notices.getByRole('button', { name: 'Look into it' })).toBeVisible();
  await expect(compare).toHaveCount(0);
  await app.terminal.type('more');
  await expect.poll(() => app.terminal.text()).toContain('holding 400');
  await take(app);
  await compare.click();
  const grown = app.page.getByRole('grid', { name: 'Comparison of heap snapshots' }).getByRole('row', { name: /Session/ });
  await expect(grown).toContainText('+100');
  await app.bar.stop.click();
});

test('a program without an agent offers no snapshot, and says why', async ({ app }) => {
  await app.go('Record');
  await app.form.mode('Command');
  await app.form.field('Command line').fill('sleep 30');
  await app.form.record();
  await expect(app.bar.root.getByText('No agent')).toBeVisible();
  await expect(app.page.getByRole('button', { name: 'Snapshot', exact: true })).toBeDisabled();
  await app.bar.stop.click();
});

test('snapshots by rule: at exit, without a click', async ({ app }) => {
  await app.record(target('hoards'));
  await expect.poll(() => app.terminal.text()).toContain('holding 300');
  const at = { project: (await app.project()).id, session: (await app.session()).id };
  const { rules, options } = await app.engine.call('snapshots.plan', at);
  await app.engine.call('snapshots.setPlan', { ...at, rules: { ...rules, atExit: true }, options });
  await app.terminal.type('quit');
  await endOf(app.engine, at.project, at.session);
  await expect.poll(async () => (await snapshots(app)).map((row) => [row.trigger, row.state])).toEqual([['exit', 'ready']]);
});
