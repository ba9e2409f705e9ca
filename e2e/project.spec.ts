import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SHELL } from './helpers/app.ts';
import { target } from './helpers/places.ts';
import { consoleText, endOf, readProject } from './helpers/programs.ts';
import { expect, test } from './helpers/recordings.ts';

test.describe('a file that is not right', () => {
  test('is no project: the window says so, and the file stays as it is', async ({ app, folder }) => {
    const path = join(folder, 'diary.heapscope');
    writeFileSync(path, 'dear diary\n'.repeat(500));
    await app.openProject(path);
    await expect(app.notices.getByText('is not a Heapscope project')).toBeVisible();
    expect(readFileSync(path, 'utf8')).toBe('dear diary\n'.repeat(500));
  });

  test('is missing', async ({ app, folder }) => {
    await app.openProject(join(folder, 'nowhere.heapscope'));
    await expect(app.notices.getByText('There is no project at')).toBeVisible();
  });

  test('is from a newer version: refused, untouched', async ({ app, leakFile }) => {
    const db = new DatabaseSync(leakFile);
    db.exec('PRAGMA user_version = 999');
    db.close();
    const before = readFileSync(leakFile);
    await app.openProject(leakFile);
    await expect(app.notices.getByText('was made by a newer Heapscope')).toBeVisible();
    expect(readFileSync(leakFile).equals(before)).toBe(true);
  });

  test('is cut short: what can be read is shown, and what is lost is said', async ({ app, leakFile }) => {
    const whole = readFileSync(leakFile);
    writeFileSync(leakFile, whole.subarray(0, Math.floor(whole.length * 0.7)));
    await app.openProject(leakFile);
    await expect(app.page.getByText('Damaged').or(app.notices.getByText('is damaged')).first()).toBeVisible();
    expect(readFileSync(leakFile)).toHaveLength(Math.floor(whole.length * 0.7));
  });

  test('is damaged in the middle: what can be read is shown, the file left as it is', async ({ app, leakFile }) => {
    const bytes = readFileSync(leakFile);
    const middle = Math.floor(bytes.length / 2 / 4096) * 4096;
    bytes.fill(0xee, middle, middle + 3 * 4096);
    writeFileSync(leakFile, bytes);
    await app.openProject(leakFile);
    await expect(app.page.getByText('Damaged').or(app.notices.getByText('is damaged')).first()).toBeVisible();
    expect(readFileSync(leakFile).equals(bytes)).toBe(true);
  });

  // Root may write everything, so there is nothing to test then.
  if (process.getuid?.() !== 0) {
    test('may only be read: opens read-only and says so', async ({ app, leakFile }) => {
      chmodSync(leakFile, 0o444);
      await app.openProject(leakFile);
      await expect(app.page.getByText('Read-only', { exact: true })).toBeVisible();
    });
  }
});

test('a file in use by another Heapscope opens read-only and says so', async ({ launch, folder, leakFile }) => {
  const first = await launch({ data: join(folder, 'one') });
  await first.openProject(leakFile);
  await expect(first.timeline.plot).toBeVisible();
  const second = await launch({ data: join(folder, 'two') });
  await second.openProject(leakFile);
  await expect(second.page.getByText('Read-only', { exact: true })).toBeVisible();
  await expect(second.timeline.plot).toBeVisible();
  expect((await second.project()).readOnlyReason).toBe('in-use');
});

test('the app dies while it records: what was recorded is there, marked as interrupted', async ({ launch, folder, complaints }) => {
  const told = join(folder, 'told');
  const first = await launch();
  await first.record(target('until_told'), told);
  const project = await first.project();
  const session = await first.session();
  await expect.poll(() => consoleText(first.engine, project.id, session.id)).toContain('request 60 served');
  const [program] = await first.engine.call('sessions.processes', { project: project.id, session: session.id });
  const lives = (): boolean => existsSync(`/proc/${program?.pid}`);
  expect(lives()).toBe(true);
  await first.app.kill();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(lives()).toBe(true);
  await first.page.close(); // it lost its engine, and logs that in its console until it is closed
  complaints.length = 0;
  const second = await launch();
  await second.openProject(project.path);
  await expect(second.timeline.plot).toBeVisible();
  const row = await second.session();
  expect(row.state).toBe('interrupted');
  const text = await consoleText(second.engine, (await second.project()).id, row.id);
  const last = Number([...text.matchAll(/request (\d+) served/g)].at(-1)?.[1]);
  expect(last).toBeGreaterThan(15);
  await second.go('Sessions');
  await expect(second.sessions.row(/until_told/).getByText('interrupted')).toBeVisible();
  // The program continues without us, prints everything, and ends when it would have ended.
  expect(lives()).toBe(true);
  writeFileSync(told, '');
  await expect.poll(() => existsSync(`${told}.ended`)).toBe(true);
  await expect.poll(lives).toBe(false);
});

