import { join } from 'node:path';
import { target } from './helpers/places.ts';
import { endOf } from './helpers/programs.ts';
import type { EventKind, EventRow } from '../src-preload/contract/index.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';
import { expect, test } from './helpers/test.ts';

/** Events of one kind of the current session. */
async function events(app: Heapscope, kind: EventKind): Promise<EventRow[]> {
  const project = (await app.project()).id;
  const session = (await app.session()).id;
  const { events } = await app.engine.call('sessions.events', { project, session, from: 0, to: 1e9, limit: 1000 });
  return events.filter((event) => event.kind === kind);
}

/** How long the recording has been running. */
async function now(app: Heapscope): Promise<number> {
  return (await app.engine.call('recording.states', {}))[0]?.now ?? 0;
}

test('a stubborn program: stop asks, then tells, then kills when confirmed', async ({ app }) => {
  await app.record(target('stubborn'));
  await expect.poll(() => app.terminal.text()).toContain('here to stay');
  await app.bar.stop.click();
  await expect.poll(() => app.terminal.text()).toContain('ignored SIGINT');
  await expect(app.bar.stop).toHaveText('Terminate');
  await app.bar.stop.click();
  await expect.poll(() => app.terminal.text()).toContain('ignored SIGTERM');
  await expect(app.bar.stop).toHaveText('Kill');
  await app.bar.stop.click();
  await app.bar.confirmKill();
  await expect(app.bar.stop).toBeHidden();
  const row = await endOf(app.engine, (await app.project()).id, (await app.session()).id);
  expect(row.exit).toMatchObject({ signal: 'SIGKILL' });
  expect((await events(app, 'stop')).map((event) => event.facts['how'])).toEqual(['interrupt', 'terminate', 'kill']);
});

test('killing is not done when the question is dismissed', async ({ app }) => {
  await app.record(target('stubborn'));
  await expect.poll(() => app.terminal.text()).toContain('here to stay');
  await app.bar.stopBy('Kill');
  await app.page.keyboard.press('Escape');
  await expect(app.page.getByRole('dialog')).toBeHidden();
  await expect(app.bar.stop).toBeVisible();
  expect((await app.session()).state).toBe('running');
  await app.bar.stopBy('Kill');
  await app.bar.confirmKill();
  await endOf(app.engine, (await app.project()).id, (await app.session()).id);
});

test('a program without an agent runs all the same, and offers nothing that needs one', async ({ app }) => {
  await app.go('Record');
  await app.form.mode('Command');
  await app.form.field('Command line').fill('sleep 30');
  await app.form.record();
  await expect(app.bar.root.getByText('No agent')).toBeVisible();
  await expect(app.timeline.root.getByText('The agent did not join')).toBeVisible();
  await expect(app.bar.collect).toBeDisabled();
  await expect(app.bar.tracemalloc).toBeDisabled();
  await expect(app.bar.mark).toBeEnabled();
  await app.bar.stop.click();
  await expect(app.bar.stop).toBeHidden();
  expect((await endOf(app.engine, (await app.project()).id, (await app.session()).id)).exit).toMatchObject({ signal: 'SIGINT' });
});

test('marks: by key with a name, by button, and from the program', async ({ app }) => {
  await app.record(target('leaky_service'), '--mark-every 5');
  await expect
    .poll(async () => (await events(app, 'mark')).map((event) => event.facts['name']))
    .toEqual(expect.arrayContaining(['ready', 'request 5']));
  await app.timeline.plot.focus();
  await app.page.keyboard.press('m');
  await app.page.getByRole('dialog', { name: 'Mark this moment' }).getByRole('textbox').fill('before the storm');
  await app.page.keyboard.press('Enter');
  await expect(app.notices.getByText('Marked “before the storm”')).toBeVisible();
  // Before many of the program's own marks follow: the list holds only the latest.
  await expect(app.timeline.range.getByRole('button', { name: /before the storm$/ })).toBeVisible();
  await app.bar.mark.click();
  await app.page.getByRole('dialog', { name: 'Mark this moment' }).getByRole('button', { name: 'Mark' }).click();
  await expect.poll(async () => (await events(app, 'mark')).filter((event) => event.facts['source'] === 'user')).toHaveLength(2);
  expect((await events(app, 'mark')).filter((event) => event.facts['source'] === 'program').length).toBeGreaterThan(1);
  await app.bar.stop.click();
  const row = await endOf(app.engine, (await app.project()).id, (await app.session()).id);
  expect(row.exit).toMatchObject({ code: 3 });
});

test('the garbage collector runs when asked, and says what it freed', async ({ app }) => {
  await app.record(target('cycles'));
  await expect.poll(() => app.terminal.text()).toContain('500 cycles made');
  await expect(app.bar.collect).toBeEnabled();
  await app.bar.collect.click();
  await expect(app.notices.getByText(/Garbage collection freed [\d,]+ objects \(processes: 1\)/)).toBeVisible();
  await expect.poll(async () => Number((await events(app, 'collect'))[0]?.facts['collected'])).toBeGreaterThanOrEqual(500);
  await app.timeline.plot.focus();
  await app.page.keyboard.press('g');
  await expect.poll(async () => (await events(app, 'collect')).length).toBe(2);
  await app.bar.stop.click();
});

