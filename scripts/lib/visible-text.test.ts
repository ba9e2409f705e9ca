import { compileTemplate } from 'vue/compiler-sfc';
import { expect, test } from 'vitest';
import { visibleAttributes, visibleText } from './visible-text.ts';

function compiled(source: string, inline = false): string {
  const compilerOptions = { nodeTransforms: [visibleAttributes], inline, prefixIdentifiers: true };
  const { code } = compileTemplate({ source, filename: 'x.vue', id: 'x', compilerOptions });
  return visibleText('/repository').transform(code, '/repository/x.vue') ?? code;
}

test.each([true, false])(
  'bound attributes that people read are made visible, others and those of components are not (inline: %s)',
  (inline) => {
    const code = compiled('<p :title="a" :id="b" :aria-label="c" title2="d"><Child :title="e" /></p>', inline);
    expect(code.match(/_displayValue\(\S+?\)/g)).toHaveLength(2);
    expect(code).toMatch(/title: _displayValue\(/);
    expect(code).toMatch(/"aria-label": _displayValue\(/);
    expect(code).toContain('import { displayValue as _displayValue } from "/repository/src-renderer/format/display.ts"');
  },
);

test('what stands between braces is made visible beside them', () => {
  const code = compiled('<p :title="a">{{ b }}</p>');
  expect(code).toMatch(/import \{ display as _toDisplayString \}/);
  expect(code).toMatch(/import \{ displayValue as _displayValue \}/);
});

test('a template without either imports nothing', () => {
  expect(compiled('<p title="a">b</p>')).not.toContain('display.ts');
});
