import { describe, expect, it } from 'vitest';
import { visible, visibleLine } from './visible.ts';

describe('text of strangers', () => {
  it.each([
    ['evil\u202egpj.py', 'evil⟨U+202E⟩gpj.py'],
    ['a\u2066b\u2069', 'a⟨U+2066⟩b⟨U+2069⟩'],
    ['\u200f\u061c', '⟨U+200F⟩⟨U+061C⟩'],
    ['\x1b]0;title\x07', '⟨U+001B⟩]0;title⟨U+0007⟩'],
    ['\x9b31m', '⟨U+009B⟩31m'],
    ['us\u200ber', 'us⟨U+200B⟩er'],
    ['us\u200der', 'us⟨U+200D⟩er'],
    ['\ufeffa\u00adb\u3164', '⟨U+FEFF⟩a⟨U+00AD⟩b⟨U+3164⟩'],
    ['a\u2028b\r', 'a⟨U+2028⟩b⟨U+000D⟩'],
    ['\u{e0041}', '⟨U+E0041⟩'],
    ['a\u034fb\u180b\u{e0fff}', 'a⟨U+034F⟩b\u180b⟨U+E0FFF⟩'],
    ['\ud800', '⟨U+D800⟩'],
  ])('%j is shown as what it is', (text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(visible(visible(text))).toBe(shown);
    expect(visible(text)).toBe(shown);
  });

  it.each([
    'plain',
    'two\nlines\tand a tab',
    'שלום',
    'مرحبا',
    '深い',
    'می\u200cخواهم',
    '👩\u200d💻',
    '❤\ufe0f',
    '葛\u{e0100}',
    'क्\u200dष',
    'é',
    '',
  ])('%j is left as it is', (text) => {
    expect(visible(text)).toBe(text);
  });

  it('is one line where one is wanted', () => {
    expect(visibleLine('a\n\tb\x1b[2J')).toBe('a b⟨U+001B⟩[2J');
  });
});
