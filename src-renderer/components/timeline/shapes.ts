import type { MetricUnit, RangeStats, SnapshotId, SnapshotState } from '../../../src-preload/contract/index.ts';

/** A line of a lane's legend. */
export interface LegendEntry {
  key: string;
  name: string;
  /** CSS colour. */
  color: string;
  opacity: number;
  dash: 'solid' | 'dashed' | 'dotted' | 'long-dashed';
  /** Bars have a block as their symbol, lines a line. */
  block: boolean;
  value: string;
  /** Exact value, or why it is not exact. */
  title: string;
  /** How old the value is, where that is unusual; '' where it is not. */
  age: string;
}

/** A reading on a line: its value at the crosshair. */
export interface Dot {
  key: string;
  x: number;
  y: number;
  color: string;
}

/** The tooltip of what is under the pointer. */
export interface Tip {
  x: number;
  y: number;
  title: string;
  facts: readonly { name: string; value: string }[];
  note: string;
}

/** One series and its figures over the range; null until they are computed. */
export interface RangeRow {
  key: string;
  lane: string;
  /** The lane's name is shown above its rows: their own names are those of processes. */
  grouped: boolean;
  name: string;
  color: string;
  unit: MetricUnit;
  stats: RangeStats | null;
}

/** A heap snapshot on a time axis. */
export interface SnapshotMarker {
  id: SnapshotId;
  t: number;
  name: string;
  /** When it was and what it holds. */
  text: string;
  state: SnapshotState;
  /** `A`, `B`, `▲` where only one is chosen; '' where it is not. */
  letter: string;
}
