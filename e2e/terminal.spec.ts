import { target } from './helpers/places.ts';
import { consoleText, endOf } from './helpers/programs.ts';
import { expect, test } from './helpers/test.ts';

test('a program that talks: input, Ctrl-C, a new size, a breakpoint', async ({ app }) => {
  await app.record(target('interactive'));
  const { terminal } = app;
  await expect.poll(() => terminal.text()).toContain('name?');
  expect(await terminal.text()).toContain('tty');
  expect(await terminal.text()).not.toContain('no tty');
  await terminal.press('Control+c');
  await expect.poll(() => terminal.text()).toContain('Ctrl-C, asking again');
  await app.page.setViewportSize({ width: 1100, height: 900 });
  await expect.poll(async () => new Set((await terminal.text()).match(/terminal is \d+ by \d+/g)).size).toBeGreaterThan(0);
  await terminal.type('Grace');
  await expect.poll(() => terminal.text()).toContain('hello, Grace');
  await expect.poll(() => terminal.text()).toContain('(Pdb)');
  await terminal.type('p total + 1');
  await expect.poll(() => terminal.text()).toContain('43');
  await terminal.type('continue');
  await expect.poll(() => terminal.text()).toContain('total is 42');
  expect((await endOf(app.engine, (await app.project()).id, (await app.session()).id)).exit).toMatchObject({ code: 5 });
});

test('keys of the window do not reach past the terminal, nor the terminal past the end', async ({ app }) => {
  await app.record(target('interactive'));
  await expect.poll(() => app.terminal.text()).toContain('name?');
  await app.terminal.input.focus();
  await app.page.keyboard.type('mg1');
  await expect.poll(() => app.terminal.text()).toMatch(/^(name\? )?mg1$/m);
  await expect(app.page.getByRole('dialog')).toBeHidden();
  await app.bar.stopBy('Terminate');
  await expect(app.bar.stop).toBeHidden();
  const text = await app.terminal.text();
  await app.terminal.input.focus();
  await app.page.keyboard.type('too late');
  await expect(app.terminal.root.getByText('Ended; read-only')).toBeVisible();
  expect(await app.terminal.text()).toBe(text);
});

test('much output with colours and bytes that are no text is kept, found, and shown again', async ({ launch }) => {
  const first = await launch();
  await first.record(target('chatty'), '3000');
  const project = await first.project();
  const row = await endOf(first.engine, project.id, (await first.session()).id);
  expect(row.exit).toMatchObject({ code: 0 });
  await expect.poll(() => first.terminal.text()).toContain('needle at the end');
  const kept = await consoleText(first.engine, project.id, row.id);
  expect(kept).toContain('line 000000');
  expect(kept).toContain('line 002999');
  await first.app.close();

  const second = await launch();
  await second.openProject(project.path);
  await expect.poll(() => second.terminal.text()).toContain('needle at the end');
  await second.terminal.root.getByRole('button', { name: 'Find in the output' }).click();
  const search = second.terminal.root.getByRole('search');
  await search.getByRole('textbox').fill('no such words');
  await expect(search.getByText('No match')).toBeVisible();
  await search.getByRole('textbox').fill('line 001234');
  await expect(search.getByText('One match')).toBeVisible();
  await expect.poll(() => second.terminal.text()).toContain('line 001234');
  await search.getByRole('textbox').fill('line 00123');
  await expect(search.getByText('10 matches')).toBeVisible();
  await second.terminal.root.getByRole('button', { name: 'Go to the end' }).click();
  await expect.poll(() => second.terminal.text()).not.toContain('line 001239');
  await search.getByRole('button', { name: /line 001239/ }).click();
  await expect.poll(() => second.terminal.text()).toContain('line 001239');
  await search.getByRole('button', { name: 'Show this moment on the timeline' }).last().click();
  await expect(second.timeline.range.getByRole('table')).toBeVisible();
});

test('a burst that no window can follow is shown to its end, the question after it too; a search says what it looked through', async ({
  app,
}) => {
  await app.record(target('floods'), '30');
  const { terminal } = app;
  await expect.poll(() => terminal.text()).toContain('and now?');
  await terminal.type('nothing');
  await expect.poll(() => terminal.text()).toContain('hello, nothing');
  expect((await endOf(app.engine, (await app.project()).id, (await app.session()).id)).exit).toMatchObject({ code: 0 });
  await terminal.root.getByRole('button', { name: 'Find in the output' }).click();
  const search = terminal.root.getByRole('search');
  await search.getByRole('textbox').fill('line 000000');
  await expect(search.getByText(/in the 1\d\.\d\sMiB that are kept of 2\d\.\d\sMiB/)).toBeVisible();
  await search.getByRole('button', { name: /line 000000000 of/ }).click();
  const stretch = terminal.root.getByRole('region', { name: 'The recorded output around a match' });
  await expect(stretch.getByText(/the terminal itself does not reach back/)).toBeVisible();
  await expect.poll(() => terminal.text()).toContain('line 000000000 of');
  await search.getByRole('button', { name: /line 000000321 of/ }).click();
  await expect.poll(() => terminal.text()).toContain('line 000000321 of');
  expect(await terminal.text()).toContain('line 000000320 of');
  await stretch.getByRole('button', { name: 'Back to the terminal' }).click();
  await expect(stretch).toBeHidden();
  await expect.poll(() => terminal.text()).toContain('hello, nothing');
});

test('where the console is closed, a program that fails shows its last lines, and where to see all', async ({ app }) => {
  await app.record(target('chatty'));
  await app.terminal.root.getByRole('button', { name: 'Hide the console' }).click();
  await app.record(target('crash'));
  const notice = app.notices.getByText('about to crash');
  await expect(notice).toBeVisible();
  await expect(app.notices.getByText('crash.py: SIGSEGV')).toBeVisible();
  await app.notices.getByRole('button', { name: 'Show the output' }).click();
  await expect.poll(() => app.terminal.text()).toContain('about to crash');
  await expect(app.terminal.root.getByText('SIGSEGV')).toBeVisible();
});
