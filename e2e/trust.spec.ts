import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonPath, target } from './helpers/places.ts';
import { recordToEnd } from './helpers/programs.ts';
import { expect, test } from './helpers/test.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';
import type { LaunchSpec } from '../src-preload/contract/index.ts';

interface Foreign {
  file: string;
  spec: LaunchSpec;
  /** Whether its interpreter or its script has run since it was created. */
  wasStarted: () => boolean;
}

/** A project as somebody else might send it: its interpreter and its script leave a trace when they run. */
async function foreignProject(folder: string, launch: (request: { data: string }) => Promise<Heapscope>): Promise<Foreign> {
  const file = join(folder, 'gift.heapscope');
  const marker = join(folder, 'was-started');
  const interpreter = join(folder, 'their-python');
  const script = join(folder, 'their-script.py');
  writeFileSync(interpreter, `#!/bin/sh\ntouch '${marker}'\nexec '${pythonPath()}' "$@"\n`, { mode: 0o755 });
  writeFileSync(script, `open(${JSON.stringify(marker)}, "w").close()\nprint("their script ran")\n`);
  const env = { PYTHONSTARTUP: join(folder, 'their-startup.py'), HARMLESS: 'yes' };
  const spec: LaunchSpec = {
    mode: 'script',
    interpreter,
    target: script,
    args: ['--quiet'],
    cwd: folder,
    env,
    intervalMs: 50,
    tracemallocFrames: 0,
    sampling: 0,
  };
  const elsewhere = await launch({ data: join(folder, 'another-machine') });
  const { project } = await recordToEnd(elsewhere.engine, spec);
  await elsewhere.engine.call('projects.saveAs', { project: project.id, path: file, overwrite: false });
  await elsewhere.app.close();
  rmSync(marker);
  return { file, spec, wasStarted: () => existsSync(marker) };
}

async function expectTheForm({ page, form }: Heapscope, foreign: Foreign): Promise<void> {
  const notice = page.getByRole('alert', { name: 'This project came from elsewhere. Check what will run.' });
  await expect(notice).toContainText(`python ${foreign.spec.target} --quiet`);
  await expect(notice).toContainText(foreign.spec.interpreter);
  await expect(notice).toContainText(foreign.spec.cwd);
  await expect(notice).toContainText(`PYTHONSTARTUP=${foreign.spec.env['PYTHONSTARTUP']}`);
  await expect(form.field('Script')).toHaveValue(foreign.spec.target);
  await expect(form.field('Working directory')).toHaveValue(foreign.spec.cwd);
  const variables = form.root.getByRole('group', { name: 'Environment' });
  await expect(variables.getByRole('textbox', { name: 'Name' })).toHaveCount(2);
  await expect(variables.getByText('Decides what code is loaded')).toHaveCount(1);
  // Everything to agree to is visible: the checkbox is below all of it, and no part scrolls by itself.
  await expect(notice).toContainText('2 variables. One of them decides what code is loaded.');
  const [shown, whole] = await notice.locator('dl').evaluate((list) => [list.clientHeight, list.scrollHeight]);
  expect(whole).toBe(shown);
  await expect(form.start).toBeDisabled();
}

