import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { i18n } from '../../format/i18n.ts';
import UnseenText from './UnseenText.vue';

const said = (text: string): string => mount(UnseenText, { props: { text }, global: { plugins: [i18n] } }).text();

test.each([
  ['report\u202efdp.py', 'report⟨U+202E⟩fdp.py'],
  ['--safe\u200b', '--safe⟨U+200B⟩'],
  ['a\0b', 'a⟨U+0000⟩b'],
])('given %j in a field, then below it stands what is really there', (text, written) => {
  expect(said(text)).toBe(`With invisible characters written out, this is: ${written}`);
});

test.each(['', 'plain.py', 'ünïcode 漢字.py', 'می‌خواهم.py'])('given %j, then nothing is added', (text) => expect(said(text)).toBe(''));