test('a second Ctrl-C ends the app at once, and with it a program that would rather stay', async ({ launch, complaints }) => {
  const first = await launch();
  await first.record(target('stubborn'));
  await expect.poll(() => first.terminal.text()).toContain('here to stay');
  const at = { project: (await first.project()).id, session: (await first.session()).id };
  const [program] = await first.engine.call('sessions.processes', at);
  for (let times = 0; times < 2; times += 1) {
    process.kill(first.app.pid, 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 600));
  }
  await expect.poll(() => existsSync(`/proc/${first.app.pid}`)).toBe(false);
  await expect.poll(() => existsSync(`/proc/${program?.pid}`)).toBe(false);
  await first.page.close(); // it lost its engine, and logs that in its console until it is closed
  complaints.length = 0;
});

test('closed and opened again it shows the same: figures, console, marks', async ({ launch }) => {
  const first = await launch();
  await first.record(target('leaky_service'), '--requests 25 --mark-every 10');
  const project = await first.project();
  const row = await endOf(first.engine, project.id, (await first.session()).id);
  const lane = await first.timeline.lane('Memory').getAttribute('aria-label');
  const text = await consoleText(first.engine, project.id, row.id);
  expect(text).toContain('all served');
  await first.app.close();

  const second = await launch();
  await second.openProject(project.path);
  await expect(second.timeline.plot).toBeVisible();
  const again = await second.session();
  expect(again).toEqual(row);
  expect(await consoleText(second.engine, (await second.project()).id, row.id)).toBe(text);
  await expect.poll(() => second.terminal.text()).toContain('all served');
  await expect(second.timeline.range.getByRole('button', { name: /request 20$/ })).toBeVisible();
  await second.timeline.tool('Fit').click();
  await expect.poll(() => second.timeline.lane('Memory').getAttribute('aria-label')).toContain((lane ?? '').split(' from ')[0] ?? '');
});

test('an untitled recording is saved elsewhere, and is found among the recent ones', async ({ app, folder }) => {
  await app.record(target('leaky_service'), '--requests 5');
  const untitled = await app.project();
  expect(untitled.untitled).toBe(true);
  await endOf(app.engine, untitled.id, (await app.session()).id);
  const path = join(folder, 'kept.heapscope');
  await app.saveAs(path);
  await expect(app.notices.getByText(`Saved as ${path}`)).toBeVisible();
  await expect(app.page.getByRole('button', { name: 'Project: kept' })).toBeVisible();
  expect(existsSync(path)).toBe(true);
  expect((await readProject(path)).sessions).toHaveLength(1);

  await app.run('Close project');
  await app.page.getByRole('button', { name: /^Project: / }).click();
  await app.page.getByRole('menuitem', { name: 'Open recent' }).hover();
  await app.page.getByRole('menuitem', { name: 'kept' }).click();
  await expect(app.page.getByRole('button', { name: 'Project: kept' })).toBeVisible();
});

test('Save as does not replace a file unasked', async ({ app, folder, leakFile }) => {
  test.skip(process.env['HEAPSCOPE_E2E_SHELL'] === 'electron', 'the system dialog asks');
  await app.openProject(leakFile);
  const path = join(folder, 'there.heapscope');
  writeFileSync(path, 'precious');
  await app.saveAs(path);
  const question = app.page.getByRole('dialog', { name: 'Replace the file?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect(readFileSync(path, 'utf8')).toBe('precious');
});

test('saving: a path as the name, an error that takes nothing away, a file that is replaced when asked', async ({
  app,
  folder,
  leakFile,
}) => {
  test.skip(SHELL === 'electron', 'the system has its own dialog');
  await app.openProject(leakFile);
  await expect(app.timeline.plot).toBeVisible();
  const dialog = app.page.getByRole('dialog', { name: 'Save the project as' });
  const name = dialog.getByRole('textbox', { name: 'Name' });
  await app.run('Save as…');
  await expect(dialog.getByRole('textbox', { name: 'Path' })).toHaveValue(dirname(leakFile));
  const missing = join(folder, 'missing', 'copy');
  await name.fill(missing);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText(join(folder, 'missing'))).toBeVisible();
  await expect(name).toHaveValue(missing);
  const there = join(folder, 'there.heapscope');
  writeFileSync(there, 'to be replaced');
  await name.fill(join(folder, 'there'));
  await dialog.getByRole('button', { name: 'Save' }).click();
  const question = app.page.getByRole('dialog', { name: 'Replace the file?' });
  await expect(question).toContainText(there);
  await question.getByRole('button', { name: 'Replace' }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(async () => (await app.project()).path).toBe(there);
});