test('a project from elsewhere starts nothing by any way, until what it runs has been seen and agreed to', async ({ folder, launch }) => {
  const foreign = await foreignProject(folder, launch);
  const app = await launch();
  await app.openProject(foreign.file);
  await expect(app.timeline.plot).toBeVisible();
  await app.page.keyboard.press('ControlOrMeta+Enter');
  await app.page.getByRole('dialog').getByRole('button', { name: 'Record again' }).click();
  await expectTheForm(app, foreign);
  // A key that is held down, or pressed once more, does not agree; nor does leaving the interpreter's field.
  await app.page.keyboard.press('ControlOrMeta+Enter');
  await app.form.field('Script').press('ControlOrMeta+Enter');
  await app.form.interpreter.click();
  await app.page.keyboard.press('Escape');
  await app.page.keyboard.press('Tab');
  await app.form.root.getByRole('button', { name: 'Search again' }).click();
  await expectTheForm(app, foreign);
  await app.go('Timeline');
  await app.run('Record again');
  await expectTheForm(app, foreign);

  const { spec } = foreign;
  const refused = await app.engine.outcome('recording.start', { spec, confirmed: false, project: null, columns: 80, rows: 24 });
  expect(refused).toMatchObject({
    ok: false,
    error: { code: 'launch.unconfirmed', facts: { interpreter: spec.interpreter, cwd: spec.cwd } },
  });
  expect(await app.engine.outcome('launch.check', { spec, confirmed: false })).toMatchObject({
    ok: false,
    error: { code: 'launch.unconfirmed' },
  });
  // A sample is not started by an untrusted file's interpreter either.
  await app.form.root.getByRole('button', { name: /^leaky_service.py/ }).click();
  await expect(app.form.interpreter).not.toHaveValue(spec.interpreter);
  await expect.poll(() => app.engine.call('recording.states', {})).toEqual([]);
  expect(foreign.wasStarted()).toBe(false);
});

test('what was agreed to runs, and is known from then on', async ({ folder, launch }) => {
  const foreign = await foreignProject(folder, launch);
  const app = await launch();
  await app.openProject(foreign.file);
  await expect(app.timeline.plot).toBeVisible();
  await app.run('Record again');
  await expectTheForm(app, foreign);
  await app.form.root.getByRole('checkbox', { name: 'I have checked this and want to run it on this machine' }).check();
  await expect(app.form.start).toBeEnabled();
  await app.form.record();
  await expect(app.page.getByRole('main', { name: 'Timeline' })).toBeVisible();
  await expect.poll(foreign.wasStarted).toBe(true);
  await expect.poll(() => app.engine.call('recording.states', {})).toEqual([]);
  const before = (await app.engine.call('sessions.list', { project: (await app.project()).id })).length;
  await app.run('Record again');
  await expect.poll(async () => (await app.engine.call('sessions.list', { project: (await app.project()).id })).length).toBe(before + 1);
  await expect(app.page.getByRole('main', { name: 'Timeline' })).toBeVisible();
});

/** Every text, visible or for screen readers, that contains a bidirectional character. */
function turnedRound(app: Heapscope): Promise<string[]> {
  return app.page.evaluate(() => {
    const words = [document.title, document.body.innerText];
    for (const element of document.querySelectorAll('[title], [aria-label]')) {
      words.push(element.getAttribute('title') ?? '', element.getAttribute('aria-label') ?? '');
    }
    return words.filter((text) => /[\u202a-\u202e\u2066-\u2069]/.test(text));
  });
}

test('a name that would turn its text round is shown as what it is, in every view', async ({ app, folder }) => {
  const script = join(folder, 'report\u202efdp.py');
  copyFileSync(target('crash'), script);
  await app.record(script);
  await expect.poll(() => app.engine.call('recording.states', {})).toEqual([]);
  const readable = 'report⟨U+202E⟩fdp.py';
  await expect(app.page.getByText(readable).first()).toBeVisible();
  for (const view of ['Timeline', 'Sessions', 'Runs', 'Heap', 'Compare', 'Record'] as const) {
    await app.go(view);
    expect(await turnedRound(app), view).toEqual([]);
  }
  await expect(app.page.getByRole('button', { name: readable }).first()).toBeVisible();
  // A field shows its raw content: the characters it really contains are written out below it.
  await app.go('Record');
  await app.form.field('Script').fill(script);
  await app.form.field('Arguments').fill('--\u2066safe');
  await expect(app.form.root.getByText(`With invisible characters written out, this is: ${join(folder, readable)}`)).toBeVisible();
  await expect(app.form.root.getByText('With invisible characters written out, this is: --⟨U+2066⟩safe')).toBeVisible();
  await app.go('Sessions');
  await expect(app.page.getByRole('row').filter({ hasText: readable })).toHaveCount(1);
});
