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
  await search.getByRole('button', { name: /line 001234/ }).click();
  await expect(second.timeline.range.getByRole('table')).toBeVisible();
});

test('a link of the program leads nowhere before the whole of its address has been seen and agreed to', async ({ app }) => {
  const context = app.page.context();
  await context.route('**/*elsewhere.example/**', (route) => route.fulfill({ body: 'elsewhere' }));
  await app.record(target('misleading'));
  await expect.poll(() => app.terminal.text()).toContain('an address with a name in it');
  const question = app.page.getByRole('dialog', { name: 'Follow this link of the program?' });
  const follow = async (text: string, offered = true): Promise<void> => {
    const line = await app.terminal.screen.locator('> div').filter({ hasText: text }).boundingBox();
    if (line === null) throw new Error(`the terminal shows no line with "${text}"`);
    // The line under the pointer is redrawn, so it is clicked by position and not as an element.
    await app.page.mouse.move(line.x + 40, line.y + line.height / 2);
    await app.page.mouse.move(line.x + 20, line.y + line.height / 2);
    await expect(app.terminal.root.locator('.xterm-cursor-pointer')).toHaveCount(offered ? 1 : 0);
    await app.page.mouse.click(line.x + 20, line.y + line.height / 2);
  };

  await follow('https://bank.example');
  await expect(question).toContainText('https://elsewhere.example/%E2%80%AEgro.knab');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  await follow('a file of this machine', false);
  await follow('an address with a name in it');
  // An allowed link asks again: by then the earlier clicks have been processed.
  await follow('https://bank.example');
  await expect(question).toHaveCount(1);
  await expect(question).toContainText('https://elsewhere.example/%E2%80%AEgro.knab');
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect(context.pages()).toEqual([app.page]);

  await follow('https://bank.example');
  const opens = context.waitForEvent('page');
  await question.getByRole('button', { name: 'Open' }).click();
  const other = await opens;
  await other.waitForURL('https://elsewhere.example/%E2%80%AEgro.knab');
  expect(await other.evaluate(() => window.opener === null)).toBe(true);
});

test('where no terminal can be made, a program runs and is recorded without one, and that is said', async ({ launch }) => {
  const app = await launch({ env: { HEAPSCOPE_NO_PTY: '1' } });
  await app.record(target('chatty'));
  await expect(app.notices.getByText('The program runs without a terminal: the terminal module was not built.')).toBeVisible();
  const [project, session] = [(await app.project()).id, (await app.session()).id];
  expect((await endOf(app.engine, project, session)).exit).toMatchObject({ code: 0 });
  expect(await consoleText(app.engine, project, session)).toContain('needle at the end');
});
