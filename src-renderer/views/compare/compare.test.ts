import { beforeEach, describe, expect, test } from 'vitest';
import type { CompareRow, CompareRows } from '../../../src-preload/contract/index.ts';
import { toCsv } from '../../components/table/csv.ts';
import { i18n } from '../../format/i18n.ts';
import { aSession, aSnapshot } from '../../stores/testing.ts';
import { compareColumns, sumsOf } from './compare-columns.ts';
import { asJson } from './export-rows.ts';
import { letterAt } from '../shared/letters.ts';
import { growthShare } from './words.ts';

beforeEach(() => (i18n.global.locale.value = 'en'));

const row = (change: Partial<CompareRow> = {}): CompareRow => ({
  ...{
    key: 1,
    label: { module: 'app', name: 'User' },
    kind: 'type',
    parent: null,
    children: 0,
    counts: [2, 5],
    shallow: [20, 50],
    retained: [200, 500],
    lengths: [4, 9],
  },
  atLeast: ['none', 'shallow'],
  ...{ fresh: 4, gone: 1, survived: 1, grown: 1, replaced: 1, freshBytes: 40, growsEachTime: true },
  ...change,
});

describe('columns of a comparison', () => {
  test('of different processes have nothing to say of new, gone and survived', () => {
    const ids = compareColumns({ by: 'type', snapshots: 2, matched: false }).map(({ id }) => id);
    expect(ids).not.toContain('fresh');
    expect(ids).toContain('countDiff');
  });

  test('a hierarchy is not added up: an object is in each of its classes', () => {
    const summed = (by: 'type' | 'hierarchy') =>
      compareColumns({ by, snapshots: 2, matched: true }).filter(({ sum }) => sum !== undefined).length;
    expect([summed('hierarchy'), summed('type')]).toEqual([0, 7]);
  });

  test('tell before, after and difference; the ones in between are there, and hidden', () => {
    const columns = compareColumns({ by: 'type', snapshots: 3, matched: true });
    const three = row({ counts: [2, 9, 5] });
    const told = (id: string) => columns.find((column) => column.id === id)?.value(three);
    expect([told('counts.0'), told('counts.1'), told('counts.2'), told('countDiff'), told('trend')]).toEqual([2, 9, 5, 3, 3]);
    expect(columns.filter(({ hidden }) => hidden === true).map(({ id }) => id)).toContain('counts.1');
  });

  test('what is at first shown has room beside the inspector: sizes before and after are told where their difference is pointed at', () => {
    const columns = compareColumns({ by: 'type', snapshots: 2, matched: true });
    const shown = columns.filter(({ hidden }) => hidden !== true);
    expect(shown.map(({ id }) => id)).toEqual([
      ...['label', 'counts.0', 'counts.1', 'countDiff', 'retainedDiff', 'shallowDiff'],
      ...['fresh', 'gone', 'replaced', 'grown', 'lengthDiff'],
    ]);
    expect(columns.find(({ id }) => id === 'shallowDiff')?.hover?.(row())).toBe('20 bytes → 50 bytes');
  });

  test('a size that is a lower bound says so, in the snapshot where it is one', () => {
    const columns = compareColumns({ by: 'type', snapshots: 2, matched: true });
    const texts = ['shallow.0', 'shallow.1', 'retained.1'].map((id) => columns.find((column) => column.id === id)?.text?.(row()));
    expect(texts).toEqual(['20 B', '≥ 50 B', '≥ 500 B']);
  });

  test('are written as exact values', () => {
    expect(toCsv(compareColumns({ by: 'type', snapshots: 2, matched: true }), [row()])).toBe(
      'Type,Count A,Count B,± Count,± Retained,Size A,Size B,± Size,New,Gone,Replaced,Survived,Grown,Size of new,Retained A,Retained B,Length A,Length B,± Length\r\napp.User,2,5,3,300,20,50,30,4,1,1,1,1,40,200,500,4,9,5\r\n',
    );
  });
});

test('what is not known is not added up', () => {
  const rows: CompareRows = {
    total: 0,
    rows: [],
    sums: {
      ...{ counts: [1, 3], shallow: [10, 5], atLeast: ['none', 'none'] },
      ...{ fresh: null, gone: null, survived: null, grown: null, replaced: null },
    },
    waits: null,
    matched: false,
    confidence: [],
  };
  expect(sumsOf(rows)).toEqual({ countDiff: 2, shallowDiff: -5 });
});

test('JSON says which snapshots, by file, session and time', () => {
  const at = { path: null, snapshot: 1 };
  const compared = [
    {
      at,
      ref: { project: 'p1', snapshot: 1 },
      row: aSnapshot({ name: 'before' }),
      session: aSession(),
      source: { project: 'p1', path: '/a.heapscope', name: 'a', untitled: false },
    },
  ];
  const json = asJson({ by: 'type', growing: false, changed: true, matched: true }, [row()], compared);
  expect(json).toMatchObject({
    by: 'type',
    matched: true,
    snapshots: [{ letter: 'A', name: 'before', file: '/a.heapscope', sessionUuid: 'u1', timeMs: 1000 }],
    rows: [{ label: 'app.User', new: 4, newBytes: 40 }],
  });
});

test('letters go on, and growth from nothing has no share', () => {
  expect([letterAt(0), letterAt(25), letterAt(26)]).toEqual(['A', 'Z', '27']);
  expect([growthShare(0, 5), growthShare(100, 150), growthShare(100, 50)]).toEqual(['', '+50.0 %', '−50.0 %']);
});
