import { Terminal } from '@xterm/xterm';
import { expect, test } from 'vitest';
import { knowWideCharacters } from './wide.ts';

test.each(['a', 'é', '…'])('%s takes one cell', async (text) => expect(await cellsOf(text)).toBe(1));
test.each(['漢', '字', '😀', '🧠', '✨', '✅'])('%s takes two', async (text) => expect(await cellsOf(text)).toBe(2));

async function cellsOf(text: string): Promise<number> {
  const terminal = new Terminal({ allowProposedApi: true });
  knowWideCharacters(terminal);
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  return terminal.buffer.active.cursorX;
}
