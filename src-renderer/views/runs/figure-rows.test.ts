import { beforeEach, describe, expect, test } from 'vitest';
import type { RunFigures } from '../../../src-preload/contract/index.ts';
import { i18n } from '../../format/i18n.ts';
import { figureSections } from './figure-rows.ts';

beforeEach(() => (i18n.global.locale.value = 'en'));

function run(change: Partial<RunFigures> = {}): RunFigures {
  return {
    ...{
      project: 'p',
      session: 1,
      name: 'a',
      program: 'a.py',
      duration: 10_000,
      zero: 0,
      peakRss: 100,
      meanRss: 50,
      slopeRss: 2,
      growthBetweenMarks: null,
    },
    ...{ marks: [], collections: 0, collectionPause: 0, lastSnapshot: null, topGrowing: [] },
    ...change,
  };
}

const rowOf = (runs: (RunFigures | null)[], section: string, id: string) =>
  figureSections(runs)
    .find((one) => one.id === section)
    ?.rows.find((row) => row.id === id);

describe('figures of runs', () => {
  test('a run that is not to be had, or has none, has no figure', () => {
    expect(rowOf([null, run({ peakRss: null }), run()], 'time', 'peakRss')?.values).toEqual([null, null, 100]);
    expect(rowOf([run()], 'gc', 'meanPause')?.values).toEqual([null]);
    expect(rowOf([run()], 'snapshot', 'objects')?.values).toEqual([null]);
  });

  test('without growing types it is said what they need; without marks nothing is', () => {
    const sections = figureSections([run()]);
    expect(sections.map(({ id }) => id)).toEqual(['time', 'gc', 'snapshot', 'types']);
    expect(sections.at(-1)).toMatchObject({ rows: [], empty: 'Needs two snapshots of one process in a run.' });
  });

  test('a slope is told by the minute', () => {
    const row = rowOf([run({ slopeRss: 1024 })], 'time', 'slopeRss');
    expect([row?.values, row?.text(row.values[0] ?? 0)]).toEqual([[61_440], '+60.0\u00a0KiB/min']);
  });

  test('marks that most runs have come first, each by its first time', () => {
    const mark = (name: string, t: number, rss: number) => ({ name, t, rss });
    const runs = [
      run({ marks: [mark('only here', 1, 1), mark('loaded', 2, 20), mark('loaded', 3, 30)] }),
      run({ marks: [mark('loaded', 9, 25)] }),
    ];
    const rows = figureSections(runs).find(({ id }) => id === 'marks')?.rows;
    expect(rows?.map(({ name, values }) => [name, values])).toEqual([
      ['loaded', [20, 25]],
      ['only here', [1, null]],
    ]);
  });

  test('types of all runs by what they grew most; one that is not among a run’s own is not said to be zero', () => {
    const grown = (name: string, bytes: number) => ({ module: 'app', name, count: bytes / 10, bytes });
    const runs = [run({ topGrowing: [grown('User', 500)] }), run({ topGrowing: [grown('Cache', 900), grown('User', 100)] })];
    const rows = figureSections(runs).find(({ id }) => id === 'types')?.rows;
    expect(rows?.map(({ name, values }) => [name, values])).toEqual([
      ['app.Cache', [null, 900]],
      ['app.User', [500, 100]],
    ]);
    expect([rows?.[0]?.none, rows?.[1]?.title(500, 0)]).toEqual(['not among its top types', '500 bytes, 50 objects']);
  });
});
