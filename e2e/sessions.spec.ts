import { join } from 'node:path';
import { target } from './helpers/places.ts';
import { readProject, recordToEnd, specOf } from './helpers/programs.ts';
import { expect, test } from './helpers/recordings.ts';

test('a session that is being recorded cannot be deleted', async ({ app }) => {
  await app.record(target('stubborn'));
  await expect.poll(() => app.terminal.text()).toContain('here to stay');
  await app.go('Sessions');
  await app.sessions.row(/stubborn/).click();
  await app.page.keyboard.press('Delete');
  await expect(app.notices.getByText('cannot be deleted; stop it first')).toBeVisible();
  await expect(app.sessions.rows).toHaveCount(1);
  await app.bar.stopBy('Kill');
  await app.bar.confirmKill();
});

test('several sessions: named, noted, deleted, brought back', async ({ app, leakFile }) => {
  await app.openProject(leakFile);
  const project = (await app.project()).id;
  await recordToEnd(app.engine, specOf('crash'), project);
  await recordToEnd(app.engine, specOf('leaky_service', ['--requests', '2']), project);
  await app.go('Sessions');
  await expect(app.sessions.rows).toHaveCount(3);
  await expect(app.sessions.row(/crash/).getByText('SIGSEGV')).toBeVisible();

  await app.sessions.menu(/crash/, 'Rename');
  await app.sessions.grid.getByRole('textbox', { name: 'Rename' }).fill('the bad one');
  await app.page.keyboard.press('Enter');
  await expect(app.sessions.row('the bad one')).toBeVisible();
  await app.inspector.getByRole('textbox', { name: 'Note' }).fill('dies in step 8\nevery time');
  await app.page.keyboard.press('Control+Enter');
  await expect(app.sessions.row('the bad one').getByText('dies in step 8 every time')).toBeVisible();

  await app.sessions.row('the bad one').click();
  await app.page.keyboard.press('Delete');
  await expect(app.sessions.rows).toHaveCount(2);
  await app.notices.getByRole('button', { name: 'Undo' }).click();
  await expect(app.sessions.rows).toHaveCount(3);

  await app.sessions.row('the bad one').click();
  await app.page.keyboard.press('Delete');
  await expect(app.sessions.rows).toHaveCount(2);
  await app.run('Close project');
  await expect.poll(async () => (await readProject(leakFile)).sessions.length).toBe(2);
  await app.openProject(leakFile);
  await expect(app.sessions.rows).toHaveCount(2);
});

test('a name and a note are there when the file is opened again', async ({ launch, leakFile }) => {
  const first = await launch();
  await first.openProject(leakFile);
  const { id: project } = await first.project();
  const { id: session } = await first.session();
  await first.engine.call('sessions.update', { project, session, name: '泄漏 – Übung', note: 'line one\nline two' });
  await first.app.close();
  const second = await launch();
  await second.openProject(leakFile);
  expect(await second.session()).toMatchObject({ name: '泄漏 – Übung', note: 'line one\nline two' });
  await expect(second.page.getByRole('button', { name: 'Session: 泄漏 – Übung' })).toBeVisible();
});

test('sessions are copied into another project, with everything they hold', async ({ app, folder, leakFile }) => {
  await app.openProject(leakFile);
  const project = (await app.project()).id;
  const original = await app.session();
  const other = join(folder, 'other.heapscope');
  const { copied } = await app.engine.call('sessions.copy', { project, sessions: [original.id], toPath: other });
  expect(copied).toBe(1);
  const row = (await readProject(other)).sessions[0];
  expect(row).toMatchObject({ uuid: original.uuid, samples: original.samples, peakRss: original.peakRss, duration: original.duration });
  await app.openProject(other);
  await expect(app.page.getByRole('button', { name: 'Project: other' })).toBeVisible();
  await expect.poll(() => app.terminal.text()).toContain('all served');
  await expect(app.timeline.range.getByRole('button', { name: /request 40$/ })).toBeVisible();
});

