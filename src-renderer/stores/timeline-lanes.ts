import { defineStore } from 'pinia';
import { isRecord, useLayout } from './layout.ts';
import type { Json } from './layout.ts';

/** The user's arrangement of the lanes. */
export interface LaneLayout {
  /** Ids from top to bottom; lanes that are not listed keep their default place. */
  order: string[];
  hidden: string[];
  /** Pixels by id. */
  heights: Record<string, number>;
  /** `lane:metric` that are switched off. */
  off: string[];
  /** Lanes whose scale follows the data instead of starting at zero. */
  fitted: string[];
  /** All processes side by side instead of their sum. */
  each: boolean;
}

export const LEAST_HEIGHT = 32;
export const MOST_HEIGHT = 480;
const KEY = 'timeline';
const MOST_IDS = 200;

const usual = (): LaneLayout => ({ order: [], hidden: [], heights: {}, off: [], fitted: [], each: false });

const isIds = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= MOST_IDS && value.every((id) => typeof id === 'string' && id.length <= 200);

const isHeight = (value: unknown): boolean => typeof value === 'number' && value >= LEAST_HEIGHT && value <= MOST_HEIGHT;

/** The stored value may be old, damaged or written by hand. */
export function isLaneLayout(value: unknown): value is LaneLayout {
  if (!isRecord(value)) return false;
  const { order, hidden, heights, off, fitted, each } = value;
  if (![order, hidden, off, fitted].every(isIds) || typeof each !== 'boolean' || !isRecord(heights)) return false;
  return Object.keys(heights).length <= MOST_IDS && Object.values(heights).every(isHeight);
}

const toggled = (ids: readonly string[], id: string, on: boolean): string[] =>
  on ? [...ids.filter((other) => other !== id), id] : ids.filter((other) => other !== id);

/** Order, heights and visibility of the timeline's lanes, remembered across restarts. */
export const useLanes = defineStore('timeline-lanes', {
  getters: {
    layout: (): LaneLayout => useLayout().read(KEY, isLaneLayout, usual()),
  },
  actions: {
    change(part: Partial<LaneLayout>): void {
      const { order, hidden, heights, off, fitted, each } = { ...this.layout, ...part };
      const value: Json = { order, hidden, heights, off, fitted, each };
      useLayout().write(KEY, value);
    },

    setHidden(lane: string, hidden: boolean): void {
      this.change({ hidden: toggled(this.layout.hidden, lane, hidden) });
    },

    setHeight(lane: string, height: number): void {
      const bounded = Math.round(Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, height)));
      this.change({ heights: { ...this.layout.heights, [lane]: bounded } });
    },

    setMetric(lane: string, metric: string, shown: boolean): void {
      this.change({ off: toggled(this.layout.off, `${lane}:${metric}`, !shown) });
    },

    setFitted(lane: string, fitted: boolean): void {
      this.change({ fitted: toggled(this.layout.fitted, lane, fitted) });
    },

    /** Moves `lane` to the place of `target`, among the lanes given from top to bottom. */
    move(lanes: readonly string[], lane: string, target: string): void {
      const to = lanes.indexOf(target);
      const rest = lanes.filter((id) => id !== lane);
      if (to < 0 || rest.length === lanes.length) return;
      this.change({ order: [...rest.slice(0, to), lane, ...rest.slice(to)] });
    },

    /** Whether and how processes are shown does not change. */
    reset(): void {
      this.change({ ...usual(), each: this.layout.each });
    },
  },
});
