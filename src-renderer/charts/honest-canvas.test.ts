import { afterEach, expect, it, vi } from 'vitest';
import { honestCanvas } from './echarts.ts';
import { optionSvg } from './export-option.ts';
import { graphDot, graphSvg } from './graph-export.ts';
import type { ChartTheme } from './theme.ts';

const EVIL = 'evil\u202egpj\x1b[2J';
const SHOWN = 'evil⟨U+202E⟩gpj⟨U+001B⟩[2J';

afterEach(() => vi.restoreAllMocks());

it('writes and measures what nobody can see as its code', () => {
  const written: string[] = [];
  const note = (text: string): void => void written.push(text);
  const pen = Object.create({ fillText: note, strokeText: note, measureText: note }) as CanvasRenderingContext2D;
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(pen);
  const honest = honestCanvas().getContext('2d')!;
  honest.fillText(EVIL, 0, 0);
  honest.strokeText(EVIL, 0, 0);
  honest.measureText(EVIL);
  expect(written).toEqual([SHOWN, SHOWN, SHOWN]);
});

it('is not all: pictures that are saved say it too', () => {
  const theme = Object.create({ font: 'sans-serif', areas: ['#111111', '#222222', '#333333'] }) as ChartTheme;
  const option = { series: [{ type: 'treemap', data: [{ name: EVIL, value: 1 }], label: { show: true, formatter: '{b}' } }] };
  const node = { id: 1, title: EVIL, detail: EVIL, tone: 'object', x: 0, y: 0 } as const;
  const frame = { title: EVIL, subtitle: EVIL, theme };
  const svg = optionSvg(option, { width: 900, height: 200 }, frame);
  const graph = graphSvg({ width: 900, height: 9, nodes: [node], edges: [] }, frame);
  const dot = graphDot({ nodes: [node], edges: [] });
  for (const picture of [svg, graph, dot]) {
    expect(picture).toContain('⟨U+202E⟩');
    expect(['\u202e', '\x1b'].filter((char) => picture.includes(char))).toEqual([]);
  }
});
