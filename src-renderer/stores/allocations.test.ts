import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { nextTick } from 'vue';
import type { AllocationFlame, AllocationRow, AllocationTable } from '../../src-preload/contract/index.ts';
import * as api from '../api/index.ts';
import { rowFilter, useAllocations } from './allocations.ts';
import { FIRST_ALLOCATIONS, readAllocations, writeAllocations } from './allocations-place.ts';
import type { AllocationPlace } from './allocations-place.ts';
import { useSelection } from './selection.ts';
import { FakeCallError, fakeOf, freshStores } from './testing.ts';

vi.mock('../api/index.ts', async () => {
  const testing = await import('./testing.ts');
  return { ...testing.fakeApi(), CallError: testing.FakeCallError, onResync: () => () => undefined };
});

const fake = fakeOf(api);
const SUMS = { bytes: 0, blocks: 0, error: 0, allocated: 0, freed: 0 };

function aRow(change: Partial<AllocationRow> = {}): AllocationRow {
  return {
    ...{ key: 1, function: 'Load', file: '/srv/App.py', line: 4, module: 'App', package: '', frames: null, own: true },
    ...{ bytes: 100, blocks: 2, error: 10, allocated: 120, freed: 20, perMinute: 50, share: 1, spark: [] },
    ...change,
  };
}

const tableOf = (...rows: AllocationRow[]): AllocationTable => ({ rows, total: rows.length, sums: SUMS });
const FLAME: AllocationFlame = {
  parent: Float64Array.of(-1),
  bytes: Float64Array.of(1),
  blocks: Float64Array.of(1),
  function: [''],
  file: [''],
  line: Float64Array.of(0),
  own: Uint8Array.of(0),
  total: 1,
  left: 0,
};

interface RowsArgs {
  by: string;
  session: number;
  from: number | null;
  to: number | null;
  process: number | null;
  mine: boolean;
  filter: unknown;
}
const asked = (method = 'allocations.rows'): RowsArgs[] =>
  fake.call.mock.calls.filter(([one]) => one === method).map(([, args]) => args as RowsArgs);

/** Answers of rows that come when the test lets them. */
let held: ((table: AllocationTable) => void)[] = [];
const settle = async (): Promise<void> => {
  for (let i = 0; i < 12; i += 1) await Promise.resolve();
};

/** The page is shown, and each question of rows waits for the test. */
async function shown(place: Partial<AllocationPlace> = {}): Promise<ReturnType<typeof useAllocations>> {
  const allocations = useAllocations();
  allocations.listen();
  useSelection().go({ project: 'p1', session: 1, view: 'allocations', allocations: { ...FIRST_ALLOCATIONS, ...place } });
  await nextTick();
  await settle();
  return allocations;
}

/** Lets the oldest question of rows be answered. */
async function answer(table: AllocationTable = tableOf(aRow())): Promise<void> {
  held.shift()!(table);
  await settle();
}

vi.useFakeTimers();

/** The page is left: what is in flight is dropped, and the next question need not wait for a frame. */
afterEach(async () => {
  useSelection().go({ view: 'launch' });
  await nextTick();
  vi.advanceTimersByTime(1000);
});

beforeEach(() => {
  freshStores(fake);
  held = [];
  fake.answers.set('allocations.states', []);
  fake.answers.set('allocations.flame', FLAME);
  fake.answers.set('allocations.timeline', { times: Float64Array.of(0, 1), allocated: Float64Array.of(1), alive: Float64Array.of(1) });
  fake.answers.set('allocations.rows', () => new Promise((resolve) => held.push(resolve)));
});

describe('allocations are asked for', () => {
  test('while their page is shown, of the range and process in view', async () => {
    const allocations = useAllocations();
    allocations.listen();
    useSelection().go({ project: 'p1', session: 1, view: 'timeline', range: { from: 5, to: null }, process: 3 });
    await nextTick();
    await settle();
    expect(asked()).toEqual([]);
    useSelection().go({ view: 'allocations' });
    await nextTick();
    await settle();
    expect(asked()).toMatchObject([{ by: 'line', session: 1, from: 5, to: null, process: 3, mine: false, filter: null }]);
    expect(allocations.isWaiting).toBe(true);
    await answer();
    expect([allocations.isWaiting, allocations.answer?.table.total]).toEqual([false, 1]);
    expect(asked('allocations.timeline')).toMatchObject([{ process: 3, from: null, to: null }]);
  });

  test('again when there are new ones: one question at a time, however many have come', async () => {
    const allocations = await shown();
    for (let i = 0; i < 5; i += 1) fake.emit('allocations', { project: 'p1', session: 1 });
    await settle();
    expect(asked()).toHaveLength(1);
    await answer(tableOf(aRow({ bytes: 1 })));
    vi.advanceTimersByTime(100);
    await settle();
    expect(asked()).toHaveLength(2);
    await answer(tableOf(aRow({ bytes: 2 })));
    vi.advanceTimersByTime(100);
    await settle();
    expect([asked().length, allocations.answer?.table.rows[0]?.bytes]).toEqual([2, 2]);
  });

  test('not for news of another session, nor once another page is shown', async () => {
    await shown();
    await answer();
    fake.emit('allocations', { project: 'p1', session: 2 });
    fake.emit('allocations', { project: 'p2', session: 1 });
    useSelection().go({ view: 'heap' });
    await nextTick();
    fake.emit('allocations', { project: 'p1', session: 1 });
    vi.advanceTimersByTime(100);
    await settle();
    expect(asked()).toHaveLength(1);
  });

  test('in another grouping: the latest is shown, an answer to the earlier never', async () => {
    const allocations = await shown();
    allocations.change({ by: 'file' });
    await nextTick();
    await answer(tableOf(aRow({ key: 7 })));
    expect(allocations.answer).toBeNull();
    vi.advanceTimersByTime(100);
    await settle();
    await answer(tableOf(aRow({ key: 8 })));
    expect(allocations.answer).toMatchObject({ question: { by: 'file' }, table: { rows: [{ key: 8 }] } });
  });

  test('with their files where rows are modules or packages', async () => {
    const allocations = await shown({ by: 'module' });
    expect(asked().map(({ by }) => by)).toEqual(['module', 'file']);
    await answer(tableOf(aRow({ file: '' })));
    await answer(tableOf(aRow({ key: 5 })));
    expect(allocations.answer?.files.map(({ key }) => key)).toEqual([5]);
  });
});

