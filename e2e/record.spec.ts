import { launchOf } from '../src-preload/contract/index.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oldPython, pythonPath, target } from './helpers/places.ts';
import { consoleText, endOf } from './helpers/programs.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';
import { expect, test } from './helpers/test.ts';

/** Waits for the end of the last recording, and returns its console without control sequences. */
async function outputOf(app: Heapscope): Promise<string> {
  const project = (await app.project()).id;
  const row = await endOf(app.engine, project, (await app.session()).id);
  // eslint-disable-next-line no-control-regex -- escape sequences begin with one
  return (await consoleText(app.engine, project, row.id)).replaceAll(/\x1b\[[\d;?]*[A-Za-z]/g, '').replaceAll('\r', '');
}

test.describe('the form says what is wrong, and does not start', () => {
  test('a script or a directory that is not there', async ({ app, folder }) => {
    await app.form.fillScript(join(folder, 'nowhere.py'));
    await expect(app.form.root.getByText('There is no script at')).toBeVisible();
    await expect(app.form.start).toBeDisabled();
    await app.form.field('Script').fill(target('crash'));
    await app.form.field('Working directory').fill(join(folder, 'nowhere'));
    await expect(app.form.root.getByText('There is no folder at')).toBeVisible();
    await expect(app.form.start).toBeDisabled();
    await app.form.field('Working directory').fill(folder);
    await expect(app.form.start).toBeEnabled();
  });

  test('a command that is not there, or cannot be read', async ({ app }) => {
    await app.form.mode('Command');
    await app.form.field('Command line').fill('no-such-command --fast');
    await expect(app.form.root.getByText('The command no-such-command was not found')).toBeVisible();
    await app.form.field('Command line').fill('python "unfinished');
    await expect(app.form.root.getByText('The command line cannot be read')).toBeVisible();
    await expect(app.form.start).toBeDisabled();
    await app.form.field('Command line').fill('ls | wc');
    await expect(app.form.root.getByText('No shell is started')).toBeVisible();
    await app.form.mode('Module');
    await app.form.field('Module').fill('http.server 8000');
    await expect(app.form.root.getByText('what follows it goes into Arguments')).toBeVisible();
  });

  test('a folder without a main program, a variable given twice, an interval out of bounds', async ({ app, folder }) => {
    await app.form.fillScript(folder);
    await expect(app.form.root.getByText('is a folder without a __main__.py')).toBeVisible();
    await app.form.root.getByRole('button', { name: /^Options/ }).click();
    const environment = app.form.root.getByRole('group', { name: 'Environment' });
    for (const at of [0, 1]) {
      await environment.getByRole('button', { name: 'Add a variable' }).click();
      await environment.getByRole('textbox', { name: 'Name' }).nth(at).fill('TWICE');
    }
    await expect(app.form.root.getByText('TWICE is given again below: only the last one counts')).toHaveCount(1);
    const interval = app.form.root.getByRole('spinbutton', { name: 'Sampling interval (ms)' });
    await interval.fill('3');
    await interval.blur();
    await expect(app.form.root.getByText('3 is too little: 10 is the least')).toBeVisible();
    await expect(interval).toHaveValue('10');
  });

  test('arguments with an open quote', async ({ app }) => {
    await app.form.fillScript(target('crash'), 'one "two');
    await expect(app.form.root.getByText('A quote is not closed')).toBeVisible();
    await expect(app.form.start).toBeDisabled();
  });

  test('an interpreter that is none, is missing, or crashes', async ({ app, folder }) => {
    const broken = join(folder, 'python');
    writeFileSync(broken, '#!/bin/sh\necho I am a fish\n', { mode: 0o755 });
    const crashing = join(folder, 'python-crashing');
    writeFileSync(crashing, '#!/bin/sh\nkill -SEGV $$\n', { mode: 0o755 });
    await app.form.fillScript(target('crash'));
    await app.form.chooseInterpreter(broken);
    await expect(app.form.root.getByText('is not a Python interpreter')).toBeVisible();
    await app.form.chooseInterpreter(join(folder, 'python9'));
    await expect(app.form.root.getByText('There is no interpreter at')).toBeVisible();
    await app.form.chooseInterpreter(crashing);
    await expect(app.form.root.getByText('was ended by SIGSEGV')).toBeVisible();
    await expect(app.form.start).toBeDisabled();
    // Each is said once, beside its field.
    await expect(app.notices.getByText(/interpreter|SIGSEGV/)).toHaveCount(0);
    await app.form.interpreter.fill('Automatic');
    await app.page.getByRole('option', { name: /^Automatic/ }).click();
    await expect(app.form.interpreter).toHaveValue(/^Automatic/);
    await expect(app.form.start).toBeEnabled();
  });

  test('an interpreter that is too old', async ({ app, folder }) => {
    await app.form.fillScript(target('crash'));
    await app.form.chooseInterpreter(oldPython(folder));
    await expect(app.form.root.getByText('is Python 3.6.15, which cannot be profiled')).toBeVisible();
    await expect(app.form.start).toBeDisabled();
  });
});

test('a program that ends before the agent connects is recorded with its status', async ({ app }) => {
  await app.record(target('gone_at_once'));
  const row = await endOf(app.engine, (await app.project()).id, (await app.session()).id);
  expect(row.exit).toMatchObject({ code: 7 });
  await expect(app.timeline.root).toBeVisible();
  await app.go('Sessions');
  await expect(app.sessions.row(/gone_at_once/).getByText('code 7')).toBeVisible();
});

test('a script from the form: the figures move while it runs, and it is in a file from the start', async ({ app }) => {
  await app.record(target('leaky_service'));
  await expect(app.bar.root.getByText('Recording')).toBeVisible();
  const peak = async (): Promise<number> => (await app.session()).peakRss ?? 0;
  await expect.poll(peak).toBeGreaterThan(5_000_000);
  const before = await peak();
  await expect.poll(peak).toBeGreaterThan(before + 1_000_000);
  const figure = app.bar.root.getByText(/RSS [\d.]+ MiB/);
  const shown = await figure.textContent();
  await expect(figure).not.toHaveText(shown ?? '');
  const project = await app.project();
  expect(project.untitled).toBe(true);
  expect((await app.session()).agent).toBe(true);
  await app.bar.stop.click();
  await expect(app.bar.stop).toBeHidden();
  expect((await endOf(app.engine, project.id, (await app.session()).id)).exit).toMatchObject({ code: 3 });
});

test('arguments, directory and environment reach the program as they were given', async ({ app, folder }) => {
  const script = join(folder, 'where am i.py');
  writeFileSync(
    script,
    'import os, sys\nprint("ARGS", sys.argv)\nprint("CWD", os.getcwd())\nprint("ENV", os.environ.get("FLAVOUR"), os.environ.get("LANG_GONE"))\nprint("MAIN", __name__, __file__, sys.path[0])\n',
  );
  const work = join(folder, 'work');
  mkdirSync(work);
  await app.form.fillScript(script, `plain "two words" 'it''s' --flag=ü`);
  await app.form.field('Working directory').fill(work);
  await app.form.root.getByRole('button', { name: /^Options/ }).click();
  await app.form.root.getByRole('button', { name: 'Add a variable' }).click();
  await app.form.root.getByRole('textbox', { name: 'Name' }).fill('FLAVOUR');
  await app.form.root.getByRole('textbox', { name: 'Value' }).fill('vanilla & lime');
  await app.form.record();
  await expect(app.page.getByRole('main', { name: 'Timeline' })).toBeVisible();
  const output = await outputOf(app);
  expect(output.replaceAll(/\n(?!ARGS|CWD|ENV|MAIN)/g, '')).toContain(`'plain', 'two words', 'its', '--flag=ü']`);
  expect(output.replaceAll('\n', '')).toContain(`CWD ${work}`);
  expect(output).toContain('ENV vanilla & lime None');
  expect(output.replaceAll('\n', '')).toContain(`MAIN __main__ ${script} ${folder}`);
});

test('a module, a snippet and a command line', async ({ app }) => {
  await app.form.mode('Module');
  await app.form.field('Module').fill('timeit');
  await app.form.field('Arguments').fill('-n 1 -r 1 pass');
  await app.form.record();
  await expect(app.page.getByRole('main', { name: 'Timeline' })).toBeVisible();
  expect(await outputOf(app)).toContain('1 loop, best of 1');

  await app.go('Record');
  await app.form.mode('Code');
  await app.form.field('Code').fill('import sys\nprint("snippet", sys.argv)\nraise SystemExit(9)');
  await app.form.field('Arguments').fill('');
  await app.form.record();
  await expect(app.page.getByRole('main', { name: 'Timeline' })).toBeVisible();
  await expect.poll(async () => launchOf(await app.session())?.mode).toBe('code');
  expect(await outputOf(app)).toContain("snippet ['-c']");
  expect((await app.session()).exit).toMatchObject({ code: 9 });

  await app.go('Record');
  await app.form.mode('Command');
  await app.form.field('Command line').fill(`${pythonPath()} -c "print('by', 'command')"`);
  await app.form.record();
  await expect.poll(async () => launchOf(await app.session())?.mode).toBe('command');
  expect(await outputOf(app)).toContain('by command');
});

test('tracemalloc from the first line, and a sampling interval of its own', async ({ app }) => {
  await app.form.fillScript(target('leaky_service'), '--requests 10');
  await app.form.root.getByRole('button', { name: /^Options/ }).click();
  await app.form.root.getByRole('spinbutton', { name: /^Sampling interval/ }).fill('25');
  await app.form.root.getByRole('checkbox', { name: 'tracemalloc from the start' }).check();
  await app.form.root.getByRole('spinbutton', { name: 'Frames' }).fill('3');
  await app.form.record();
  await expect(app.page.getByRole('main', { name: 'Timeline' })).toBeVisible();
  const project = (await app.project()).id;
  const row = await endOf(app.engine, project, (await app.session()).id);
  expect(launchOf(row)).toMatchObject({ intervalMs: 25, tracemallocFrames: 3 });
  const series = await app.engine.call('sessions.series', { project, session: row.id });
  expect(series.find((each) => each.metric === 'traced' && each.process === null)?.max).toBeGreaterThan(2_000_000);
});

test('the form remembers what was recorded, over a restart', async ({ launch }) => {
  const first = await launch();
  await first.record(target('leaky_service'), '--requests 2');
  await endOf(first.engine, (await first.project()).id, (await first.session()).id);
  await first.app.close();
  const second = await launch();
  await second.go('Record');
  await second.form.root
    .getByRole('button', { name: /leaky_service\.py --requests 2/ })
    .first()
    .click();
  await expect(second.form.field('Script')).toHaveValue(target('leaky_service'));
  await expect(second.form.field('Arguments')).toHaveValue('--requests 2');
});

test('a script that is dropped on the window fills the form', async ({ app }) => {
  const transfer = await app.page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['print("dropped")\n'], 'dropped.py', { type: 'text/x-python' }));
    return data;
  });
  for (const type of ['dragenter', 'dragover', 'drop']) await app.page.getByRole('main').dispatchEvent(type, { dataTransfer: transfer });
  await expect(app.form.field('Script')).toHaveValue(/dropped\.py$/);
  await expect(app.notices.getByText('was uploaded as a copy')).toBeVisible();
  await app.form.record();
  await expect(app.page.getByRole('main', { name: 'Timeline' })).toBeVisible();
  expect(await outputOf(app)).toContain('dropped');
});

test('a sample program can be recorded as it is', async ({ app }) => {
  const samples = await app.engine.call('launch.samples', {});
  expect(samples.length).toBeGreaterThan(3);
  await expect(app.form.root.getByRole('heading', { name: 'Sample programs' })).toBeVisible();
});

test('paths as a shell or a file manager writes them, and where the recording goes', async ({ app, folder }) => {
  mkdirSync(join(folder, 'my app'));
  writeFileSync(join(folder, 'my app', '__main__.py'), 'import os\nprint("ran in", os.getcwd())\n');
  await app.form.fillScript(`"${join(folder, 'my app')}"`);
  await app.form.field('Working directory').fill('~');
  await expect(app.form.root.getByText('Goes into a new project')).toBeVisible();
  await app.form.record();
  await expect(app.page.getByRole('main', { name: 'Timeline' })).toBeVisible();
  expect(await outputOf(app)).toContain(`ran in ${join(folder, 'home')}`);
  const { path } = await app.project();
  await app.go('Record');
  await expect(app.form.root.getByText(path, { exact: false })).toBeVisible();
});
