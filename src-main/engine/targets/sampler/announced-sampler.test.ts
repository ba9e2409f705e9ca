import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { watch } from '../testing/watch.ts';

test('ticks with what was announced, without figures, and notices ends', async () => {
  const child = spawn('sleep', ['60']);
  const watched = watch(process.pid, { platform: 'darwin' });
  const identify = (pid: number) => watched.sampler.identify({ port: 1, enginePort: 2, pid });
  const identity = identify(child.pid!);
  expect(identity).toMatchObject({ kind: 'claimed', pid: child.pid });
  const key = 'key' in identity ? identity.key : '';
  expect(identify(child.pid!)).toEqual(identity);
  expect([2 ** 30, 0, 1, process.pid].map((pid) => identify(pid).kind)).toEqual(['gone', 'gone', 'gone', 'gone']);
  // It exists, which one that is ending does too.
  expect(watched.sampler.runs(key)).toBe(false);
  const { processes } = await watched.until((sample) => sample.processes.length === 2);
  expect(processes[1]).toMatchObject({ key, pid: child.pid, rss: null, cpu: null, threads: null });
  child.kill('SIGKILL');
  expect(await watched.untilEnded(child.pid!)).toMatchObject({ key, exit: null });
});

test('while paused tells ends alone', async () => {
  const child = spawn('sleep', ['60']);
  const watched = watch(child.pid!, { platform: 'win32' });
  watched.sampler.pause();
  child.kill('SIGKILL');
  child.once('exit', () => watched.sampler.expectExit(watched.samples.at(-1)?.processes[0]?.key ?? ''));
  await watched.untilEnded(child.pid!);
  expect(watched.samples.at(-1)?.processes).toEqual([]);
  watched.sampler.resume();
  await watched.until((sample) => sample.ended.length === 0);
});
