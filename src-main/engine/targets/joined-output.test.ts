import { expect, test } from 'vitest';
import { JoinedOutput } from './joined-output.ts';

function listen(output: JoinedOutput): string[] {
  const heard: string[] = [];
  output.onData((bytes) => heard.push(Buffer.from(bytes).toString()));
  return heard;
}

test('small pieces arrive as one, in order', () => {
  const output = new JoinedOutput();
  const heard = listen(output);
  for (const piece of ['a', 'b', 'c']) output.push(Buffer.from(piece));
  output.finish();
  expect(heard).toEqual(['abc']);
});

test('what came before anybody listened is kept', () => {
  const output = new JoinedOutput();
  output.push(Buffer.from('early'));
  output.finish();
  const heard = listen(output);
  output.finish();
  expect(heard).toEqual(['early']);
});
