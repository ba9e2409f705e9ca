import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessRow } from '../src-preload/contract/index.ts';
import { target } from './helpers/places.ts';
import { consoleText, endOf, specOf } from './helpers/programs.ts';
import { expect, test } from './helpers/test.ts';

const statusOf = (process: ProcessRow): string => process.exit?.signal ?? String(process.exit?.code ?? 'not seen');
const words = (processes: ProcessRow[]): string => processes.map((process) => `${process.command}: ${statusOf(process)}`).join('\n');

for (const method of ['fork', 'spawn', 'forkserver']) {
  test(`children by ${method}: each joins and ends with its own status`, async ({ app }) => {
    await app.record(target('family'), method);
    const project = (await app.project()).id;
    const row = await endOf(app.engine, project, (await app.session()).id);
    expect(row.exit).toMatchObject({ code: 0 });
    const processes = await app.engine.call('sessions.processes', { project, session: row.id });
    const joined = processes.filter((process) => process.python !== null);
    expect(joined.length, words(processes)).toBeGreaterThanOrEqual(5);
    const statuses = processes.map(statusOf);
    // A status announced by an agent (before `os._exit`, which ends forked children) is always known; others only if the kernel was read
    // before the parent did.
    if (method !== 'spawn') expect(statuses, words(processes)).toEqual(expect.arrayContaining(['0', '3']));
    for (const status of ['3', 'SIGKILL'])
      expect(
        statuses.some((each) => [status, 'not seen'].includes(each)),
        words(processes),
      ).toBe(true);
    expect(processes.every((process) => process.end !== null)).toBe(true);
    await app.page.getByRole('radio', { name: 'Each process' }).click();
    await expect(app.timeline.lane('Memory')).toBeVisible();
    await app.page.getByRole('button', { name: 'One process' }).click();
    await expect(app.page.getByRole('menuitem')).toHaveCount(processes.length);
  });
}

test('a program that closes all its descriptors goes on undisturbed, and its file holds only its own words', async ({ app, folder }) => {
  const file = join(folder, 'mine.txt');
  const started = await app.engine.call('recording.start', {
    spec: specOf('closes_descriptors', [file]),
    confirmed: true,
    project: null,
    columns: 80,
    rows: 24,
  });
  const row = await endOf(app.engine, started.project.id, started.session);
  expect(row.exit).toMatchObject({ code: 4 });
  expect(readFileSync(file, 'utf8')).toBe('mine\n');
  expect(await consoleText(app.engine, started.project.id, row.id)).toContain("file is 'mine\\n'");
  const processes = await app.engine.call('sessions.processes', { project: started.project.id, session: row.id });
  expect(processes).toHaveLength(1);
});

test('a crash is shown as the signal it was', async ({ app }) => {
  await app.record(target('crash'));
  const row = await endOf(app.engine, (await app.project()).id, (await app.session()).id);
  expect(row.exit).toEqual({ code: null, signal: 'SIGSEGV', outOfMemory: false });
  await expect.poll(() => app.terminal.text()).toContain('about to crash');
  await expect(app.inspector.getByText('SIGSEGV').first()).toBeVisible();
  await app.go('Sessions');
  await expect(app.sessions.row(/crash/).getByText('SIGSEGV')).toBeVisible();
});
