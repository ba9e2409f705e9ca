import { expect, test } from 'vitest';
import type { IcicleCell } from '../../src-preload/contract/index.ts';
import { optionSvg } from './export-option.ts';
import { icicleHeight, icicleOption } from './icicle-option.ts';
import type { ChartTheme } from './theme.ts';

const theme = Object.create({ font: 'sans-serif', background: '#ffffff', areas: ['#111111', '#222222', '#333333'] }) as ChartTheme;
const cell = (node: number, offset: number, retained: number): IcicleCell => ({
  ...{ node, offset, retained, depth: 0, label: `object ${node}` },
  type: { module: '', name: 'list' },
});

test('a figure that has no room is left out, not cut', () => {
  const cells = [cell(1, 0, 900), cell(2, 900, 60), cell(3, 960, 40)];
  const { option } = icicleOption({
    ...{ cells, total: 1000, chosen: null, width: 1000, theme },
    nameOf: ({ label }) => label,
    sizeOf: ({ retained }) => `${retained} bytes`,
  });
  const svg = optionSvg(option, { width: 1000, height: icicleHeight(cells) }, { title: 'Dominators', subtitle: '', theme });
  const texts = [...svg.matchAll(/>([^<]+)<\/text>/g)].map(([, text]) => text ?? '');
  expect(texts.filter((text) => /^\d/.test(text))).toEqual(['900 bytes']);
  expect(texts.filter((text) => text.startsWith('obj'))).toHaveLength(3);
});
