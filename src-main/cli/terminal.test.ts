import { expect, test } from 'vitest';
import { endsInside, FloatingLine, LastRow, type Screen } from './terminal.ts';

function screen(columns = 40, rows = 10): Screen & { text: string } {
  return {
    text: '',
    columns,
    rows,
    write(part) {
      this.text += typeof part === 'string' ? part : Buffer.from(part).toString('latin1');
    },
  };
}

const bytes = (text: string): Buffer => Buffer.from(text);

test.each([
  ['plain\n', false],
  ['', false],
  ['\x1b[31mred\x1b[0m', false],
  ['text\x1b', true],
  ['text\x1b[', true],
  ['text\x1b[38;5', true],
  ['\x1b]0;title', true],
  ['\x1b]0;title\x07', false],
  ['\x1b]0;title\x1b\\', false],
  ['\x1b(', true],
  ['\x1b(B', false],
  ['\x1bM', false],
])('given output that ends with %j, when asked whether it ends inside of something, then %s', (text, inside) => {
  expect(endsInside(bytes(text))).toBe(inside);
});

test('given a character cut in two, when asked, then output ends inside of it', () => {
  for (const char of ['é', '漢', '🐍']) {
    const whole = bytes(char);
    for (let cut = 1; cut < whole.length; cut++) expect(endsInside(whole.subarray(0, cut))).toBe(true);
    expect(endsInside(whole)).toBe(false);
  }
});

test('given an unfinished sequence of the program, when the status changes, then it is drawn only after the rest', () => {
  const out = screen();
  const row = new LastRow(out);
  row.begin();
  out.text = '';
  row.passed(bytes('\x1b[3'));
  row.show('one');
  expect(out.text).toBe('');
  row.passed(bytes('1m'));
  row.show('two');
  expect(out.text).toContain('two');
});

test('given a terminal, when the last row is taken, then the program has one row less and gets it back at the end', () => {
  const out = screen(40, 10);
  const row = new LastRow(out);
  expect(row.programRows).toBe(9);
  row.begin();
  expect(out.text).toContain('\x1b[1;9r');
  out.text = '';
  row.end();
  expect(out.text).toBe('\x1b7\x1b[r\x1b[10;1H\x1b[2K\x1b8');
});

test('given a status longer than the row, when drawn, then it does not wrap', () => {
  const out = screen(10, 5);
  new LastRow(out).show('0123456789abcdef');
  expect(out.text).toContain('01234567…');
  expect(out.text).not.toContain('89');
});

test('given output that has not ended its line, when the status is due, then it waits and never joins that line', () => {
  const out = screen();
  const line = new FloatingLine(out);
  line.passing(bytes('half'));
  line.show('status');
  expect(out.text).toBe('');
  line.passing(bytes(' done\n'));
  line.show('status');
  line.passing(bytes('next\n'));
  expect(out.text).toBe('\r\x1b[2Kstatus\r\x1b[2K');
});
