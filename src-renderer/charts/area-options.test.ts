import { expect, test } from 'vitest';
import { treemapOption, type Area } from './area-options.ts';
import { optionSvg } from './export-option.ts';
import type { ChartTheme } from './theme.ts';

const theme = Object.create({ font: 'sans-serif', background: '#ffffff', areas: ['#111111', '#222222', '#333333'] }) as ChartTheme;
const area = (id: number, value: number): Area => ({ id, name: `kind${id}`, value, figure: `${value} KiB`, group: 'app' });

test('a figure that its area might cut is left out', () => {
  const size = { width: 800, height: 400 };
  const areas = [area(1, 90_000), area(2, 9_000), ...Array.from({ length: 20 }, (_, i) => area(i + 3, 400 + i))];
  const { option } = treemapOption({ areas, noGroup: '', chosen: null, theme, size });
  const svg = optionSvg(option, size, { title: 'Kinds', subtitle: 'a snapshot', theme });
  const texts = [...svg.matchAll(/>([^<]+)<\/text>/g)].map(([, text]) => text ?? '');
  expect(texts).toContain('90000 KiB');
  expect(texts).toContain('9000 KiB');
  // Of the small ones their names, or the beginnings of these; no digit stands there alone.
  expect(texts.filter((text) => /^\d/.test(text) && !text.endsWith(' KiB'))).toEqual([]);
});
