import { describe, expect, test } from 'vitest';
import { belongsToBrowser, keysOf, matches, shortcutOf } from './shortcut.ts';
import type { Keystroke } from './shortcut.ts';

const stroke = (key: string, change: Partial<Keystroke> = {}): Keystroke => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
});

describe('what does not match', () => {
  test('a letter with a modifier that was not asked for', () => {
    expect(matches('M', stroke('m', { ctrlKey: true }), false)).toBe(false);
    expect(matches('M', stroke('M', { shiftKey: true }), false)).toBe(false);
    expect(matches('F5', stroke('F5', { shiftKey: true }), false)).toBe(false);
  });

  test('another key, and one with Alt too much or too little', () => {
    expect(matches('F5', stroke('F6'), false)).toBe(false);
    expect(matches('M', stroke('n'), false)).toBe(false);
    expect(matches('M', stroke('m', { altKey: true }), false)).toBe(false);
    expect(matches('Alt+ArrowLeft', stroke('ArrowLeft'), false)).toBe(false);
  });

  test('Ctrl on a Mac where Command is meant', () => expect(matches('Mod+K', stroke('k', { ctrlKey: true }), true)).toBe(false));
});

test.each([
  ['M', stroke('m')],
  ['?', stroke('?', { shiftKey: true })],
  ['/', stroke('/')],
  ['+', stroke('+', { shiftKey: true })],
  ['Mod+K', stroke('k', { ctrlKey: true })],
  ['Mod+Alt+S', stroke('s', { ctrlKey: true, altKey: true })],
  ['Shift+F5', stroke('F5', { shiftKey: true })],
  ['Alt+ArrowLeft', stroke('ArrowLeft', { altKey: true })],
])('%s', (shortcut, event) => expect(matches(shortcut, event, false)).toBe(true));

test.each(['F5', 'Shift+F5', 'Mod+F5', 'F11', 'Mod+R', 'Mod+W', 'Mod+T', 'Mod+N', 'Mod+Shift+S'])('%s is the browser’s', (shortcut) =>
  expect(belongsToBrowser(shortcut)).toBe(true),
);

test.each(['F6', 'Mod+Enter', 'Mod+K', 'Mod+Alt+N', 'S', 'Alt+ArrowLeft'])('%s is not', (shortcut) =>
  expect(belongsToBrowser(shortcut)).toBe(false),
);

test('keys as they are printed', () => {
  expect(keysOf('Mod+Alt+S', false)).toEqual(['Ctrl', 'Alt', 'S']);
  expect(keysOf('Mod+Alt+S', true)).toEqual(['⌘', '⌥', 'S']);
  expect(keysOf('Alt+ArrowLeft', false)).toEqual(['Alt', '←']);
  expect(keysOf('Mod++', false)).toEqual(['Ctrl', '+']);
});

test.each([
  ['M', stroke('m')],
  ['?', stroke('?', { shiftKey: true })],
  ['Mod+Alt+S', stroke('s', { ctrlKey: true, altKey: true })],
  ['Shift+F5', stroke('F5', { shiftKey: true })],
  ['Mod++', stroke('+', { ctrlKey: true })],
])('pressing %s is read as that, and stands for it', (shortcut, event) => {
  expect(shortcutOf(event, false)).toBe(shortcut);
  expect(matches(shortcut, event, false)).toBe(true);
});

test.each([stroke('Shift', { shiftKey: true }), stroke('Control', { ctrlKey: true }), stroke(' '), stroke('k', { metaKey: true })])(
  'no shortcut: %j',
  (event) => expect(shortcutOf(event, false)).toBeNull(),
);
