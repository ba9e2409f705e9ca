import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { useLayout } from './layout.ts';
import { LEAST_HEIGHT, isLaneLayout, useLanes } from './timeline-lanes.ts';

describe('the layout of lanes', () => {
  beforeEach(() => setActivePinia(createPinia()));

  it('ignores what is damaged', () => {
    for (const stored of [null, [], 5, {}, { order: [1], hidden: [], heights: {}, off: [], fitted: [], each: true }])
      expect(isLaneLayout(stored)).toBe(false);
    useLayout().values = { timeline: { order: [], hidden: [], heights: { cpu: 1e9 }, off: [], fitted: [], each: false } };
    expect(useLanes().layout.heights).toEqual({});
  });

  it('remembers what the user arranged', () => {
    const lanes = useLanes();
    lanes.move(['a', 'b', 'c'], 'c', 'a');
    lanes.setHidden('b', true);
    lanes.setHeight('a', 1);
    lanes.setMetric('memory', 'uss', false);
    lanes.setFitted('memory', true);
    expect(lanes.layout).toMatchObject({ order: ['c', 'a', 'b'], hidden: ['b'], heights: { a: LEAST_HEIGHT }, fitted: ['memory'] });
    expect(lanes.layout.off).toContain('memory:uss');
    expect(isLaneLayout(useLayout().values['timeline'])).toBe(true);
    lanes.setHidden('b', false);
    expect(lanes.layout.hidden).toEqual([]);
  });

  it('moves down as well as up, and nothing that is not there', () => {
    const lanes = useLanes();
    lanes.move(['a', 'b', 'c'], 'a', 'c');
    expect(lanes.layout.order).toEqual(['b', 'c', 'a']);
    lanes.move(['a', 'b', 'c'], 'x', 'c');
    expect(lanes.layout.order).toEqual(['b', 'c', 'a']);
  });
});
