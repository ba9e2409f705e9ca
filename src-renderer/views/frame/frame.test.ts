import { beforeEach, describe, expect, test } from 'vitest';
import { belongsToFocus, isTyping } from './keyboard.ts';
import { fit, rankActions } from './palette-rank.ts';

describe('keys while something else wants them', () => {
  beforeEach(() => {
    document.body.innerHTML = `<input id="field"><div class="xterm"><textarea id="terminal"></textarea></div><div role="menu"><span id="menu"></span></div>
      <div contenteditable="true"><b id="rich"></b></div><div role="grid"><p id="cell"></p></div>`;
  });

  test.each(['field', 'terminal', 'menu', 'rich'])('%s keeps its keys', (id) => expect(isTyping(document.getElementById(id))).toBe(true));

  test('a table does not, and nor does what is no element', () => {
    expect(isTyping(document.getElementById('cell'))).toBe(false);
    expect(isTyping(null)).toBe(false);
  });
});

describe('the palette', () => {
  const list = ['Stop the program Recording', 'Stop tracemalloc Recording', 'Show Timeline View', '停止程序 录制'];

  test('what does not fit is not offered', () => {
    expect(fit('xyz', 'Stop')).toBeNull();
    expect(rankActions('zz', list, (text) => text)).toEqual([]);
  });

  test.each([
    ['stop', 'Stop the program Recording'],
    ['stra', 'Stop tracemalloc Recording'],
    ['timel', 'Show Timeline View'],
    ['停止', '停止程序 录制'],
  ])('%s finds %s first', (typed, first) => expect(rankActions(typed, list, (text) => text)[0]).toBe(first));

  test('nothing typed keeps the order', () => expect(rankActions(' ', list, (text) => text)).toEqual(list));
});

describe('a key pressed in', () => {
  const pressedIn = (html: string, init: KeyboardEventInit): KeyboardEvent => {
    document.body.innerHTML = html;
    const event = new KeyboardEvent('keydown', { ...init, bubbles: true });
    document.body.querySelector('input, textarea')?.dispatchEvent(event);
    return event;
  };

  test('a field belongs to the field', () => expect(belongsToFocus(pressedIn('<input>', { key: 'm' }))).toBe(true));

  test('a field opens the palette all the same', () =>
    expect(belongsToFocus(pressedIn('<input>', { key: 'k', ctrlKey: true }))).toBe(false));

  test('the terminal belongs to the program, the palette key too', () => {
    expect(belongsToFocus(pressedIn('<div class="xterm"><textarea></textarea></div>', { key: 'k', ctrlKey: true }))).toBe(true);
  });
});
