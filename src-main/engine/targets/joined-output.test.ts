import { expect, test } from 'vitest';
import { JoinedOutput } from './joined-output.ts';

function listen(output: JoinedOutput): string[] {
  const received: string[] = [];
  output.onData((bytes) => received.push(Buffer.from(bytes).toString()));
  return received;
}

test('small pieces arrive as one, in order', () => {
  const output = new JoinedOutput();
  const received = listen(output);
  for (const piece of ['a', 'b', 'c']) output.push(Buffer.from(piece));
  output.finish();
  expect(received).toEqual(['abc']);
});

test('what came before anybody listened is kept', () => {
  const output = new JoinedOutput();
  output.push(Buffer.from('early'));
  output.finish();
  const received = listen(output);
  output.finish();
  expect(received).toEqual(['early']);
});