test('tracemalloc starts and stops while the program runs; its lane shows what it traced', async ({ app }) => {
  await app.record(target('leaky_service'));
  await expect(app.bar.tracemalloc).toBeEnabled();
  await app.bar.startTracemalloc(5);
  await expect(app.bar.tracemalloc).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(async () => (await events(app, 'tracemalloc')).map((event) => event.facts['frames'])).toEqual([5]);
  const traced = async (): Promise<number | null | undefined> =>
    (await app.engine.call('sessions.series', { project: (await app.project()).id, session: (await app.session()).id })).find(
      (each) => each.metric === 'traced' && each.process === null,
    )?.max;
  await expect.poll(traced).toBeGreaterThan(100_000);
  await app.bar.stopTracemalloc();
  await expect(app.bar.tracemalloc).toHaveAttribute('aria-pressed', 'false');
  await expect.poll(async () => (await events(app, 'tracemalloc')).map((event) => event.facts['frames'])).toEqual([5, 0]);
  await app.bar.stop.click();
});

test('sampling pauses and resumes; the pause is a gap', async ({ app }) => {
  await app.record(target('leaky_service'));
  await expect.poll(async () => (await app.session()).samples).toBeGreaterThan(20);
  await app.bar.pause.click();
  await expect(app.bar.root.getByText('Paused')).toBeVisible();
  await expect.poll(async () => (await events(app, 'sampling')).map((event) => event.facts['paused'])).toEqual([true]);
  const at = (await events(app, 'sampling'))[0]?.t ?? 0;
  // The program continues in between; nothing of it is sampled.
  await expect.poll(() => now(app)).toBeGreaterThan(at + 1200);
  await app.bar.resume.click();
  await expect.poll(async () => (await events(app, 'sampling')).map((event) => event.facts['paused'])).toEqual([true, false]);
  const [, resumed] = await events(app, 'sampling');
  const project = (await app.project()).id;
  const session = (await app.session()).id;
  const rss = (await app.engine.call('sessions.series', { project, session })).find(
    (each) => each.metric === 'rss' && each.process === null,
  );
  if (!rss || !resumed) throw new Error('no RSS');
  await expect
    .poll(async () => (await app.engine.call('timeline.stats', { project, series: [rss.id], from: resumed.t, to: 1e9 }))[0]?.samples)
    .toBeGreaterThan(3);
  const [during] = await app.engine.call('timeline.stats', { project, series: [rss.id], from: at + 250, to: resumed.t - 50 });
  expect(during?.samples).toBe(0);
  await app.bar.stop.click();
});

test('the view follows what is recorded until the user looks elsewhere, and again when asked', async ({ app }) => {
  await app.record(target('leaky_service'));
  const { timeline } = app;
  await expect(timeline.follow).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => now(app)).toBeGreaterThan(1500);
  await timeline.wheel(0.02, -900);
  await expect(timeline.follow).toHaveAttribute('aria-pressed', 'false');
  const held = await timeline.from();
  const since = await now(app);
  await expect.poll(() => now(app)).toBeGreaterThan(since + 1000);
  expect(await timeline.from()).toBe(held);
  await timeline.follow.click();
  await expect(timeline.follow).toHaveAttribute('aria-pressed', 'true');
  await app.bar.stop.click();
  await expect(timeline.follow).toBeHidden();
});

test('what was recorded is recorded again with the same settings', async ({ app }) => {
  await app.record(target('leaky_service'), '--requests 3');
  const project = (await app.project()).id;
  const first = await endOf(app.engine, project, (await app.session()).id);
  await app.bar.recordAgain.click();
  await expect.poll(async () => (await app.engine.call('sessions.list', { project })).length).toBe(2);
  const again = await endOf(app.engine, project, (await app.session()).id);
  expect(again.origin).toEqual(first.origin);
  expect(again.exit).toMatchObject({ code: 0 });
});

/** Buttons of the top bar that another one covers, or that are outside of the window, by name. */
function hiddenButtons(app: Heapscope): Promise<string[]> {
  return app.page.evaluate(() => {
    const buttons = [...document.querySelectorAll('header button')];
    const hidden = buttons.filter((button) => {
      const { left, right, top, bottom } = button.getBoundingClientRect();
      const corners = [left + 3, (left + right) / 2, right - 3].map((x) => document.elementFromPoint(x, (top + bottom) / 2));
      return left < 0 || right > innerWidth || corners.some((found) => !button.contains(found));
    });
    return hidden.map((button) => button.getAttribute('aria-label') ?? button.textContent ?? '');
  });
}

test('titles give way, controls never: with long names, and while another program is recorded too', async ({ app, folder }) => {
  await app.record(target('stubborn'));
  await expect.poll(() => app.terminal.text()).toContain('here to stay');
  const project = (await app.project()).id;
  const { spec } = (await app.engine.call('launch.recents', {}))[0]!;
  await app.engine.call('sessions.update', { project, session: (await app.session()).id, name: 'a name that goes on '.repeat(20) });
  await app.engine.call('projects.saveAs', { project, path: join(folder, `${'long'.repeat(40)}.heapscope`), overwrite: false });
  for (const width of [1440, 1400, 1280, 1181, 1100, 1040, 800]) {
    await app.page.setViewportSize({ width, height: 900 });
    expect(await hiddenButtons(app), String(width)).toEqual([]);
  }
  const other = await app.engine.call('recording.start', { spec, confirmed: true, project: null, columns: 80, rows: 24 });
  await expect(app.page.getByRole('button', { name: 'Another session is being recorded' })).toBeVisible();
  for (const width of [1400, 1100, 800]) {
    await app.page.setViewportSize({ width, height: 900 });
    expect(await hiddenButtons(app), `${width}, two programs`).toEqual([]);
  }
  await app.engine.call('recording.stop', { project: other.project.id, session: other.session, how: 'kill' });
  await app.bar.stopBy('Kill');
  await app.bar.confirmKill();
  await expect(app.bar.stop).toBeHidden();
});
