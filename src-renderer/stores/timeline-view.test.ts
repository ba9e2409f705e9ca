import { describe, expect, it } from 'vitest';
import { LEAST_SPAN, bucketsFor, clampView, covers, followView, needsFetch, panView, withMargin, zoomView } from './timeline-view.ts';
import type { Loaded } from './timeline-view.ts';

const extent = { from: 0, to: 100_000 };

describe('the view', () => {
  it('stays inside of the session, however it is asked', () => {
    expect(clampView({ from: -50, to: 50 }, extent)).toEqual({ from: 0, to: 100 });
    expect(clampView({ from: -1e9, to: 1e9 }, extent)).toEqual(extent);
    expect(clampView({ from: 99_990, to: 100_090 }, extent)).toEqual({ from: 99_900, to: 100_000 });
    expect(clampView({ from: 5, to: 5 }, extent)).toEqual({ from: 5, to: 5 + LEAST_SPAN });
    expect(clampView({ from: 0, to: 500 }, { from: 0, to: 1 })).toEqual({ from: 0, to: LEAST_SPAN });
  });

  it('zooms around the pointer', () => {
    const zoomed = zoomView({ from: 20_000, to: 40_000 }, 25_000, 0.5, extent);
    expect(zoomed).toEqual({ from: 22_500, to: 32_500 });
    expect(zoomView(zoomed, 25_000, 2, extent)).toEqual({ from: 20_000, to: 40_000 });
    expect(zoomView(zoomed, 25_000, 1e-9, extent).to - zoomView(zoomed, 25_000, 1e-9, extent).from).toBeCloseTo(LEAST_SPAN);
    expect(zoomView(zoomed, 25_000, 1e9, extent)).toEqual(extent);
  });

  it('keeps its span while it pans', () => {
    expect(panView({ from: 0, to: 10 + LEAST_SPAN }, -500, extent)).toEqual({ from: 0, to: 10 + LEAST_SPAN });
    expect(panView({ from: 100, to: 200 }, 50, extent)).toEqual({ from: 150, to: 250 });
  });

  it('fills up before it follows', () => {
    expect(followView(60_000, 1_000)).toEqual({ from: 0, to: 60_000 });
    expect(followView(60_000, 90_000)).toEqual({ from: 30_000, to: 90_000 });
  });
});

describe('what to fetch', () => {
  const view = { from: 40_000, to: 50_000 };
  const width = 1000;
  const loaded = (over: Partial<Loaded> = {}): Loaded => ({ range: withMargin(view, extent), resolution: 15, raw: false, ...over });

  it('is half a screen more on both sides, inside of the session', () => {
    expect(withMargin(view, extent)).toEqual({ from: 35_000, to: 55_000 });
    expect(withMargin({ from: 0, to: 90_000 }, extent)).toEqual({ from: 0, to: 100_000 });
  });

  it('asks for about a bucket each pixel and a half, within the contract', () => {
    expect(bucketsFor({ from: 35_000, to: 55_000 }, view, width)).toBe(1334);
    expect(bucketsFor({ from: 0, to: 100 }, { from: 0, to: 100 }, 0)).toBe(1);
    expect(bucketsFor({ from: 0, to: 1e9 }, { from: 0, to: 1e9 }, 1e6)).toBe(8192);
  });

  it('asks when nothing is here, when the view leaves what is here, and when that is too coarse or too fine', () => {
    expect(needsFetch(null, view, extent, width)).toBe(true);
    expect(needsFetch(loaded(), { from: 30_000, to: 40_000 }, extent, width)).toBe(true);
    expect(needsFetch(loaded(), { from: 44_000, to: 46_000 }, extent, width)).toBe(true);
    expect(needsFetch(loaded({ resolution: 1 }), view, extent, width)).toBe(true);
  });

  it('does not ask while a pan has room, nor for more than every sample', () => {
    expect(needsFetch(loaded(), view, extent, width)).toBe(false);
    expect(needsFetch(loaded(), { from: 42_000, to: 52_000 }, extent, width)).toBe(false);
    expect(needsFetch(loaded(), { from: 44_500, to: 54_500 }, extent, width)).toBe(true);
    expect(needsFetch(loaded({ raw: true }), { from: 44_000, to: 46_000 }, extent, width)).toBe(false);
  });

  it('counts the ends of the session as covered', () => {
    expect(covers({ from: 0, to: 100_000 }, { from: -500, to: 200_000 }, extent)).toBe(true);
  });
});
