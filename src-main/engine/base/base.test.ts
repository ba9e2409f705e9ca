import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { monotonicNow, unixNow } from './clock.ts';
import { hold, type Disposable } from './disposable.ts';
import { Emitter } from './emitter.ts';
import { HeapscopeError, messageOf, systemCode, toErrorData } from './errors.ts';
import { outliveReaders, stderrLog } from './log.ts';
import { openFilesAtMost } from './open-files.ts';

describe('an emitter', () => {
  it('tells all who listen, until they stop; one that throws keeps no other from hearing', () => {
    const thrown: unknown[] = [];
    const emitter = new Emitter<number>((error) => void thrown.push(error));
    const heard: string[] = [];
    emitter.on(() => {
      throw new Error('no');
    });
    const stop = emitter.on((value) => void heard.push(`a${value}`));
    emitter.on((value) => void heard.push(`b${value}`));
    emitter.emit(1);
    stop.dispose();
    stop.dispose();
    emitter.emit(2);
    expect([heard, thrown.length]).toEqual([['a1', 'b1', 'b2'], 2]);
  });

  it('tells those who listened when it began, whoever leaves or comes meanwhile', () => {
    const emitter = new Emitter<number>();
    const heard: string[] = [];
    emitter.on(() => {
      second.dispose();
      emitter.on(() => void heard.push('late'));
    });
    const second = emitter.on(() => void heard.push('second'));
    emitter.emit(1);
    expect(heard).toEqual(['second']);
  });

  it('hands what a listener throws to the process, once all have heard', () => {
    const queued: (() => void)[] = [];
    const queue = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((task) => void queued.push(task));
    const emitter = new Emitter<number>();
    emitter.on(() => {
      throw new Error('no');
    });
    emitter.emit(1);
    queue.mockRestore();
    expect(queued[0]).toThrow('no');
  });
});

describe('errors as data', () => {
  it('keep code and facts, and their cause at home', () => {
    const cause = new Error('deep');
    const error = new HeapscopeError('file.missing', { path: 'x' }, cause);
    expect([error.cause, 'cause' in new HeapscopeError('file.missing')]).toEqual([cause, false]);
    expect(toErrorData(error)).toEqual({ code: 'file.missing', facts: { path: 'x' } });
    expect(error.message).toBe('file.missing {"path":"x"}');
  });

  it('are a cancel where something was aborted, else a defect with its message', () => {
    expect(toErrorData(new DOMException('x', 'AbortError')).code).toBe('call.cancelled');
    expect(toErrorData({ name: 'AbortError' }).code).toBe('internal');
    expect(toErrorData(new Error('broken'))).toEqual({ code: 'internal', facts: { detail: 'broken' } });
    expect([messageOf('text'), messageOf(new Error('m'))]).toEqual(['text', 'm']);
  });

  it.each(['EMFILE', 'ENFILE'])('are a want of descriptors where the system says so: %s', (code) => {
    const most = openFilesAtMost();
    expect(toErrorData(Object.assign(new Error('open'), { code }))).toEqual({ code: 'machine.open-files', facts: { most } });
  });

  it('of the system have a code of text', () => {
    expect(systemCode(Object.assign(new Error(), { code: 'ENOENT' }))).toBe('ENOENT');
    expect([systemCode(Object.assign(new Error(), { code: 7 })), systemCode(new Error()), systemCode({ code: 'ENOENT' })]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

it('the log has a line for each, with time, level and what was thrown', () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  stderrLog.info('a');
  stderrLog.warn('b');
  stderrLog.warn('c', 'why');
  stderrLog.warn('d', new Error('deep'));
  stderrLog.warn('e', Object.assign(new Error('shallow'), { stack: undefined }));
  write.mockRestore();
  expect(lines.map((line) => line.replace(/^[\dT:.-]+Z /, '').split('\n')[0])).toEqual([
    'info a',
    'warn b',
    'warn c: why',
    'warn d: Error: deep',
    'warn e: shallow',
  ]);
  expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
});

it('an output that nobody reads any more ends nothing', () => {
  const streams = [new EventEmitter(), new EventEmitter()];
  outliveReaders(streams);
  for (const stream of streams) expect(() => stream.emit('error', new Error('EPIPE'))).not.toThrow();
});

it('what is held is let go with the rest, last first, and is given back', () => {
  const gone: string[] = [];
  const part = (name: string): Disposable => ({ dispose: () => void gone.push(name) });
  const stack = new DisposableStack();
  const first = part('first');
  expect(hold(stack, first)).toBe(first);
  hold(stack, part('second'));
  expect(gone).toEqual([]);
  stack.dispose();
  expect(gone).toEqual(['second', 'first']);
  expect(() => hold(stack, first)).toThrow(ReferenceError);
});

it('the wall clock is the one of dates', () => {
  const before = Date.now();
  const now = unixNow();
  expect([now >= before, now <= Date.now()]).toEqual([true, true]);
});

it('the clock only goes forward, in milliseconds', async () => {
  const before = monotonicNow();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const passed = monotonicNow() - before;
  expect(passed).toBeGreaterThan(10);
  expect(passed).toBeLessThan(20_000);
});
