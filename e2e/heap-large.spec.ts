import type { SnapshotRow } from '../src-preload/contract/index.ts';
import { target } from './helpers/places.ts';
import { endOf } from './helpers/programs.ts';
import { expect, test } from './helpers/test.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';

const SUM = 'sum 244999650000';

async function rows(app: Heapscope): Promise<SnapshotRow[]> {
  return app.engine.call('snapshots.list', { project: (await app.project()).id, session: (await app.session()).id });
}

const tasks = (app: Heapscope) => app.page.getByRole('status', { name: 'Work in progress' });

test('a large heap: pages are joined first where that is wished, a long capture says where it stands and can be cancelled', async ({
  app,
}) => {
  test.setTimeout(600_000);
  await app.record(target('large'));
  await expect.poll(() => app.terminal.text()).toContain('holding 700000');

  await test.step('joined pages are a choice that is kept, and noted with the snapshot', async () => {
    await app.page.getByRole('button', { name: 'Snapshot options' }).click();
    await app.page.getByRole('menuitem', { name: 'Snapshot settings…' }).click();
    const settings = app.page.getByRole('dialog', { name: 'Heap snapshots of this session' });
    await settings.getByLabel('Merge memory into huge pages before forking').check();
    await settings.getByRole('button', { name: 'Save' }).click();
    await app.page.getByRole('button', { name: 'Snapshot', exact: true }).click();
    await expect(tasks(app)).toContainText(/Snapshot of process \d+: [a-z]/);
    await expect.poll(async () => (await rows(app)).map(({ state }) => state)).toEqual(['ready']);
    await app.go('Heap');
    await app.heap.row('forked copy').click();
    await expect(app.inspector.getByText(/Memory (was|could not be) merged into huge pages/)).toBeVisible();
    await app.go('Timeline');
  });

  await test.step('walked in Python: asked about before, cancelled while it is written', async () => {
    await app.page.getByRole('button', { name: 'Snapshot options' }).click();
    await app.page.getByRole('menuitem', { name: 'Snapshot settings…' }).click();
    const settings = app.page.getByRole('dialog', { name: 'Heap snapshots of this session' });
    await settings.getByLabel('How to capture').selectOption({ label: 'in place, pure Python' });
    await settings.getByRole('button', { name: 'Save' }).click();
    await app.page.getByRole('button', { name: 'Snapshot', exact: true }).click();
    await app.page.getByRole('button', { name: 'Take the snapshot' }).click();
    await expect(tasks(app)).toContainText(/Snapshot of process \d+: [a-z]/);
    await app.page.getByRole('button', { name: 'Cancel this snapshot' }).click();
    await expect
      .poll(async () => (await rows(app)).map(({ state, error }) => error?.code ?? state))
      .toEqual(['ready', 'snapshot.cancelled']);
    await expect(tasks(app)).toBeHidden();
  });

  await app.terminal.type('go on');
  await expect.poll(() => app.terminal.text()).toContain(SUM);
  await app.terminal.type('quit');
  await endOf(app.engine, (await app.project()).id, (await app.session()).id);
});
