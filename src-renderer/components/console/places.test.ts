import { Terminal } from '@xterm/xterm';
import { expect, test, vi } from 'vitest';
import { OutputPlaces } from './places.ts';

const encoder = new TextEncoder();

function aTerminal(scrollback = 20_000) {
  const terminal = new Terminal({ allowProposedApi: true, cols: 40, rows: 10, scrollback });
  // A terminal that is on no page selects nothing: what would be selected is read from its rows.
  const select = vi.spyOn(terminal, 'select').mockImplementation(() => undefined);
  const selected = (): { text: string; row: number } => {
    const [column, row, length] = select.mock.lastCall ?? [0, 0, 0];
    const text = terminal.buffer.active.getLine(row)?.translateToString(true, column, column + length) ?? '';
    return { text, row };
  };
  return { terminal, selected, places: new OutputPlaces(terminal) };
}

/** Where a text is in the output, as the engine says it. */
function wanted(output: string, line: string, text = line) {
  const at = output.indexOf(line) + line.indexOf(text);
  return { offset: encoder.encode(output.slice(0, at)).length, text, column: line.indexOf(text) };
}

const numbered = (count: number, more = ''): string => Array.from({ length: count }, (_, i) => `line ${i} ${more}\r\n`).join('');

test('given more than one screen, when a line is revealed, then it is in the middle, and its text is selected', async () => {
  const { terminal, selected, places } = aTerminal();
  const output = numbered(5000);
  await places.write(0, encoder.encode(output));
  expect(places.reveal(wanted(output, 'line 1234 ', '1234'))).toBe(true);
  expect(selected()).toEqual({ text: '1234', row: 1234 });
  expect(terminal.buffer.active.viewportY).toBe(1234 - 5);
});

test('given equal lines, when one of them is revealed, then it is that one', async () => {
  const { selected, places } = aTerminal();
  const output = 'tick\r\n'.repeat(9000);
  await places.write(0, encoder.encode(output));
  expect(places.reveal({ offset: 6 * 7777, text: 'tick', column: 0 })).toBe(true);
  expect(selected()).toEqual({ text: 'tick', row: 7777 });
});

test('given wide characters and lines of several rows, when text behind them is revealed, also after a new width, then it is that text', async () => {
  const { terminal, selected, places } = aTerminal();
  const output = `${numbered(300, '漢字'.repeat(30))}last 漢字 here`;
  await places.write(0, encoder.encode(output));
  for (const columns of [40, 33]) {
    terminal.resize(columns, 10);
    expect(places.reveal(wanted(output, 'line 250 ', '250'))).toBe(true);
    expect(selected().text).toBe('250');
    expect(places.reveal(wanted(output, 'last 漢字 here', 'here'))).toBe(true);
    expect(selected().text).toBe('here');
  }
});

test('given a program that moves its cursor, when its text is revealed, then it is found nearby', async () => {
  const { selected, places } = aTerminal();
  const output = `a\r\nb\r\nc\r\n\x1b[2Aabove\r\nd\r\n`;
  await places.write(0, encoder.encode(output));
  expect(places.reveal({ offset: output.indexOf('above'), text: 'above', column: 0 })).toBe(true);
  expect(selected().text).toBe('above');
});

test('given lines that the terminal has dropped, not got yet or forgotten, when they are revealed, then it is not done', async () => {
  const { selected, places } = aTerminal(100);
  const output = numbered(20_000);
  await places.write(1000, encoder.encode(output));
  expect(places.reveal({ offset: 1005, text: 'line', column: 0 })).toBe(false);
  expect(places.reveal({ offset: 0, text: 'line', column: 0 })).toBe(false);
  expect(places.reveal({ offset: 1000 + output.length, text: 'line', column: 0 })).toBe(false);
  const end = { offset: 1000 + output.indexOf('line 19990'), text: 'line 19990', column: 0 };
  expect(places.reveal(end)).toBe(true);
  expect(selected().text).toBe('line 19990');
  places.clear();
  expect(places.reveal(end)).toBe(false);
});
