import { expect, test } from 'vitest';
import type { ShellCommand } from '../../src-preload/contract/index.ts';
import { NOTHING_ASKED } from '../own-files/start-request.ts';
import { StartKeeper } from './start-keeper.ts';

function keeper(): { start: StartKeeper; sent: ShellCommand[] } {
  const sent: ShellCommand[] = [];
  return { start: new StartKeeper({ open: '/first.heapscope', record: null }, (command) => sent.push(command)), sent };
}

test('given a start, when the window asks twice, then it is told once', () => {
  const { start } = keeper();
  expect(start.take()).toEqual({ open: '/first.heapscope', record: null });
  expect(start.take()).toEqual(NOTHING_ASKED);
});

test('given a window that does not listen yet, when something is asked for, then it is told at its start', () => {
  const { start, sent } = keeper();
  start.request({ open: '/second.heapscope', record: null });
  start.request(NOTHING_ASKED);
  expect(sent).toEqual([]);
  expect(start.take().open).toBe('/second.heapscope');
});

test('given a window that listens, when something is asked for, then it is told at once, until the window is gone', () => {
  const { start, sent } = keeper();
  start.take();
  start.request({ open: '/b.heapscope', record: null });
  expect(sent).toEqual([{ command: 'open', path: '/b.heapscope' }]);
  start.windowGone();
  start.request({ open: '/c.heapscope', record: null });
  expect(sent).toHaveLength(1);
  expect(start.take().open).toBe('/c.heapscope');
});