test('the copy dialog offers projects that are open, and copies into the chosen one', async ({ app, folder, leakFile }) => {
  const { project } = await recordToEnd(app.engine, specOf('leaky_service', ['--requests', '2']));
  const other = join(folder, 'target.heapscope');
  await app.engine.call('projects.saveAs', { project: project.id, path: other, overwrite: false });
  await app.openProject(leakFile);
  await app.go('Sessions');
  await app.sessions.menu(/leaky_service/, 'Copy to another project');
  await app.page
    .getByRole('dialog', { name: 'Copy to another project' })
    .getByRole('button', { name: /target/ })
    .click();
  await expect(app.notices.getByText(/^Copied 1 session into/)).toBeVisible();
  expect((await readProject(other)).sessions).toHaveLength(2);
});

test('the list is filtered and sorted by its own small language', async ({ app, leakFile }) => {
  await app.openProject(leakFile);
  const project = (await app.project()).id;
  await recordToEnd(app.engine, specOf('crash'), project);
  await app.go('Sessions');
  await expect(app.sessions.rows).toHaveCount(2);
  const filter = app.page.getByRole('textbox', { name: 'Filter' });
  await filter.fill('crash');
  await expect(app.sessions.rows).toHaveCount(1);
  await filter.fill('peak > 1GB');
  await expect(app.sessions.rows).toHaveCount(0);
  await filter.fill('-crash');
  await expect(app.sessions.rows).toHaveCount(1);
  await filter.fill('crash colour > 3');
  await expect(app.page.getByText('Not filtered. There is no column “colour” (character 7)')).toBeVisible();
  await expect(app.sessions.rows).toHaveCount(2);
  await filter.fill('crash and ');
  await app.page.getByRole('button', { name: 'Insert the name of a column' }).click();
  await app.page.getByRole('menuitem', { name: 'Peak RSS' }).click();
  await expect(filter).toHaveValue('crash and "Peak RSS" ');
  await app.page.keyboard.type('>');
  await expect(app.page.getByText('"Peak RSS" > is not finished: left out')).toBeVisible();
  await expect(app.sessions.rows).toHaveCount(1);
  await app.page.keyboard.type(' 1GB');
  await expect(app.sessions.rows).toHaveCount(0);
  await filter.fill('');
  const peak = app.sessions.grid.getByRole('columnheader', { name: 'Peak RSS' });
  await peak.click();
  await expect(peak).toHaveAttribute('aria-sort', 'descending');
  await expect(app.sessions.rows.first()).toContainText('leaky_service');
  await peak.click();
  await expect(peak).toHaveAttribute('aria-sort', 'ascending');
  await expect(app.sessions.rows.first()).toContainText('crash');
});

test('a column that was hidden stays hidden after a reload', async ({ app, leakFile }) => {
  await app.openProject(leakFile);
  await app.go('Sessions');
  const peak = app.sessions.grid.getByRole('columnheader', { name: 'Peak RSS' });
  await peak.click({ button: 'right' });
  await app.page.getByRole('menuitem', { name: 'Hide column' }).click();
  await expect(peak).toBeHidden();
  await app.page.reload();
  await app.ready();
  await expect(app.sessions.rows).toHaveCount(1);
  await expect(peak).toBeHidden();
});

test('nothing moves between the two clicks of a person who opens a session', async ({ app, leakFile }) => {
  await app.openProject(leakFile);
  await recordToEnd(app.engine, specOf('crash'), (await app.project()).id);
  await app.run('Close project');
  await app.openProject(leakFile); // with several sessions none is chosen yet
  await expect(app.sessions.rows).toHaveCount(2);
  await expect(app.page.getByText('Choose a session: its timeline is shown here')).toBeVisible();
  const box = await app.sessions.row(/leaky_service/).boundingBox();
  if (!box) throw new Error('the row is not in sight');
  const [x, y] = [box.x + 40, box.y + box.height / 2];
  await app.page.mouse.click(x, y, { clickCount: 1 });
  await app.page.waitForTimeout(250);
  expect(await app.sessions.row(/leaky_service/).boundingBox()).toEqual(box);
  await app.page.mouse.click(x, y, { clickCount: 2 });
  await expect(app.page.getByRole('main', { name: 'Timeline' })).toBeVisible();
});
