import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './helpers/recordings.ts';

/** Source code that leaves a trace when it runs. */
function source(folder: string, name: string): { path: string; wasRun: () => boolean } {
  const marker = join(folder, `${name} was run`);
  const path = join(folder, name);
  writeFileSync(path, `open(${JSON.stringify(marker)}, "w").close()\n`);
  return { path, wasRun: () => existsSync(marker) };
}

/** Like a file manager: in a single step. */
async function drop(page: Page, files: { name: string; path: string }[]): Promise<void> {
  const contents = files.map(({ name, path }) => ({ name, base64: readFileSync(path).toString('base64') }));
  await page.evaluate((given) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of given) transfer.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name));
    for (const type of ['dragenter', 'dragover', 'drop']) {
      document.querySelector('main')?.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }
  }, contents);
}

test('Python source called a project is refused, in any case of its letters, and not run', async ({ folder, launch }) => {
  for (const name of ['report.HEAPSCOPE', 'report.heapscope']) {
    const { path, wasRun } = source(folder, name);
    const app = await launch({ words: [path], data: join(folder, `data of ${name}`) });
    await expect(app.notices.getByText(/is not a Heapscope project/)).toBeVisible();
    expect(await app.engine.call('recording.states', {})).toEqual([]);
    expect(wasRun()).toBe(false);
    await app.app.close();
  }
});

test('a project called a script, or an address, or both at once, is opened', async ({ folder, launch, leakFile }) => {
  const script = join(folder, 'two words é.py');
  copyFileSync(leakFile, script);
  const app = await launch({ words: [`file://${encodeURI(script)}`, leakFile] });
  await expect.poll(async () => (await app.engine.call('projects.list', {})).map((project) => project.path)).toEqual([script, leakFile]);
  expect(await app.engine.call('recording.states', {})).toEqual([]);
  expect(await app.engine.call('launch.recents', {})).toEqual([]);
});

test('a script that is typed is started', async ({ folder, launch }) => {
  const { path, wasRun } = source(folder, 'typed.py');
  await launch({ words: [path] });
  await expect.poll(wasRun).toBe(true);
});

test('what is dropped is told by its content: a project opens, a script stands in the form', async ({ folder, app, leakFile }) => {
  const script = source(folder, 'dropped.py');
  const fake = source(folder, 'fake.HEAPSCOPE');
  await drop(app.page, [
    { name: 'renamed.py', path: leakFile },
    { name: 'fake.HEAPSCOPE', path: fake.path },
    { name: 'dropped.py', path: script.path },
  ]);
  await expect(app.notices.getByText(/fake.HEAPSCOPE is not a Heapscope project/)).toBeVisible();
  await expect(app.form.field('Script')).toHaveValue(/dropped\.py$/);
  const open = await app.engine.call('projects.list', {});
  expect(open.map((project) => project.path.replace(/.*\//, ''))).toEqual(['renamed.py']);
  expect(await app.engine.call('recording.states', {})).toEqual([]);
  expect([script.wasRun(), fake.wasRun()]).toEqual([false, false]);
});
