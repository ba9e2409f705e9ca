import { expect } from '@playwright/test';
import type { Heapscope } from './heapscope.ts';

export interface WindowPage {
  name: string;
  /** From the page before it in the list; the window speaks English. */
  open: (app: Heapscope) => Promise<void>;
  /** What has to be undone before the next. */
  close?: (app: Heapscope) => Promise<void>;
}

const rowShown = (app: Heapscope): Promise<void> => expect(app.page.getByRole('main').getByRole('row').nth(1)).toBeVisible();

async function heapPage(app: Heapscope, tab: Parameters<Heapscope['heap']['tab']>[0]): Promise<void> {
  await app.heap.tab(tab);
  await rowShown(app);
}

/** The snapshots of the session in view, all of them. */
async function compareSnapshots(app: Heapscope): Promise<void> {
  await app.go('Heap');
  await app.heap.tab('Snapshots');
  const rows = app.page.getByRole('grid', { name: 'Heap snapshots' }).getByRole('row');
  await rows.nth(1).click();
  await rows.last().click({ modifiers: ['ControlOrMeta'] });
  await app.page.getByRole('button', { name: 'Compare', exact: true }).last().click();
  await rowShown(app);
}

async function openRuns(app: Heapscope): Promise<void> {
  await app.go('Sessions');
  await app.sessions.rows.nth(0).click();
  await app.sessions.rows.nth(1).click({ modifiers: ['ControlOrMeta'] });
  await app.page.getByRole('button', { name: 'Compare runs' }).click();
  await expect(app.page.getByRole('table', { name: 'Figures' }).getByRole('row', { name: /^Peak RSS/ })).toBeVisible();
}

/** What the window shows of a project with two sessions and their snapshots, in the order of visits. */
export const EVERY_PAGE: readonly WindowPage[] = [
  { name: 'Record', open: (app) => app.go('Record') },
  {
    name: 'Sessions',
    open: async (app) => {
      await app.go('Sessions');
      await app.sessions.rows.last().click();
    },
  },
  {
    name: 'Timeline',
    open: async (app) => {
      await app.sessions.rows.last().dblclick();
      await app.go('Timeline');
      await expect(app.timeline.plot).toBeVisible();
      await app.timeline.drag(0.3, 0.7, true);
      await expect(app.timeline.lane('Memory')).toBeVisible();
    },
  },
  {
    name: 'Heap: snapshots',
    open: async (app) => {
      await app.go('Heap');
      await heapPage(app, 'Snapshots');
      await app.heap.rows.nth(2).click();
    },
  },
  {
    name: 'Heap: a snapshot deleted, which can be undone',
    open: async (app) => {
      await app.page.keyboard.press('Delete');
      await expect(app.notices.getByRole('button', { name: 'Undo' })).toBeVisible();
    },
    close: async (app) => {
      await app.notices.getByRole('button').first().click();
      await expect(app.heap.rows).toHaveCount(3);
    },
  },
  {
    name: 'Heap: types',
    open: async (app) => {
      await heapPage(app, 'Types');
      await app.heap.rows.nth(1).click();
    },
  },
  {
    name: 'Heap: objects',
    open: async (app) => {
      await app.heap.row('ConnectionPoolEntry').dblclick();
      await app.heap.row('ConnectionPoolEntry').click();
    },
  },
  {
    name: 'Heap: why alive',
    open: async (app) => {
      await app.heap.tab('Why alive?');
      await expect(app.heap.chain.first()).toBeVisible();
    },
  },
  { name: 'Heap: dominators', open: (app) => heapPage(app, 'Dominators') },
  { name: 'Heap: cycles', open: (app) => heapPage(app, 'Cycles') },
  { name: 'Heap: duplicates', open: (app) => heapPage(app, 'Duplicates') },
  { name: 'Heap: waste', open: (app) => heapPage(app, 'Waste') },
  {
    name: 'Allocations',
    open: async (app) => {
      await app.go('Allocations');
      // Of the range that was chosen on the timeline there may be none.
      await app.page.getByRole('main').getByRole('button', { name: 'Whole session' }).first().click();
      await rowShown(app);
      await app.page.getByRole('main').getByRole('row').nth(1).click();
    },
  },
  { name: 'Compare', open: compareSnapshots },
  {
    name: 'Compare: choice of snapshots',
    open: async (app) => {
      await app.page.getByRole('main').getByRole('button', { name: 'Add…' }).click();
      await expect(app.page.getByRole('dialog').getByRole('checkbox').first()).toBeVisible();
    },
    close: async (app) => {
      await app.page.keyboard.press('Escape');
      await expect(app.page.getByRole('dialog')).toBeHidden();
    },
  },
  {
    name: 'Compare: objects',
    open: async (app) => {
      await app.page.getByRole('button', { name: /^New / }).click();
      await expect(
        app.page
          .getByRole('grid', { name: /^Objects behind/ })
          .getByRole('row')
          .nth(1),
      ).toBeVisible();
    },
  },
  { name: 'Runs', open: openRuns },
];
