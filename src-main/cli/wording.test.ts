import { expect, test } from 'vitest';
import { wordError } from './wording.ts';

test('given a fact with line breaks, when worded, then it is one line', () => {
  const line = wordError({ code: 'interpreter.crashed', facts: { path: '/usr/bin/python3', detail: 'Fatal error:\n  no encodings\r\n' } });
  expect(line).toBe('/usr/bin/python3 failed to start (Fatal error: no encodings ): run it by hand to see why');
});

test('given a file that another Heapscope has open, when it cannot be written, then that is what is said', () => {
  const line = wordError({ code: 'project.read-only', facts: { path: '/p.heapscope', reason: 'in-use' } });
  expect(line).toBe('/p.heapscope is open in another Heapscope: close it there or use another file');
});

test('given a file that is no project, when it was to be opened or recorded into, then the same words fit both', () => {
  const line = wordError({ code: 'project.not-a-project', facts: { path: '/notes.heapscope', detail: 'header' } });
  expect(line).toBe('/notes.heapscope is not a Heapscope project and was not changed: check the path');
});

test('given a project of which nothing could be read, when worded, then nobody is sent to read it elsewhere', () => {
  const line = wordError({ code: 'project.damaged', facts: { path: '/p.heapscope', detail: 'no session can be read' } });
  expect(line).toBe(
    '/p.heapscope is damaged and nothing of it can be read (no session can be read): it was not changed, a backup copy may be intact',
  );
});

test('given no facts, when worded, then nothing is undefined', () => {
  expect(wordError({ code: 'launch.failed', facts: {} })).toBe('? could not be started');
});
