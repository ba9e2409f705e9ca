import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AllocationGrouping, AllocationMeasure, AllocationTable, SessionId } from '../../../src-preload/contract/index.ts';
import type { ProjectFile } from '../project/index.ts';
import { TestFolder } from '../project/testing.ts';
import { placeOf } from './code-places.ts';
import { AllocationQueries } from './queries.ts';
import { frameOf, random, record, varianceOf, type Block } from './testing.ts';

const EPOCHS = 150;
const APP = '/srv/app/main.py';
const JSON_FILE = '/usr/lib/python3.12/json/decoder.py';
const PANDAS = '/venv/lib/python3.12/site-packages/pandas/core/frame.py';
const PATHS = [
  ['MainThread', `main ${APP}:10`],
  ['MainThread', `main ${APP}:10`, `load ${APP}:22`],
  ['MainThread', `main ${APP}:10`, `load ${APP}:23`, `decode ${JSON_FILE}:340`],
  ['MainThread', `main ${APP}:10`, `load ${APP}:23`, `decode ${JSON_FILE}:340`, `hook ${APP}:40`],
  ['worker', `work ${APP}:60`, `__init__ ${PANDAS}:700`],
  ['worker', '…', `__init__ ${PANDAS}:700`],
  ['worker', `run /usr/lib/python3.12/threading.py:1000`],
  ['(no Python thread)'],
];

const FOREVER = new AbortController().signal;
const context = { signal: FOREVER, check: () => undefined };
const queries = new AllocationQueries();

/** Blocks of two processes: most live shortly, some for long, some to the end. */
function someBlocks(count: number): Block[] {
  const next = random(7);
  return Array.from({ length: count }, () => {
    const birth = Math.floor(next() * EPOCHS);
    const kind = next();
    const death = birth + Math.floor(next() * (kind < 0.6 ? 3 : 100));
    return {
      process: next() < 0.7 ? 11 : 12,
      path: PATHS[Math.floor(next() * PATHS.length)]!,
      size: 16 + Math.floor(next() * 100_000),
      weight: 1 + next() * 20,
      birth,
      death: kind > 0.9 || death >= EPOCHS ? Infinity : death,
    };
  });
}

const blocks = someBlocks(4000);
const folder = new TestFolder();
const kept = new Map<string, { file: ProjectFile; session: SessionId }>();
const END = { state: 'ended', exit: null, duration: EPOCHS * 1000 } as const;

beforeAll(async () => {
  const live = folder.create('live.heapscope');
  kept.set('while it is recorded', { file: live, session: record(live, blocks, EPOCHS).id });
  const ended = folder.create('ended.heapscope');
  record(ended, blocks, EPOCHS).finish(END);
  ended.close();
  const cut = folder.create('cut.heapscope');
  record(cut, blocks, EPOCHS).flush();
  cut.close();
  const reopened = folder.open('ended.heapscope');
  kept.set('reopened', { file: reopened, session: 1 });
  kept.set('cut off', { file: folder.open('cut.heapscope'), session: 1 });
  const copy = folder.create('copy.heapscope');
  record(copy, blocks.slice(0, 10), 5).finish(END);
  await reopened.copySessions([1], copy, () => undefined, FOREVER);
  kept.set('copied', { file: copy, session: 2 });
  const moved = folder.create('moved.heapscope');
  const session = record(moved, blocks, EPOCHS).id;
  await moved.saveAs(folder.file('moved2.heapscope'), false, () => undefined, FOREVER);
  kept.set('saved elsewhere while it is recorded', { file: moved, session });
});

afterAll(() => {
  for (const { file } of kept.values()) file.close();
  folder[Symbol.dispose]();
});

interface Question {
  process?: number;
  from?: number | null;
  to?: number | null;
  mine?: boolean;
  by?: AllocationGrouping;
  of?: AllocationMeasure;
}

async function ask(name: string, { process, ...question }: Question): Promise<AllocationTable> {
  const { file, session } = kept.get(name)!;
  const id = process === undefined ? null : file.sessions.processes(session).find(({ pid }) => pid === process)!.id;
  const scope = { session, process: id, from: null, to: null, mine: false, by: 'line' as const, of: 'live' as const };
  return await queries.rows(file, { ...scope, filter: null, sort: null, first: 0, count: 1000, ...question }, context);
}

