import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { useLayout } from './layout.ts';
import { LEAST_HEIGHT, MOST_HEIGHT, isLaneLayout, useLanes } from './timeline-lanes.ts';

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

describe('a lane', () => {
  beforeEach(() => setActivePinia(createPinia()));

  it('is as high as it was dragged, in whole pixels and within bounds', () => {
    const lanes = useLanes();
    for (const [lane, height] of Object.entries({ low: LEAST_HEIGHT - 1, high: MOST_HEIGHT + 1, between: 100.6 }))
      lanes.setHeight(lane, height);
    expect(lanes.layout.heights).toEqual({ low: LEAST_HEIGHT, high: MOST_HEIGHT, between: 101 });
  });

  it('that is hidden twice is hidden once, and others stay hidden when it is shown', () => {
    const lanes = useLanes();
    for (const lane of ['a', 'b', 'a']) lanes.setHidden(lane, true);
    expect(lanes.layout.hidden).toEqual(['b', 'a']);
    lanes.setHidden('b', false);
    expect(lanes.layout.hidden).toEqual(['a']);
    lanes.setMetric('memory', 'uss', false);
    lanes.setMetric('memory', 'uss', true);
    expect(lanes.layout.off).toEqual([]);
  });

  it('is put where another stands, the first one too; where there is none nothing moves', () => {
    const lanes = useLanes();
    lanes.move(['a', 'b', 'c'], 'b', 'a');
    expect(lanes.layout.order).toEqual(['b', 'a', 'c']);
    lanes.move(['a', 'b', 'c'], 'a', 'x');
    expect(lanes.layout.order).toEqual(['b', 'a', 'c']);
  });
});

describe('the usual layout', () => {
  beforeEach(() => setActivePinia(createPinia()));

  it('comes back when it is asked for; whether processes are side by side stays', () => {
    const lanes = useLanes();
    const usual = lanes.layout;
    expect(usual).toEqual({ order: [], hidden: [], heights: {}, off: [], fitted: [], each: false });
    lanes.setHeight('a', 100);
    lanes.setFitted('a', true);
    lanes.change({ each: true });
    lanes.reset();
    expect(lanes.layout).toEqual({ ...usual, each: true });
  });
});

describe('what was stored', () => {
  const layout = { order: ['a'], hidden: [], heights: { a: LEAST_HEIGHT, b: MOST_HEIGHT }, off: [], fitted: [], each: false };
  const ids = (count: number, length = 3): string[] => Array.from({ length: count }, (_, n) => String(n).padStart(length, '0'));

  it.each([
    layout,
    { ...layout, order: ids(200) },
    { ...layout, off: [ids(1, 200)[0]] },
    { ...layout, heights: Object.fromEntries(ids(200).map((id) => [id, 100])) },
  ])('is taken as large as it may be (%#)', (stored) => expect(isLaneLayout(stored)).toBe(true));

  it.each([
    { ...layout, order: ids(201) },
    { ...layout, fitted: [ids(1, 201)[0]] },
    { ...layout, hidden: 'a' },
    { ...layout, off: [5] },
    { ...layout, each: 1 },
    { ...layout, heights: [100] },
    { ...layout, heights: { a: LEAST_HEIGHT - 1 } },
    { ...layout, heights: { a: 100, b: MOST_HEIGHT + 1 } },
    { ...layout, heights: { a: '100' } },
    { ...layout, heights: Object.fromEntries(ids(201).map((id) => [id, 100])) },
  ])('is not taken beyond that, nor where it is something else (%#)', (stored) => expect(isLaneLayout(stored)).toBe(false));
});
