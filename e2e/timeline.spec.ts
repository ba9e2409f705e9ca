import type { Page } from '@playwright/test';
import type { RangeStats, SeriesInfo } from '../src-preload/contract/index.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';
import { expect, test } from './helpers/recordings.ts';

test.beforeEach(async ({ app, leakFile }) => {
  await app.openProject(leakFile);
  await expect(app.timeline.plot).toBeVisible();
  await expect.poll(() => app.timeline.until()).toBeGreaterThan(1000);
});

/** The brushed range, from the link in the address. */
function rangeInAddress(page: Page): { from: number; to: number } | null {
  const query = new URLSearchParams(new URL(page.url()).hash.split('?')[1] ?? '');
  const [from, to] = [query.get('from'), query.get('to')];
  return from === null || to === null ? null : { from: Number(from), to: Number(to) };
}

async function statsOf(app: Heapscope, metric: string, range: { from: number; to: number }): Promise<RangeStats> {
  const project = (await app.project()).id;
  const session = (await app.session()).id;
  const all: SeriesInfo[] = await app.engine.call('sessions.series', { project, session });
  const series = all.find((each) => each.metric === metric && each.process === null);
  if (!series) throw new Error(`no series of ${metric}`);
  const [stats] = await app.engine.call('timeline.stats', { project, series: [series.id], ...range });
  if (!stats) throw new Error('no figures');
  return stats;
}

const digits = (text: string | undefined): number => Number((text ?? '').replace(/[^\d.]/g, ''));

test('a brushed range shows the figures that the engine computes, and its link brings it back', async ({ app }) => {
  await app.timeline.drag(0.25, 0.75, true);
  await expect(app.timeline.range.getByRole('table')).toBeVisible();
  await expect.poll(() => rangeInAddress(app.page)).not.toBeNull();
  await app.page.reload();
  await app.ready();
  const range = rangeInAddress(app.page);
  if (!range) throw new Error('the link has lost its range');
  const stats = await statsOf(app, 'rss', range);
  await expect.poll(async () => digits((await app.timeline.figures('RSS'))['Start'])).toBe(stats.start);
  const shown = await app.timeline.figures('RSS');
  expect(digits(shown['End'])).toBe(stats.end);
  expect(digits(shown['Min'])).toBe(stats.min);
  expect(digits(shown['Max'])).toBe(stats.max);
  expect(digits(shown['Difference'])).toBe(Math.abs(stats.difference ?? 0));
  expect(digits(shown['Change/min'])).toBe(Math.round((stats.slope ?? 0) * 60));
});

test('wheel, drag, double click and keys zoom, pan and fit', async ({ app }) => {
  const { timeline } = app;
  expect(await timeline.from()).toBe(0);
  await timeline.wheel(0.5, -600);
  await expect.poll(() => timeline.from()).toBeGreaterThan(0);
  const zoomed = await timeline.from();
  await timeline.drag(0.3, 0.5);
  await expect.poll(() => timeline.from()).toBeLessThan(zoomed);
  await timeline.plot.dblclick({ position: { x: 200, y: 60 } });
  await expect.poll(() => timeline.from()).toBe(0);
  await timeline.tool('Zoom in').click();
  await expect.poll(() => timeline.from()).toBeGreaterThan(0);
  await timeline.tool('Fit').click();
  await expect.poll(() => timeline.from()).toBe(0);
  await timeline.plot.press('+');
  await timeline.plot.press('+');
  await expect.poll(() => timeline.from()).toBeGreaterThan(0);
  const before = await timeline.from();
  await timeline.plot.press('ArrowRight');
  await expect.poll(() => timeline.from()).toBeGreaterThan(before);
  await timeline.plot.press('Home');
  await expect.poll(() => timeline.from()).toBe(0);
  await timeline.plot.press('f');
  await timeline.plot.press('Shift+ArrowRight');
  await expect(timeline.range.getByRole('table')).toBeVisible();
  await timeline.plot.press('Escape');
  await expect(timeline.range.getByRole('table')).toBeHidden();
});

