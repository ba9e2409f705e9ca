import { expect, test } from 'vitest';
import type { ShellCommand } from '../../src-preload/contract/index.ts';
import { NOTHING_ASKED } from '../own-files/start-request.ts';
import { StartKeeper } from './start-keeper.ts';

function keeper(): { start: StartKeeper; sent: ShellCommand[] } {
  const sent: ShellCommand[] = [];
  return { start: new StartKeeper({ open: ['/first.heapscope'], record: null }, (command) => sent.push(command)), sent };
}

test('given a start, when the window asks twice, then it is told once', () => {
  const { start } = keeper();
  expect(start.take()).toEqual({ open: ['/first.heapscope'], record: null });
  expect(start.take()).toEqual(NOTHING_ASKED);
});

test('given a window that does not listen yet, when more is asked for, then it is told all of it at its start', () => {
  const { start, sent } = keeper();
  start.request({ open: ['/second.heapscope', '/third.heapscope'], record: null });
  start.request(NOTHING_ASKED);
  expect(sent).toEqual([]);
  expect(start.take().open).toEqual(['/first.heapscope', '/second.heapscope', '/third.heapscope']);
});

test('given a window that listens, when something is asked for, then it is told at once, until the window is gone', () => {
  const { start, sent } = keeper();
  start.take();
  start.request({ open: ['/b.heapscope', '/c.heapscope'], record: null });
  expect(sent).toEqual([
    { command: 'open', path: '/b.heapscope' },
    { command: 'open', path: '/c.heapscope' },
  ]);
  start.windowGone();
  start.request({ open: ['/d.heapscope'], record: null });
  expect(sent).toHaveLength(2);
  expect(start.take().open).toEqual(['/d.heapscope']);
});
