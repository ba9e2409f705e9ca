import type { ProcessRow, SessionTime } from '../../src-preload/contract/index.ts';

export interface ProcessBox {
  process: ProcessRow;
  row: number;
  /** Pixels from the left edge of the chart; may be outside of it. */
  x: number;
  width: number;
}

export interface ProcessChart {
  rows: number;
  boxes: ProcessBox[];
}

/** A process that ended at once still gets a bar that can be clicked. */
const LEAST_WIDTH = 3;
const GAP = 2;

/** Processes in as few rows as fit: each takes the first row that is free when it starts. Rows do not change with the view. */
export function placeProcesses(processes: readonly ProcessRow[], now: SessionTime, xOf: (t: SessionTime) => number): ProcessChart {
  const freeFrom: SessionTime[] = [];
  const boxes: ProcessBox[] = [];
  for (const process of [...processes].sort((a, b) => a.start - b.start || a.ordinal - b.ordinal)) {
    const found = freeFrom.findIndex((t) => t < process.start);
    const row = found < 0 ? freeFrom.length : found;
    freeFrom[row] = process.end ?? Infinity;
    const x = xOf(process.start);
    boxes.push({ process, row, x, width: Math.max(LEAST_WIDTH, xOf(process.end ?? Math.max(now, process.start)) - x) });
  }
  return { rows: freeFrom.length, boxes };
}

/** Height of a row when `rows` share `height`: readable where that is possible. */
export const rowHeight = (rows: number, height: number): number => Math.max(2, Math.min(18, height / Math.max(1, rows)));

/** The bar at a point; the latest one where short bars overlap. */
export function boxAt(chart: ProcessChart, x: number, y: number, height: number): ProcessBox | null {
  const row = Math.floor(y / rowHeight(chart.rows, height));
  const slack = GAP;
  return chart.boxes.findLast((box) => box.row === row && x >= box.x - slack && x <= box.x + box.width + slack) ?? null;
}
