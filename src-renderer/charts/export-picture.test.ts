import { describe, expect, it } from 'vitest';
import { pictureSvg } from './export-picture.ts';
import type { PictureLegend } from './export-picture.ts';
import type { ChartTheme } from './theme.ts';
import type { DrawnLane, TimelinePicture } from './timeline-option.ts';

const theme: ChartTheme = {
  background: '#ffffff',
  text: '#111111',
  textDim: '#222222',
  axis: '#333333',
  grid: '#eeeeee',
  rule: '#dddddd',
  mark: '#8800ff',
  warning: '#885500',
  error: '#ff0000',
  total: '#111111',
  generations: ['#1', '#2', '#3'],
  processes: ['#0000ff'],
  accent: '#4444ff',
  selected: '#eeeeff',
  areas: ['#d0d0d0', '#e0e0e0', '#c0c0c0'],
  flame: [],
  match: '#ffffff',
  font: 'sans-serif',
};
const window = { series: 1, raw: true, t: new Float64Array([0, 50, 100]), lo: new Float64Array([1, 9, 4]), hi: new Float64Array() };
const lane: DrawnLane = {
  id: 'memory',
  kind: 'lines',
  top: 0,
  height: 100,
  axis: { min: 0, max: 10, interval: 5 },
  format: (value) => `${value} units`,
  lines: [{ parts: [{ window, from: 0, to: 100 }], color: '#0000ff', opacity: 1, width: 1, dash: 'solid' }],
  processes: null,
  flags: [],
};
const picture: TimelinePicture = {
  width: 500,
  height: 100,
  top: 0,
  left: 0,
  right: 400,
  view: { from: 0, to: 100 },
  ticks: [{ t: 50, label: '0:00.05' }],
  lanes: [lane],
  theme,
};
const legend: PictureLegend = {
  title: 'app.py <1>',
  subtitle: 'when',
  lanes: [
    { id: 'memory', name: 'Memory', entries: [{ name: 'RSS', value: '4 MiB', color: '#0000ff', opacity: 1, dash: 'solid', block: false }] },
  ],
  tracks: [],
};

describe('a saved picture', () => {
  it('holds title, axis, scale, legend and line, and escapes what it is given', () => {
    const svg = pictureSvg(picture, legend);
    for (const part of ['app.py &lt;1&gt;', 'when', '0:00.05', '5 units', 'Memory', 'RSS', '4 MiB', '#0000ff']) expect(svg).toContain(part);
    expect(svg).not.toContain('<1>');
  });

  it('is a picture without any lane too', () => {
    expect(pictureSvg({ ...picture, lanes: [], ticks: [] }, { ...legend, lanes: [] })).toContain('<svg');
  });

  it('holds the markers in view, with their names, in rows of their own', () => {
    const marker = (t: number, name: string, kind: 'snapshot' | 'mark' = 'snapshot') => ({ t, name, kind, chosen: t === 10 });
    const snapshots = [marker(-1, 'before'), marker(10, 'A start'), marker(50, 'no room'), marker(52, 'end'), marker(101, 'after')];
    const tracks = [
      { name: 'Snapshots', markers: snapshots },
      { name: 'Nothing', markers: [marker(200, 'late')] },
      { name: 'Marks', markers: [marker(50, 'half', 'mark')] },
    ];
    const svg = pictureSvg(picture, { ...legend, tracks });
    for (const part of ['>Snapshots<', '>A start<', '>end<', '>Marks<', '>half<']) expect(svg).toContain(part);
    for (const part of ['before', 'after', 'no room', 'Nothing', 'late']) expect(svg).not.toContain(part);
    const signs = [...svg.matchAll(/d="M(\d+) (\d+)L\d+ \d+L\d+ \d+L\d+ \d+(?:L\d+ \d+)?"/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(signs).toEqual([
      [240, 57],
      [400, 57],
      [408, 57],
      [400, 73],
    ]);
    const heightOf = (text: string): number => Number(/height="(\d+)"/.exec(text)?.[1]);
    expect(heightOf(svg)).toBe(heightOf(pictureSvg(picture, legend)) + 32);
  });

  it('shows a mark and a snapshot of one moment, one above the other', () => {
    const at = { t: 50, name: '', chosen: false };
    const markers = [{ ...at, kind: 'mark' } as const, { ...at, kind: 'snapshot' } as const];
    const svg = pictureSvg(picture, { ...legend, tracks: [{ name: 'A run', markers }] });
    const heights = [...svg.matchAll(/d="M400 (\d+)L\d+ \d+L\d+ \d+L/g)].map(([, y]) => Number(y));
    expect(heights).toEqual([54, 62]);
  });

  it('tells runs of one program apart, which often differ in their last words only', () => {
    const entry = { value: '149 MiB', color: '#0000ff', opacity: 1, dash: 'solid', block: false } as const;
    const names = ['large', 'small'].map((size) => `python3 -X tracemalloc figures.py ${size}`);
    const lanes = [{ id: 'memory', name: 'RSS', entries: names.map((name) => ({ ...entry, name })) }];
    const tracks = names.map((name) => ({ name, markers: [{ t: 50, name: 'x', kind: 'mark', chosen: false } as const] }));
    const svg = pictureSvg(picture, { ...legend, lanes, tracks });
    const texts = [...svg.matchAll(/>([^<]+)<\/text>/g)].map(([, text]) => text ?? '').filter((text) => text.startsWith('python3'));
    expect(new Set(texts).size).toBe(4);
    for (const size of ['large', 'small']) expect(texts.filter((text) => text.endsWith(size))).toHaveLength(2);
  });

  it('draws the line beside the legend', () => {
    const svg = pictureSvg(picture, legend);
    // Half of the plot of 400 pixels, right of a legend of 200.
    expect(svg).toMatch(/M200 .*L400 /);
  });
});
