import type { SnapshotRow } from '../src-preload/contract/index.ts';
import { target } from './helpers/places.ts';
import { endOf } from './helpers/programs.ts';
import { expect, test } from './helpers/test.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';

async function snapshots(app: Heapscope): Promise<SnapshotRow[]> {
  return app.engine.call('snapshots.list', { project: (await app.project()).id, session: (await app.session()).id });
}

async function end(app: Heapscope): Promise<void> {
  await app.terminal.type('quit');
  await endOf(app.engine, (await app.project()).id, (await app.session()).id);
}

const settings = (app: Heapscope) => app.page.getByRole('dialog', { name: 'Heap snapshots of this session' });

/** Opens the settings from the button's menu. */
async function openSettings(app: Heapscope): Promise<void> {
  await app.page.getByRole('button', { name: 'Snapshot options' }).click();
  await app.page.getByRole('menuitem', { name: 'Snapshot settings…' }).click();
  await expect(settings(app)).toBeVisible();
}

const states = async (app: Heapscope): Promise<string[]> => (await snapshots(app)).map(({ trigger, state }) => `${trigger} ${state}`);

test('a number that makes no sense is not saved', async ({ app }) => {
  await app.record(target('patterns'));
  await expect.poll(() => app.terminal.text()).toContain('holding 100');
  await openSettings(app);
  await settings(app).getByLabel('Each time RSS has grown by').fill('a lot');
  await expect(settings(app).getByText('Not a valid number for this field')).toBeVisible();
  await expect(settings(app).getByRole('button', { name: 'Save' })).toBeDisabled();
  await settings(app).getByRole('button', { name: 'Cancel' }).click();
  await end(app);
});

test('rules: at a mark, and when RSS grows or passes a limit', async ({ app }) => {
  await app.record(target('patterns'));
  await expect.poll(() => app.terminal.text()).toContain('holding 100');

  await openSettings(app);
  await settings(app).getByLabel('At each mark named').fill('grown');
  await settings(app).getByRole('button', { name: 'Save' }).click();
  await app.terminal.type('more');
  await expect.poll(() => states(app)).toEqual(['mark ready']);

  await openSettings(app);
  await expect(settings(app).getByLabel('At each mark named')).toHaveValue('grown');
  await settings(app).getByLabel('At each mark named').fill('');
  await settings(app).getByLabel('Each time RSS has grown by').fill('40');
  await settings(app).getByRole('button', { name: 'Save' }).click();
  await app.terminal.type('big');
  await expect.poll(() => states(app)).toEqual(['mark ready', 'growth ready']);

  await openSettings(app);
  await settings(app).getByLabel('Each time RSS has grown by').fill('');
  await settings(app).getByLabel('Once RSS of a process passes').fill('120');
  await settings(app).getByRole('button', { name: 'Save' }).click();
  await app.terminal.type('big');
  await expect.poll(() => states(app)).toEqual(['mark ready', 'growth ready', 'rss ready']);
  expect((await snapshots(app)).at(-1)!.rss).toBeGreaterThan(120 * 1024 * 1024);
  await end(app);
});

test('a copy that would take more memory than it may is given up, and it is said what to do', async ({ app }) => {
  await app.record(target('patterns'));
  await expect.poll(() => app.terminal.text()).toContain('holding 100');
  await openSettings(app);
  await settings(app).getByLabel('Extra memory at most').fill('0.1');
  await settings(app).getByRole('button', { name: 'Save' }).click();
  await app.page.getByRole('button', { name: 'Snapshot', exact: true }).click();
  await expect.poll(() => states(app)).toEqual(['user failed']);
  await expect(app.notices.getByText(/memory/i).first()).toBeVisible();
  const offer = app.notices.getByRole('button', { name: 'Count types only' });
  await offer.click();
  await expect.poll(() => states(app)).toEqual(['user failed', 'user ready']);
  expect((await snapshots(app)).at(-1)).toMatchObject({ method: 'census' });
  await end(app);
});

test('values only when they are allowed, and never those of names on the list', async ({ app }) => {
  await app.record(target('patterns'));
  await expect.poll(() => app.terminal.text()).toContain('holding 100');
  await openSettings(app);
  await settings(app).getByLabel('Record values of objects').check();
  await settings(app).getByLabel('Never record values of').fill('pass word-list');
  await settings(app).getByRole('button', { name: 'Save' }).click();
  await app.page.getByRole('button', { name: 'Snapshot', exact: true }).click();
  await expect.poll(() => states(app)).toEqual(['user ready']);
  const [row] = await snapshots(app);
  expect(row).toMatchObject({ previews: true });
  const project = (await app.project()).id;
  const strings = async (part: string): Promise<number> => {
    const filter = { kind: 'word', text: part } as const;
    const page = await app.engine.call('heap.objects', {
      project,
      snapshot: row!.id,
      set: { of: 'all' },
      filter,
      sort: null,
      from: 0,
      count: 10,
    });
    return page.total;
  };
  expect(await strings('visible-1')).toBeGreaterThan(0);
  expect(await strings('hidden-1')).toBe(0);
  await end(app);
});
