import { expect, test } from 'vitest';
import { stopOnWindows } from './windows-stop.ts';

/** A terminal whose own `kill` must not be used. */
function terminal(): { pid: number; written: string[]; write: (data: string) => void; kill: () => never } {
  const written: string[] = [];
  const kill = (): never => {
    throw new Error('node-pty forks our executable');
  };
  return { pid: 4711, written, write: (data) => void written.push(data), kill };
}

test.each(['terminate', 'kill'] as const)('given %s, when a program is stopped, then the system ends it and its children', (how) => {
  const runs: [string, string[]][] = [];
  const target = terminal();
  stopOnWindows(target, how, { SystemRoot: 'D:\\Win' }, (file, args) => void runs.push([file, args]));
  expect(runs).toEqual([['D:\\Win\\System32\\taskkill.exe', ['/PID', '4711', '/T', '/F']]]);
  expect(target.written).toEqual([]);
});

test('given an interrupt, when a program is stopped, then Ctrl-C is typed and nothing is run', () => {
  const target = terminal();
  stopOnWindows(target, 'interrupt', {}, () => expect.unreachable());
  expect(target.written).toEqual(['\x03']);
});