/** The same by adding up blocks one by one. */
function naive({ process, from = null, to = null, mine = false, by = 'line', of = 'live' }: Question): Map<string, number[]> {
  const start = from === null || from <= 0 ? -1 : Math.floor(from / 1000);
  const end = to === null ? Infinity : Math.floor(to / 1000) - 1;
  const inRange = (epoch: number): boolean => epoch >= start && epoch <= end && epoch !== Infinity;
  const sums = new Map<string, number[]>();
  for (const block of blocks) {
    if (process !== undefined && block.process !== process) continue;
    const [made, freed] = [inRange(block.birth), inRange(block.death)];
    const sign = { allocated: Number(made), freed: Number(freed), live: Number(made && !freed), growth: Number(made) - Number(freed) }[of];
    if (sign === 0) continue;
    const key = keyOf(block, mine, by);
    const row = sums.get(key) ?? [0, 0, 0];
    row[0]! += sign * block.size * block.weight;
    row[1]! += sign * block.weight;
    row[2]! += varianceOf(block);
    sums.set(key, row);
  }
  return sums;
}

function keyOf({ path }: Block, mine: boolean, by: AllocationGrouping): string {
  const frames = path.map(frameOf).filter((frame, i) => i === 0 || !mine || placeOf(frame.file).own);
  const last = frames.at(-1)!;
  if (by === 'thread') return frames[0]!.function;
  if (by === 'traceback') return frames.map(({ function: name, line }) => `${name}:${line}`).join(' > ');
  if (last.file === '') return last.function;
  const place = placeOf(last.file);
  const keys = {
    line: `${last.file}:${last.line}`,
    function: last.function,
    file: last.file,
    module: place.module,
    package: place.package,
  };
  return keys[by];
}

function asMap(table: AllocationTable, by: AllocationGrouping): Map<string, number[]> {
  return new Map(table.rows.map((row) => [rowKey(row, by), [row.bytes, row.blocks, row.error ** 2]]));
}

function rowKey(row: AllocationTable['rows'][number], by: AllocationGrouping): string {
  if (by === 'traceback')
    return row.frames!.length === 0
      ? row.function
      : row
          .frames!.map(({ function: name, line }) => `${name}:${line}`)
          .toReversed()
          .join(' > ');
  if (by === 'thread' || (row.file === '' && row.module === '' && row.package === '' && row.function !== '')) return row.function;
  return { line: `${row.file}:${row.line}`, function: row.function, file: row.file, module: row.module, package: row.package }[by];
}

function expectSame(found: Map<string, number[]>, wanted: Map<string, number[]>): void {
  expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [key, row] of wanted) row.forEach((value, i) => expect(found.get(key)![i]! / value, `${key} ${i}`).toBeCloseTo(1, 6));
}

const NAMES = ['while it is recorded', 'reopened', 'cut off', 'copied', 'saved elsewhere while it is recorded'];
const RANGES: (readonly [number | null, number | null])[] = [
  [null, null],
  [0, 150_000],
  [null, 40_000],
  // A part has 64 epochs: borders of parts, and beside them.
  [64_000, 128_000],
  [63_000, 129_000],
  [65_000, 127_000],
  [20_000, 21_000],
  [70_500, 149_000],
  [140_000, null],
  [500_000, null],
];

describe.each(NAMES)('a session %s', (name) => {
  it.each(RANGES)('has in the range from %d to %d what adding up its blocks gives', async (from, to) => {
    for (const of of ['live', 'allocated', 'freed', 'growth'] as const)
      expectSame(asMap(await ask(name, { from, to, of }), 'line'), naive({ from, to, of }));
  });

  it.each(['line', 'function', 'file', 'module', 'package', 'thread'] as const)('is grouped by %s', async (by) => {
    for (const mine of [false, true]) expectSame(asMap(await ask(name, { by, mine }), by), naive({ by, mine }));
  });

  it('has its processes apart', async () => {
    for (const process of [11, 12]) expectSame(asMap(await ask(name, { process, from: 50_000 }), 'line'), naive({ process, from: 50_000 }));
  });
});

