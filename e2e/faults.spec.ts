import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { consoleText, endOf } from './helpers/programs.ts';
import { expect, test } from './helpers/test.ts';
import type { Heapscope } from './helpers/window/heapscope.ts';

/** A program that prints where its agent finds the engine, and waits for a line. */
async function recordWaiting(app: Heapscope, folder: string): Promise<{ port: number; token: string }> {
  const script = join(folder, 'waits.py');
  writeFileSync(script, 'import os\nprint(os.environ["HEAPSCOPE_LINK"], flush=True)\nwhile input() != "quit": pass\n');
  await app.record(script);
  await expect.poll(() => app.terminal.text()).toContain('tracemalloc=');
  const text = await consoleText(app.engine, (await app.project()).id, (await app.session()).id);
  return { port: Number(/port=(\d+)/.exec(text)?.[1]), token: /token=([0-9a-f]{64})/.exec(text.replaceAll(/\r?\n/g, ''))?.[1] ?? '' };
}

async function end(app: Heapscope): Promise<void> {
  await app.terminal.type('quit');
  expect((await endOf(app.engine, (await app.project()).id, (await app.session()).id)).exit).toMatchObject({ code: 0 });
}

/** A frame of kind HELLO with a map of short texts and small numbers. */
function hello(body: Record<string, string | number | boolean | string[]>): Buffer {
  const pack = (value: string | number | boolean | string[]): Buffer => {
    if (typeof value === 'boolean') return Buffer.of(value ? 0xc3 : 0xc2);
    if (typeof value === 'number') return Buffer.concat([Buffer.of(0xce), Buffer.from(new Uint32Array([value]).buffer).reverse()]);
    if (Array.isArray(value)) return Buffer.concat([Buffer.of(0x90 + value.length), ...value.map(pack)]);
    const text = Buffer.from(value);
    return Buffer.concat([Buffer.of(0xd9, text.length), text]);
  };
  const entries = Object.entries(body);
  const map = Buffer.concat([Buffer.of(0xde, 0, entries.length), ...entries.flatMap(([key, value]) => [pack(key), pack(value)])]);
  const head = Buffer.alloc(5);
  head.writeUInt32LE(map.length);
  head[4] = 1;
  return Buffer.concat([head, map]);
}

function send(port: number, bytes: Buffer | string): void {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  socket.write(bytes);
}

test('a stranger on the agent’s port is turned away and reported, the recording goes on', async ({ app, folder }) => {
  const { port } = await recordWaiting(app, folder);
  send(port, 'hello, is anybody there?\r\n\r\n');
  await expect(app.notices.getByText(/Refused a connection: 127\.0\.0\.1.* is not a Heapscope agent/)).toBeVisible();
  await expect(app.inspector.getByText(/Refused \d+ connection\(s\), the last from 127\.0\.0\.1/)).toBeVisible();
  await end(app);
});

test('an agent of another version is refused, and it is said which', async ({ app, folder }) => {
  const { port, token } = await recordWaiting(app, folder);
  const body = { v: 99, agent: '9.9.9', token, t: 1, pid: 4242, ppid: 1, python: '3.12.1', implementation: 'cpython', executable: '/x' };
  send(port, hello({ ...body, argv: ['x'], cwd: '/', platform: 'linux', free_threaded: false, reason: 'start', debug: false }));
  await expect(app.notices.getByText(/Process 4242 has an agent of another version \(9\.9\.9/)).toBeVisible();
  await end(app);
});

test.describe('a full disk', () => {
  test.skip(process.getuid?.() !== 0, 'only root may make a small disk');

  test('ends the recording, not the program; what was written is there', async ({ launch, folder }) => {
    const data = join(folder, 'small');
    mkdirSync(data);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', data]);
    try {
      const out = join(folder, 'done.txt');
      const script = join(folder, 'chatty.py');
      const lines = [
        'import os, sys, time',
        'for i in range(400):',
        '    sys.stdout.write(os.urandom(4000).hex())',
        '    sys.stdout.flush(); time.sleep(0.005)',
      ];
      writeFileSync(script, [...lines, `open(${JSON.stringify(out)}, "w").write("fine")`].join('\n'));
      const app = await launch({ data });
      await app.record(script);
      await expect(app.notices.getByText(/The disk is full: the recording into .* has ended. The program goes on./)).toBeVisible();
      await expect(app.notices.getByText(/What was written is kept/)).toBeVisible();
      await expect.poll(() => existsSync(out) && readFileSync(out, 'utf8')).toBe('fine');
      expect((await app.session()).samples).toBeGreaterThan(0);
      await expect(app.timeline.plot).toBeVisible();
      await app.app.close();
    } finally {
      execFileSync('umount', ['-l', data]);
    }
  });
});
