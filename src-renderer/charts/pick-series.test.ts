import { describe, expect, it } from 'vitest';
import type { ProcessId, ProcessRow, SeriesInfo } from '../../src-preload/contract/index.ts';
import { LANES, orderLanes, unknownLanes } from './lanes.ts';
import { MOST_PROCESSES, pickSeries } from './pick-series.ts';
import type { Focus, PickInput } from './pick-series.ts';

let next = 1;
const series = (metric: string, process: ProcessId | null, max = 10, samples = 5): SeriesInfo => ({
  id: next++,
  session: 1,
  process,
  metric,
  samples,
  first: 0,
  last: 100,
  min: 0,
  max,
});
const process = (id: ProcessId, python: string | null = '3.12.1'): ProcessRow => ({
  id,
  session: 1,
  pid: 1000 + id,
  parent: null,
  ordinal: id - 1,
  command: 'python',
  python,
  start: 0,
  end: null,
  exit: null,
  agent: python === null ? 'none' : 'connected',
});
const lane = (id: string) => LANES.find((one) => one.id === id)!;
const input = (all: SeriesInfo[], processes: ProcessRow[], focus: Focus): PickInput => ({ series: all, processes, focus, off: new Set() });

describe('series of a lane', () => {
  it('says that the agent is missing', () => {
    const picked = pickSeries(lane('blocks'), input([], [process(1, null)], { kind: 'total' }));
    expect(picked.lines).toEqual([]);
    expect(picked.missing).toEqual([{ metric: 'py_blocks', reason: 'no-agent' }]);
  });

  it('says that tracemalloc was off, that a sum does not exist, that the system does not give it', () => {
    expect(pickSeries(lane('python'), input([], [process(1)], { kind: 'total' })).missing[0]).toEqual({
      metric: 'traced',
      reason: 'tracemalloc-off',
    });
    const two = [process(1), process(2)];
    const peaks = [series('rss', null), series('peak_rss', 1), series('peak_rss', 2)];
    const missing = pickSeries(lane('memory'), input(peaks, two, { kind: 'total' })).missing;
    expect(missing).toContainEqual({ metric: 'peak_rss', reason: 'per-process' });
    expect(missing).toContainEqual({ metric: 'uss', reason: 'not-measured' });
  });

  it('leaves out series without samples and garbage that is always zero', () => {
    expect(pickSeries(lane('memory'), input([series('rss', null, 0, 0)], [process(1)], { kind: 'total' })).lines).toEqual([]);
    expect(pickSeries(lane('garbage'), input([series('garbage', null, 0)], [process(1)], { kind: 'total' }))).toMatchObject({
      lines: [],
      missing: [{ reason: 'zero' }],
    });
    expect(pickSeries(lane('garbage'), input([series('garbage', null, 2)], [process(1)], { kind: 'total' })).lines).toHaveLength(1);
  });

  it('shows the sum in the colour of the only process', () => {
    const { lines } = pickSeries(lane('memory'), input([series('rss', null), series('rss', 1)], [process(1)], { kind: 'total' }));
    expect(lines.map((line) => [line.process, line.ordinal])).toEqual([[null, 0]]);
  });

  it('shows one process with all metrics, and each process with the first one', () => {
    const all = [series('rss', null), series('rss', 1), series('rss', 2), series('uss', 1), series('uss', 2)];
    const two = [process(1), process(2)];
    expect(pickSeries(lane('memory'), input(all, two, { kind: 'process', process: 2 })).lines.map((line) => line.metric)).toEqual([
      'rss',
      'uss',
    ]);
    const each = pickSeries(lane('memory'), input(all, two, { kind: 'each' }));
    expect(each.lines.map((line) => [line.metric, line.ordinal])).toEqual([
      ['rss', 0],
      ['rss', 1],
    ]);
    expect(each.missing).toEqual([]);
  });

  it('keeps the largest processes where there are too many', () => {
    const many = Array.from({ length: 40 }, (_, index) => series('rss', index + 1, index));
    const picked = pickSeries(
      lane('memory'),
      input(
        many,
        many.map((one) => process(one.process!)),
        { kind: 'each' },
      ),
    );
    expect(picked.lines).toHaveLength(MOST_PROCESSES);
    expect(picked.more).toBe(40 - MOST_PROCESSES);
    expect(picked.lines.some((line) => line.process === 40)).toBe(true);
  });
});

describe('lanes', () => {
  it('shows metrics of a newer version by their id', () => {
    expect(unknownLanes(['rss', 'future', 'future'])).toMatchObject([{ id: 'other:future', metrics: ['future'] }]);
  });

  it('keeps the order of the user, and puts the rest where it belongs', () => {
    const ids = orderLanes(LANES, ['cpu', 'memory', 'gone']).map((one) => one.id);
    expect(ids.indexOf('cpu')).toBeLessThan(ids.indexOf('memory'));
    expect(ids).toHaveLength(LANES.length);
    expect(ids.indexOf('python')).toBe(ids.indexOf('memory') + 1);
    expect(orderLanes(LANES, []).map((one) => one.id)).toEqual(LANES.map((one) => one.id));
  });
});
