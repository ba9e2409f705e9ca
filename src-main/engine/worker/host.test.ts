import { afterEach, describe, expect, it, vi } from 'vitest';
import { HeapscopeError } from '../base/errors.ts';
import { silentLog } from '../base/log.ts';
import { WorkerHost } from './host.ts';
import type { DyingProtocol } from './testing-dying.ts';
import type { PartsProtocol } from './testing-parts.ts';

/** A thread starts slowly on a busy machine. */
const SOON = { timeout: 60_000 };
const outOfMemory = () => new HeapscopeError('snapshot.too-large');
const common = { name: 'test', data: null, outOfMemory, log: silentLog, read: () => [] };

function dying(): WorkerHost<DyingProtocol> {
  return new WorkerHost({ ...common, url: new URL('./testing-dying.ts', import.meta.url), heapLimitMb: 64 });
}

const host = dying();

function ask(job: DyingProtocol['job'], signal = new AbortController().signal): Promise<unknown> {
  return host.call(job, { signal, onProgress: () => undefined });
}

describe('a worker thread', () => {
  afterEach(async () => {
    // Whatever happened to it, the next call is answered.
    await expect(ask('answer')).resolves.toBe('alive');
  });

  it('that throws settles every open call, and is started again', async () => {
    const sleeping = ask('sleep');
    await expect(Promise.all([ask('throw'), sleeping])).rejects.toMatchObject({ code: 'internal', facts: { detail: 'a defect' } });
    await expect(sleeping).rejects.toMatchObject({ code: 'internal' });
  });

  it('that ends settles its calls', async () => {
    await expect(ask('exit')).rejects.toMatchObject({ code: 'internal' });
  });

  it('that runs out of memory says so, and the process lives', async () => {
    await expect(ask('eat memory')).rejects.toMatchObject({ code: 'snapshot.too-large' });
  });

  it('that never answers is given up when the call is cancelled', async () => {
    const stop = new AbortController();
    const call = ask('sleep', stop.signal);
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'call.cancelled' });
    await expect(ask('answer', stop.signal)).rejects.toMatchObject({ code: 'call.cancelled' });
  });
});

describe('a worker that is let go', () => {
  it('settles what is open, and takes no more', async () => {
    const other = dying();
    const o = { signal: new AbortController().signal, onProgress: () => undefined };
    const call = other.call('sleep', o);
    await Promise.all([expect(call).rejects.toMatchObject({ code: 'call.cancelled' }), other.dispose()]);
    await expect(other.call('answer', o)).rejects.toMatchObject({ code: 'call.cancelled' });
  });
});

describe('pieces between the threads', () => {
  function host(read: (source: number) => Iterable<number> | AsyncIterable<number>): WorkerHost<PartsProtocol> {
    return new WorkerHost({ ...common, read, url: new URL('./testing-parts.ts', import.meta.url) });
  }
  const o = { signal: new AbortController().signal, onProgress: () => undefined };

  it('are not read ahead of a worker that does not take them', async () => {
    let read = 0;
    const slow = host(function* () {
      for (;;) yield read++;
    });
    // It reads 3 pieces and then checks for more before it closes.
    await expect(slow.call({ k: 'take', count: 3 }, o)).resolves.toBe(0 + 1 + 2);
    expect(read).toBeLessThanOrEqual(3 + 2 + 1);
    await slow.dispose();
  });

  it('are two ahead of a worker that keeps the first, and one more is read; who is let go is read for no more', async () => {
    let [read, ended] = [0, false];
    const holding = host(function* () {
      try {
        for (;;) yield read++;
      } finally {
        ended = true;
      }
    });
    const call = holding.call({ k: 'hold', count: 1 }, o);
    await vi.waitFor(() => expect(read).toBe(3), SOON);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([read, ended]).toEqual([3, false]);
    await Promise.all([expect(call).rejects.toMatchObject({ code: 'call.cancelled' }), holding.dispose()]);
    await vi.waitFor(() => expect(ended).toBe(true), SOON);
    expect(read).toBe(3);
  });

  it('are read for no more once the worker has enough', async () => {
    let ended = false;
    const enough = host(function* () {
      try {
        for (;;) yield 1;
      } finally {
        ended = true;
      }
    });
    await expect(enough.call({ k: 'take', count: 1 }, o)).resolves.toBe(1);
    await vi.waitFor(() => expect(ended).toBe(true), SOON);
    await enough.dispose();
  });

  it('carry the error of whoever reads them', async () => {
    const broken = host(() => {
      throw new HeapscopeError('file.missing', { path: 'x' });
    });
    await expect(broken.call({ k: 'take', count: 1 }, o)).rejects.toMatchObject({ code: 'file.missing' });
    await broken.dispose();
  });

  it('come back one at a time: the next one waits until the last was stored', async () => {
    const parts = host(() => []);
    let storing = 0;
    const most: number[] = [];
    const onPart = async () => {
      most.push(++storing);
      await new Promise((resolve) => setTimeout(resolve, 1));
      storing--;
    };
    await expect(parts.call({ k: 'give', count: 5 }, { ...o, onPart })).resolves.toBe(5);
    expect(most).toEqual([1, 1, 1, 1, 1]);
    await parts.dispose();
  });

  it('that cannot be stored end the call, and the worker goes on', async () => {
    const parts = host(() => []);
    const onPart = () => {
      throw new HeapscopeError('recording.disk-full', { path: 'x', detail: '' });
    };
    await expect(parts.call({ k: 'give', count: 5 }, { ...o, onPart })).rejects.toMatchObject({ code: 'recording.disk-full' });
    await expect(parts.call({ k: 'give', count: 2 }, o)).resolves.toBe(2);
    await parts.dispose();
  });
});
