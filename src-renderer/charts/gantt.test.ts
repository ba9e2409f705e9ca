import { describe, expect, it } from 'vitest';
import type { ProcessRow } from '../../src-preload/contract/index.ts';
import { boxAt, placeProcesses, rowHeight } from './gantt.ts';

const process = (ordinal: number, start: number, end: number | null): ProcessRow => ({
  id: ordinal + 1,
  session: 1,
  pid: 100 + ordinal,
  parent: null,
  ordinal,
  command: 'python',
  python: '3.12.1',
  start,
  end,
  exit: null,
  agent: 'connected',
});
const same = (t: number): number => t;

describe('process bars', () => {
  it('is empty without processes', () => {
    const chart = placeProcesses([], 100, same);
    expect(chart).toEqual({ rows: 0, boxes: [] });
    expect(boxAt(chart, 5, 5, 100)).toBeNull();
  });

  it('uses a row again when its process has ended, and never overlaps', () => {
    const chart = placeProcesses([process(0, 0, null), process(1, 10, 20), process(2, 30, 40), process(3, 35, 60)], 100, same);
    expect(chart.boxes.map((box) => box.row)).toEqual([0, 1, 1, 2]);
    expect(chart.boxes[0]).toMatchObject({ x: 0, width: 100 });
  });

  it('gives a bar to a process that ended at once', () => {
    expect(placeProcesses([process(0, 10, 10)], 100, same).boxes[0]!.width).toBeGreaterThan(0);
  });

  it('finds the bar under the pointer', () => {
    const chart = placeProcesses([process(0, 0, null), process(1, 10, 20)], 100, same);
    const step = rowHeight(chart.rows, 36);
    expect(boxAt(chart, 15, step * 1.5, 36)?.process.ordinal).toBe(1);
    expect(boxAt(chart, 50, step * 1.5, 36)).toBeNull();
    expect(boxAt(chart, 50, step * 0.5, 36)?.process.ordinal).toBe(0);
  });
});
