import type { Locator } from '@playwright/test';
import { target } from './helpers/places.ts';
import { endOf } from './helpers/programs.ts';
import { expect, test } from './helpers/test.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';

const radio = (app: Heapscope, name: string): Locator => app.heap.root.getByRole('radio', { name, exact: true });
const filter = (app: Heapscope): Locator => app.heap.root.getByRole('textbox', { name: 'Filter' });

async function record(app: Heapscope): Promise<void> {
  await app.go('Record');
  await app.form.fillScript(target('waits'));
  await app.form.root.getByRole('button', { name: /^Options/ }).click();
  await app.form.root.getByRole('checkbox', { name: 'tracemalloc from the start' }).check();
  await app.form.record();
  await expect.poll(() => app.terminal.text()).toContain('waiting');
  const at = { project: (await app.project()).id, session: (await app.session()).id };
  await expect.poll(async () => (await app.engine.call('snapshots.list', at)).map(({ state }) => state)).toEqual(['ready', 'ready']);
  await app.terminal.type('quit');
  await endOf(app.engine, at.project, at.session);
}

test('what code waits where, which class of a name, and how long things are', async ({ app }) => {
  await record(app);
  await app.go('Heap');
  await app.heap.tab('Snapshots');
  await app.heap.root.getByRole('row', { name: /many/ }).dblclick();

  await test.step('coroutines and tasks by the line where they wait', async () => {
    await app.heap.tab('Types');
    await radio(app, 'Code').click();
    await filter(app).fill('waits.py');
    await expect(app.heap.root.getByRole('row', { name: /coroutine check waits\.py:24 suspended/ })).toContainText('80');
    await expect(app.heap.root.getByRole('row', { name: /_asyncio\.Task check waits\.py:24 suspended/ })).toContainText('80');
    await expect(app.heap.root.getByRole('row', { name: /generator numbers waits\.py:28 suspended/ })).toContainText('80');
    await app.heap.root.getByRole('row', { name: /coroutine check/ }).dblclick();
    await expect(app.heap.root.getByRole('row', { name: /check waits\.py:24 suspended/ }).first()).toBeVisible();
    await app.heap.root
      .getByRole('row', { name: /check waits\.py/ })
      .first()
      .click();
    await expect(app.inspector).toContainText('tasks.append(asyncio.ensure_future(check(event)))');
    await expect(app.inspector).toContainText('in main');
  });

  await test.step('classes of one name apart', async () => {
    await app.heap.tab('Types');
    await radio(app, 'Type').click();
    await filter(app).fill('Schema');
    await expect(app.heap.row('Schema')).toContainText('80 classes');
    await app.heap.row('Schema').click({ button: 'right' });
    await app.page.getByRole('menuitem', { name: 'Each class by itself' }).click();
    await expect(app.heap.root.getByRole('row', { name: /Schema waits\.py:\d+ 0x[0-9a-f]+/ }).first()).toBeVisible();
  });

  await test.step('a line is cut at its folder, and what was made before is called so', async () => {
    await app.heap.root.getByRole('button', { name: /^Only in/ }).click();
    await radio(app, 'Line').click();
    await filter(app).fill('');
    await expect(app.heap.row('(made before tracing began)')).toBeVisible();
  });

  await test.step('length, dtype and shape are columns', async () => {
    await radio(app, 'Type').click();
    await filter(app).fill('array.array');
    await app.heap.row('array.array').dblclick();
    await filter(app).fill('dtype = float64 and length = 50');
    await expect(app.heap.root.getByRole('grid').getByRole('row')).toHaveCount(2);
    await expect(app.heap.root.getByRole('row', { name: /float64 \(50,\)/ })).toBeVisible();
  });
});
