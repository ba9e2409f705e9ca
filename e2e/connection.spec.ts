import { join } from 'node:path';
import { SHELL } from './helpers/app.ts';
import { target } from './helpers/places.ts';
import { expect, test } from './helpers/test.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';

// The window of the browser shell when its engine is gone. Electron's window lives and dies with the engine.
test.skip(SHELL === 'electron', 'the desktop app has no connection');

/** What the browser itself logs of an engine that is not there; nothing else is expected. */
function forgetRefusals(complaints: string[]): void {
  const others = complaints.filter((text) => !/ERR_CONNECTION_REFUSED|WebSocket connection to .* failed/.test(text));
  complaints.splice(0, complaints.length, ...others);
}

/** All parts of the window that are in view are loaded: from an engine that is gone none could be. */
async function recordUntilTold(app: Heapscope, told: string): Promise<void> {
  await app.record(target('until_told'), told);
  await expect(app.timeline.plot).toBeVisible();
  await expect(app.timeline.range).toBeVisible();
  await expect(app.terminal.root).toBeVisible();
}

test('stopped in its terminal, Heapscope says what became of the program and where the recording is', async ({
  app,
  folder,
  complaints,
}) => {
  const told = join(folder, 'told');
  await recordUntilTold(app, told);
  await expect(app.bar.stop).toBeEnabled();
  const { path } = await app.project();
  process.kill(app.app.pid, 'SIGINT');
  const said = app.page.getByRole('alert').filter({ hasText: 'Heapscope was stopped' });
  await expect(said).toContainText('By Ctrl-C in its terminal');
  await expect(said).toContainText(`until_told.py ${told} ended with it. What was recorded is in ${path}`);
  await expect(said).not.toContainText('reconnect');
  await expect(app.bar.stop).toBeHidden();
  await app.go('Record');
  await expect(app.page.getByRole('button', { name: 'Record', exact: true }).last()).toBeDisabled();
  await app.page.close();
  forgetRefusals(complaints);
});

test('killed, it is missed, and nothing that needs it can be pressed', async ({ app, folder, complaints }) => {
  await recordUntilTold(app, join(folder, 'told'));
  const snapshot = app.page.getByRole('button', { name: 'Snapshot', exact: true });
  await expect(snapshot).toBeEnabled();
  const { pid } = (
    await app.engine.call('sessions.processes', { project: (await app.project()).id, session: (await app.session()).id })
  )[0]!;
  process.kill(app.app.pid, 'SIGKILL');
  const said = app.page.getByRole('alert').filter({ hasText: 'The connection to the engine was lost' });
  // A view whose question was under way says the first sentence, too.
  await expect(said.filter({ hasText: 'keeps trying to reconnect' })).toBeVisible();
  for (const button of [app.bar.stop, snapshot, app.bar.mark, app.bar.collect, app.bar.tracemalloc]) await expect(button).toBeDisabled();
  await app.page.close();
  forgetRefusals(complaints);
  process.kill(pid, 'SIGKILL');
});
