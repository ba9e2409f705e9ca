import { describe, expect, it } from 'vitest';
import type { SeriesWindow } from '../../src-preload/contract/index.ts';
import { strokeBars, strokeLine } from './strokes.ts';
import type { Pen } from './strokes.ts';

function recorder(): { pen: Pen; path: () => string } {
  const steps: string[] = [];
  return {
    pen: { moveTo: (x, y) => void steps.push(`M${x},${y}`), lineTo: (x, y) => void steps.push(`L${x},${y}`) },
    path: () => steps.join(' '),
  };
}
const same = { x: (t: number) => t, y: (value: number) => value };
const window = (raw: boolean, t: number[], lo: number[], hi: number[] = []): SeriesWindow => ({
  series: 1,
  raw,
  t: new Float64Array(t),
  lo: new Float64Array(lo),
  hi: new Float64Array(hi),
});

describe('the path of a line', () => {
  it('is nothing without points', () => {
    const { pen, path } = recorder();
    strokeLine(pen, [{ window: window(true, [], []), from: 0, to: 10 }], same);
    strokeLine(pen, [], same);
    expect(path()).toBe('');
  });

  it('is lifted by a gap, and a lone sample is a dash', () => {
    const { pen, path } = recorder();
    strokeLine(pen, [{ window: window(true, [0, 1, 2, 3], [5, NaN, 6, 7]), from: 0, to: 9 }], same);
    expect(path()).toBe('M0,5 M-2,5 L2,5 M2,6 L3,7');
  });

  it('is lifted where unusually nothing was read, and not where all readings are far apart', () => {
    const { pen, path } = recorder();
    const far = [0, 2000, 4000, 64_000, 66_000];
    strokeLine(pen, [{ window: window(true, far, [1, 2, 3, 4, 5]), from: 0, to: 66_000 }], same);
    expect(path()).toBe('M0,1 L2000,2 L4000,3 M64000,4 L66000,5');
    const rare = recorder();
    strokeLine(rare.pen, [{ window: window(true, [0, 60_000, 120_000], [1, 2, 3]), from: 0, to: 120_000 }], same);
    expect(rare.path()).toBe('M0,1 L60000,2 L120000,3');
  });

  it('shows both extremes of a bucket, the nearer one first', () => {
    const { pen, path } = recorder();
    strokeLine(pen, [{ window: window(false, [0, 1, 2], [1, 2, 3], [1, 8, 9]), from: 0, to: 9 }], same);
    expect(path()).toBe('M0,1 L1,2 L1,8 L2,9 L2,3');
  });

  it('draws one point beyond the outer edges, and none twice where its parts meet', () => {
    const { pen, path } = recorder();
    const coarse = window(true, [0, 10, 20, 30], [1, 1, 1, 1]);
    const fine = window(true, [20, 25, 30], [2, 2, 2]);
    strokeLine(
      pen,
      [
        { window: coarse, from: 12, to: 20 },
        { window: fine, from: 20, to: 26 },
      ],
      same,
    );
    expect(path()).toBe('M10,1 L20,1 L25,2 L30,2');
  });
});

describe('bars', () => {
  it('stands on the base line with at least a pixel', () => {
    const { pen, path } = recorder();
    strokeBars(pen, [{ window: window(true, [1, 2, 3], [50, 100, NaN]), from: 0, to: 9 }], same, 100, 0);
    expect(path()).toBe('M1,100 L1,50 M2,100 L2,99');
  });

  it('is broken where it is higher than its lane', () => {
    const { pen, path } = recorder();
    strokeBars(pen, [{ window: window(true, [1, 2], [9, -400]), from: 0, to: 9 }], same, 100, 10);
    expect(path()).toBe('M1,100 L1,9 M2,100 L2,16 M2,13 L2,10');
  });
});