describe('what was shown', () => {
  test('stays while the same session is asked again, and is gone with it', async () => {
    const allocations = await shown();
    await answer();
    useSelection().go({ range: { from: 1, to: 2 } });
    await nextTick();
    expect(allocations.answer).not.toBeNull();
    useSelection().go({ session: 2 });
    await nextTick();
    expect(allocations.answer).toBeNull();
  });

  test('stays when an answer fails; the failure is told until the next one', async () => {
    const allocations = await shown();
    await answer();
    fake.answers.set('allocations.states', () => {
      throw new FakeCallError('session.missing', { session: 1 });
    });
    fake.emit('allocations', { project: 'p1', session: 1 });
    vi.advanceTimersByTime(100);
    await settle();
    expect([allocations.error?.code, allocations.answer?.table.total]).toEqual(['session.missing', 1]);
    expect(allocations.isWaiting).toBe(false);
    fake.answers.set('allocations.states', []);
    held = [];
    fake.emit('allocations', { project: 'p1', session: 1 });
    vi.advanceTimersByTime(100);
    await settle();
    await answer();
    expect(allocations.error).toBeNull();
  });
});

describe('the chosen row', () => {
  test('has its tracebacks: those that end in it', async () => {
    const allocations = await shown({ row: 1 });
    await answer();
    expect(allocations.row?.key).toBe(1);
    await nextTick();
    await settle();
    expect(asked().at(-1)).toMatchObject({ by: 'traceback', filter: rowFilter(aRow(), 'line') });
    await answer(tableOf(aRow({ key: 9, frames: [] })));
    expect(allocations.traces).toMatchObject({ row: 1, table: { rows: [{ key: 9 }] } });
    allocations.change({ row: null });
    await nextTick();
    expect(allocations.traces).toBeNull();
  });

  test('is left by another grouping, or other code; another figure and direction keep it', async () => {
    const allocations = await shown({ row: 1 });
    const kept = (patch: Partial<AllocationPlace>): number | null => {
      useSelection().go({ allocations: { ...FIRST_ALLOCATIONS, row: 1 } });
      allocations.change(patch);
      return useSelection().allocations.row;
    };
    expect([kept({ by: 'file' }), kept({ mine: true })]).toEqual([null, null]);
    expect([kept({ of: 'freed' }), kept({ direction: 'callers' }), kept({ by: 'line' })]).toEqual([1, 1, 1]);
  });

  test('is none where it is not listed, and before its grouping is there', async () => {
    const allocations = await shown({ row: 77 });
    expect(allocations.row).toBeNull();
    await answer();
    expect(allocations.row).toBeNull();
    allocations.change({ by: 'file', row: 1 });
    expect(allocations.row).toBeNull();
  });

  test.each([
    ['line', 3],
    ['function', 2],
  ] as const)('is found by %s, in lower case as filters are', (by, parts) => {
    const filter = rowFilter(aRow(), by);
    expect(filter).toMatchObject({ kind: 'and' });
    expect(filter?.kind === 'and' ? filter.parts : []).toHaveLength(parts);
    expect(JSON.stringify(filter)).toContain('"/srv/app.py"');
  });

  test('has no other tracebacks where rows are tracebacks, or threads', () => {
    expect([rowFilter(aRow(), 'traceback'), rowFilter(aRow(), 'thread')]).toEqual([null, null]);
    expect(rowFilter(aRow(), 'module')).toMatchObject({ column: 'module', value: 'app' });
  });
});

describe('the place', () => {
  test.each<Partial<AllocationPlace>>([
    {},
    { by: 'traceback', of: 'growth', mine: true, direction: 'callers', row: 0 },
    { by: 'package', row: 12 },
  ])('is written and read: %j', (part) => {
    const place = { ...FIRST_ALLOCATIONS, ...part };
    const query = new URLSearchParams();
    writeAllocations(query, place);
    expect(readAllocations(query)).toEqual(place);
    if (Object.keys(part).length === 0) expect(query.toString()).toBe('');
  });

  test('that makes no sense is the first one', () =>
    expect(readAllocations(new URLSearchParams('allocatedBy=colour&measure=x&mine=2&flame=up&allocation=-1'))).toEqual(FIRST_ALLOCATIONS));

  test('is the same in another session, without the row; back leads to it', () => {
    const selection = useSelection();
    selection.go({ project: 'p1', session: 1, view: 'allocations' });
    useAllocations().change({ by: 'file', row: 3 });
    selection.go({ session: 2 });
    expect(selection.allocations).toEqual({ ...FIRST_ALLOCATIONS, by: 'file' });
    selection.back();
    expect([selection.session, selection.allocations.row]).toEqual([1, 3]);
  });
});

test('sampling is set in the running session', async () => {
  fake.answers.set('recording.setSampling', null);
  await useAllocations().setSampling({ project: 'p1', session: 1 }, 524_288);
  expect(asked('recording.setSampling')).toEqual([{ project: 'p1', session: 1, mean: 524_288 }]);
});