test('Escape takes back a drag, a brush and the height of a lane that is being changed', async ({ app }) => {
  const { timeline, page } = app;
  await timeline.wheel(0.5, -600);
  await expect.poll(() => timeline.from()).toBeGreaterThan(0);
  const before = await timeline.from();
  const box = await timeline.plot.boundingBox();
  if (!box) throw new Error('no plot');
  const pressAndMove = async (x: number, y: number, by: { x: number; y: number }): Promise<void> => {
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + by.x, y + by.y, { steps: 4 });
  };
  const [middle, top] = [box.x + box.width / 2, box.y + 60];
  await pressAndMove(middle, top, { x: 150, y: 0 });
  await expect.poll(() => timeline.from()).not.toBe(before);
  await page.keyboard.press('Escape');
  await expect.poll(() => timeline.from()).toBe(before);
  await page.mouse.up();

  await page.keyboard.down('Shift');
  await pressAndMove(middle, top, { x: 150, y: 0 });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(timeline.range.getByRole('table')).toBeHidden();
  expect(rangeInAddress(page)).toBeNull();

  const height = await timeline.laneHeight('Memory');
  const edge = await timeline.root.getByRole('separator', { name: /^Height of Memory;/ }).boundingBox();
  if (!edge) throw new Error('no edge');
  await pressAndMove(edge.x + 60, edge.y + edge.height / 2, { x: 0, y: 40 });
  await expect.poll(() => timeline.laneHeight('Memory')).toBeGreaterThan(height);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect.poll(() => timeline.laneHeight('Memory')).toBe(height);
});

test('a lane that is hidden, moved or made higher stays so after a reload', async ({ app }) => {
  const { timeline } = app;
  const before = await timeline.lanes();
  expect(before.length).toBeGreaterThan(4);
  const [first, second] = before;
  if (first === undefined || second === undefined) throw new Error('too few lanes');
  const height = await timeline.laneHeight('CPU');
  await timeline.choose('Threads', 'Hide this lane');
  await timeline.choose(first, 'Move down');
  await timeline.choose('CPU', 'Taller');
  const wanted = [second, first, ...before.slice(2)].filter((lane) => lane !== 'Threads');
  await expect.poll(() => timeline.lanes()).toEqual(wanted);
  await app.page.reload();
  await app.ready();
  await expect.poll(() => timeline.lanes()).toEqual(wanted);
  expect(await timeline.laneHeight('CPU')).toBeGreaterThan(height);
  await app.page.getByRole('button', { name: 'Lanes' }).click();
  await app.page.getByRole('menuitem', { name: /^Reset order/ }).click();
  await expect.poll(() => timeline.lanes()).toEqual(before);
});

test('marks of the program stand in the list of events, and choosing one goes there', async ({ app }) => {
  for (const name of ['ready', 'request 10', 'request 40'])
    await expect(app.timeline.range.getByRole('button', { name: new RegExp(`${name}$`) })).toBeVisible();
});

test('the crosshair tells the values of all lanes at one time', async ({ app }) => {
  await expect(app.timeline.range.getByRole('heading', { name: 'Latest values' })).toBeVisible();
  await app.timeline.plot.hover({ position: { x: 300, y: 60 } });
  await expect(app.timeline.range.getByRole('heading', { name: /^At / })).toBeVisible();
});

test('the samples behind the picture can be seen as a table', async ({ app }) => {
  await app.page.getByRole('button', { name: 'Show as table' }).click();
  const table = app.page.getByRole('dialog', { name: 'Samples in view' });
  await expect(table.getByRole('row').nth(3)).toBeVisible();
});

test('back and forward walk the selection', async ({ app }) => {
  await app.timeline.drag(0.2, 0.4, true);
  await expect(app.timeline.range.getByRole('table')).toBeVisible();
  await app.go('Sessions');
  await app.page.keyboard.press('Alt+ArrowLeft');
  await expect(app.timeline.range.getByRole('table')).toBeVisible();
  await app.page.getByRole('button', { name: 'Back' }).click();
  await expect(app.timeline.range.getByRole('table')).toBeHidden();
  await app.page.getByRole('button', { name: 'Forward' }).click();
  await expect(app.timeline.range.getByRole('table')).toBeVisible();
});