describe('the rows of a table', () => {
  it('are the largest first, a page at a time, and their sums are of all that pass the filter', async () => {
    const all = await ask('reopened', {});
    expect(all.rows.map(({ bytes }) => bytes)).toEqual(all.rows.map(({ bytes }) => bytes).toSorted((a, b) => b - a));
    expect(all.rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    const { file, session } = kept.get('reopened')!;
    const scope = { session, process: null, from: null, to: null, mine: false, by: 'line', of: 'live' } as const;
    const page = await queries.rows(file, { ...scope, filter: null, sort: null, first: 1, count: 2 }, context);
    expect([page.rows, page.total, page.sums]).toEqual([all.rows.slice(1, 3), all.total, all.sums]);
    const filter = { kind: 'text', column: 'package', operator: '=', value: 'pandas' } as const;
    const sort = { column: 'blocks', descending: false };
    const pandas = await queries.rows(file, { ...scope, by: 'traceback', filter, sort, first: 0, count: 9 }, context);
    expect(pandas.rows.map(({ package: name }) => name)).toEqual(['pandas', 'pandas']);
    expect(pandas.rows[0]!.blocks).toBeLessThan(pandas.rows[1]!.blocks);
    expect(pandas.sums.bytes).toBeCloseTo(naive({}).get(`${PANDAS}:700`)![0]!, 3);
    const unknown = { column: 'constructor', descending: true };
    await expect(queries.rows(file, { ...scope, filter: null, sort: unknown, first: 0, count: 1 }, context)).rejects.toMatchObject({
      code: 'filter.unknown-column',
    });
  });

  it('have tracebacks with their frames, innermost first, and the same key in another range', async () => {
    const deep = (table: AllocationTable): AllocationTable['rows'][number] => table.rows.find(({ line }) => line === 40)!;
    const row = deep(await ask('reopened', { by: 'traceback' }));
    expect(row.frames).toEqual([
      { function: 'hook', file: APP, line: 40, own: true },
      { function: 'decode', file: JSON_FILE, line: 340, own: false },
      { function: 'load', file: APP, line: 23, own: true },
      { function: 'main', file: APP, line: 10, own: true },
    ]);
    const part = deep(await ask('reopened', { by: 'traceback', process: 12, from: 10_000, of: 'allocated' }));
    expect(part.key).toBe(row.key);
    const mine = deep(await ask('reopened', { by: 'traceback', mine: true }));
    expect(mine.frames!.map(({ line }) => line)).toEqual([40, 23, 10]);
  });

  it.each(NAMES)('have what was live at 24 instants, %s', async (name) => {
    const { file, session } = kept.get(name)!;
    const end = file.sessions.get(session).duration;
    const { rows } = await ask(name, { by: 'thread', from: 70_000 });
    for (const row of rows) {
      const wanted = row.spark.map((_, i) => naive({ by: 'thread', to: (end * (i + 1)) / 24 }).get(row.function)?.[0] ?? 0);
      row.spark.forEach((bytes, i) => expect(bytes / wanted[i]!).toBeCloseTo(1, 6));
      expect(row.spark).toHaveLength(24);
    }
  });

  it('grow by so much a minute', async () => {
    const { rows } = await ask('reopened', { from: 30_000, to: 120_000, of: 'allocated' });
    for (const row of rows) expect(row.perMinute).toBeCloseTo(row.bytes / 1.5, 3);
  });
});

describe('a flame', () => {
  const SCOPE = { process: null, from: null, to: null, mine: false, of: 'allocated' } as const;
  const total = [...naive({ of: 'allocated' }).values()].reduce((sum, [bytes]) => sum + bytes!, 0);
  const under = (chosen: (path: readonly string[]) => boolean): number =>
    blocks.filter(({ path }) => chosen(path)).reduce((sum, { size, weight }) => sum + size * weight, 0);

  it('goes from the threads inwards', async () => {
    const { file, session } = kept.get('reopened')!;
    const flame = await queries.flame(file, { ...SCOPE, session, direction: 'callees', smallest: 0 }, context);
    expect([flame.parent[0], flame.left]).toEqual([-1, 0]);
    expect(flame.total).toBeCloseTo(total, 0);
    flame.parent.forEach((parent, node) => expect(parent).toBeLessThan(node));
    const load = flame.line.findIndex((line) => line === 23);
    expect(flame.bytes[load]).toBeCloseTo(
      under((path) => path.some((frame) => frame.endsWith(':23'))),
      0,
    );
    expect([flame.function[load], flame.file[load], flame.own[load]]).toEqual(['load', APP, 1]);
    expect(flame.function[flame.parent[flame.parent[load]!]!]).toBe('MainThread');
  });

  it('goes from the allocating lines outwards', async () => {
    const { file, session } = kept.get('reopened')!;
    const flame = await queries.flame(file, { ...SCOPE, session, direction: 'callers', smallest: 0 }, context);
    const pandas = flame.line.findIndex((line, node) => line === 700 && flame.parent[node] === 0);
    expect(flame.bytes[pandas]).toBeCloseTo(
      under((path) => path.at(-1)!.endsWith(':700')),
      0,
    );
    const callers = flame.function.filter((_, node) => flame.parent[node] === pandas);
    expect(callers.sort()).toEqual(['work', '…']);
  });

  it('leaves out what is too small, and counts it', async () => {
    const { file, session } = kept.get('reopened')!;
    const whole = await queries.flame(file, { ...SCOPE, session, direction: 'callees', smallest: 0 }, context);
    const some = await queries.flame(file, { ...SCOPE, session, direction: 'callees', smallest: 0.2 }, context);
    expect(some.parent.length + some.left).toBe(whole.parent.length);
    expect(some.left).toBeGreaterThan(0);
    expect(some.bytes.every((bytes) => bytes >= total * 0.2)).toBe(true);
  });
});

describe('a timeline', () => {
  it.each(NAMES)('has what was allocated in each bucket, and what of it is alive at the end, %s', async (name) => {
    const { file, session } = kept.get(name)!;
    const scope = { session, process: null, from: 10_000, to: 130_000, mine: false };
    const { times, allocated, alive } = await queries.timeline(file, { ...scope, buckets: 12 }, context);
    expect([...times]).toEqual(Array.from({ length: 13 }, (_, i) => 10_000 + i * 10_000));
    for (let i = 0; i < 12; i++) {
      const made = blocks.filter(({ birth }) => birth >= 10 + i * 10 && birth < 20 + i * 10);
      const bytes = (chosen: Block[]): number => chosen.reduce((sum, { size, weight }) => sum + size * weight, 0);
      expect(allocated[i]! / bytes(made)).toBeCloseTo(1, 6);
      expect(alive[i]! / bytes(made.filter(({ death }) => death === Infinity))).toBeCloseTo(1, 6);
    }
  });
});

describe('a question', () => {
  it('ends when it is cancelled, or when its file is closed', async () => {
    const { file, session } = kept.get('reopened')!;
    const scope = { session, process: null, from: 1000, to: null, mine: false, by: 'line', of: 'live' } as const;
    const gone = new Error('closed');
    const asked = async (signal: AbortSignal, check: () => void): Promise<unknown> => {
      const slow = new AllocationQueries();
      return await slow.rows(file, { ...scope, filter: null, sort: null, first: 0, count: 1 }, { signal, check });
    };
    await expect(asked(AbortSignal.abort(), () => undefined)).rejects.toMatchObject({ code: 'call.cancelled' });
    await expect(
      asked(FOREVER, () => {
        throw gone;
      }),
    ).rejects.toBe(gone);
  });

  it('about a session that is not there is refused', () => {
    expect(() => queries.states(kept.get('reopened')!.file, 99)).toThrow('session.missing');
  });

  it('about states is answered for each process', () => {
    const { file, session } = kept.get('reopened')!;
    expect(queries.states(file, session)).toMatchObject([
      { state: 'on', why: '', mean: 65_536, live: EPOCHS - 1, merged: 0, from: 0, to: EPOCHS * 1000 },
      { state: 'on' },
    ]);
  });
});
