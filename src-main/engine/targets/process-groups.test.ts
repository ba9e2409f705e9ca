import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test, vi, type MockInstance } from 'vitest';
import { SessionGroups } from './process-groups.ts';
import { tempFolder } from './testing/programs.ts';

/** One line of `stat` in a made-up `/proc`. */
function write(proc: string, pid: number, o: { session: number; group: number; foreground?: number; start?: number }): void {
  mkdirSync(path.join(proc, String(pid)), { recursive: true });
  const after = ['0', '0', '0', '0', '0', '0', '0', '0', '0', '20', '0', '1', '0', String(o.start ?? 100)];
  const rest = [...Array<string>(29).fill('0'), '0'];
  const fields = ['1', o.group, o.session, '0', o.foreground ?? -1, ...after, ...rest];
  writeFileSync(path.join(proc, String(pid), 'stat'), `${pid} (x) S ${fields.join(' ')}\n`);
}

afterEach(() => vi.restoreAllMocks());

describe('a group is signalled', () => {
  function groups(): { proc: string; kill: MockInstance<typeof process.kill>; made: SessionGroups } {
    const proc = tempFolder();
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    write(proc, 500, { session: 500, group: 500, foreground: 600 });
    write(proc, 600, { session: 500, group: 600 });
    return { proc, kill, made: new SessionGroups(500, proc) };
  }

  test('when it is of this session', () => {
    const { kill, made } = groups();
    expect(made.signalForeground('SIGINT')).toBe(true);
    made.signalLeader('SIGTERM');
    expect(kill.mock.calls).toEqual([
      [-600, 'SIGINT'],
      [-500, 'SIGTERM'],
    ]);
  });

  test('never when its number is that of a process of another session', () => {
    const { proc, kill, made } = groups();
    write(proc, 600, { session: 42, group: 600 });
    expect(made.signalForeground('SIGINT')).toBe(false);
    expect(kill).not.toHaveBeenCalled();
  });

  test("never once the leader's number is another process's", () => {
    const { proc, kill, made } = groups();
    write(proc, 500, { session: 500, group: 500, foreground: 600, start: 101 });
    expect(made.signalForeground('SIGINT')).toBe(false);
    made.signalLeader('SIGKILL');
    expect(kill).not.toHaveBeenCalled();
  });
});

test.runIf(process.platform === 'linux')('a real leader is reached', async () => {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  new SessionGroups(child.pid!).signalLeader('SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
});
