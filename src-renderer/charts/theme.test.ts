import { expect, test } from 'vitest';
import { treemapOption } from './area-options.ts';
import { optionSvg } from './export-option.ts';
import { readTheme } from './theme.ts';

test('a picture in the fonts of the window is a document that can be read', () => {
  const element = document.createElement('div');
  element.style.setProperty('--font', 'system-ui, "Segoe UI", sans-serif');
  document.body.append(element);
  const theme = { ...readTheme(element), background: '#ffffff', text: '#111111', areas: ['#111111', '#222222', '#333333'] as const };
  expect(theme.font).toContain('Segoe UI');
  const size = { width: 400, height: 300 };
  const areas = [{ id: 1, name: 'list', value: 1, figure: '1 KiB', group: '' }];
  const { option } = treemapOption({ areas, noGroup: '', chosen: null, theme, size });
  // The parser of the tests knows no CDATA, in which styles are.
  const svg = optionSvg(option, size, { title: 'Kinds', subtitle: '', theme }).replace(/<style[^]*<\/style>/, '');
  const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
  expect(parsed.querySelector('parsererror')?.textContent).toBeUndefined();
  expect([...parsed.querySelectorAll('text')].map(({ textContent }) => textContent)).toContain('list');
});
