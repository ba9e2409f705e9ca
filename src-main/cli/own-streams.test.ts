import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { onHangUp, type OwnStreams, print } from './own-streams.ts';

/** Streams, some of which are terminals. */
function streams(...terminals: (keyof OwnStreams)[]): Record<keyof OwnStreams, PassThrough> {
  const of = (name: keyof OwnStreams): PassThrough => {
    const stream = Object.assign(new PassThrough(), { isTTY: terminals.includes(name) });
    return stream.on('error', () => undefined);
  };
  return { stdin: of('stdin'), stdout: of('stdout'), stderr: of('stderr') };
}

const failure = (code: string): Error => Object.assign(new Error(`${code}: cannot`), { code });

test.each(['stdin', 'stdout', 'stderr'] as const)('given %s as a terminal, when it gives EIO, then it is closed', (name) => {
  const own = streams(name);
  let hungUp = 0;
  const listening = onHangUp(own, () => (hungUp += 1));
  own[name].emit('error', failure('EIO'));
  expect(hungUp).toBe(1);
  listening.dispose();
  own[name].emit('error', failure('EIO'));
  expect(hungUp).toBe(1);
});

test('given a file that gives EIO, or a terminal that gives another error, then no terminal is closed', () => {
  const own = streams('stdout');
  let hungUp = 0;
  const listening = onHangUp(own, () => (hungUp += 1));
  own.stderr.emit('error', failure('EIO'));
  own.stdout.emit('error', failure('EAGAIN'));
  expect(hungUp).toBe(0);
  listening.dispose();
});

test('given SIGHUP, when no stream is a terminal, then it is heard, and not after the end', () => {
  const own = streams();
  let hungUp = 0;
  const listening = onHangUp(own, () => (hungUp += 1));
  process.emit('SIGHUP');
  listening.dispose();
  expect([hungUp, process.listenerCount('SIGHUP')]).toEqual([1, 0]);
});

/** Output that fails with this error. */
function failing(code: string): Writable {
  const stream = new Writable({ write: (_data, _encoding, done) => done(failure(code)) });
  return stream.on('error', () => undefined);
}

test.each([
  ['EPIPE', 141, ''],
  ['ENOSPC', 2, 'heapscope: standard output cannot be written: ENOSPC: cannot\n'],
])('given output that fails by %s, when printed, then the status is %i', async (code, status, said) => {
  const stderr = new PassThrough();
  expect(await print('table', { stdout: failing(code), stderr })).toBe(status);
  expect(String(stderr.read() ?? '')).toBe(said);
});
