import { describe, expect, it } from 'vitest';
import { HeapscopeError } from '../base/errors.ts';
import { WorkerSide, type WorkerJobs } from './side.ts';
import type { FromWorker, Protocol } from './wire.ts';

interface Numbers extends Protocol {
  job: 'read' | 'read one' | 'store' | 'progress' | 'memory' | 'odd memory' | 'long list' | 'defect' | 'answer';
  result: number;
  part: number;
  source: string;
  piece: number;
  notice: string;
}

/** A worker from inside, whose messages the test sends and receives. */
function setup() {
  const sent: FromWorker<Numbers>[] = [];
  const told: string[] = [];
  const run =
    (reads: { read(source: string): AsyncGenerator<number> }): WorkerJobs<Numbers>['run'] =>
    async (job, { control, store }) => {
      if (job === 'memory') throw new RangeError('Array buffer allocation failed');
      if (job === 'long list') throw new RangeError('Invalid typed array length: -1');
      if (job === 'odd memory') throw new Error('Array buffer allocation failed');
      if (job === 'defect') throw new RangeError('Maximum call stack size exceeded');
      if (job === 'progress') control.progress({ step: 'filtering', done: 0.5 });
      let sum = 0;
      if (job === 'store') for (; sum < 2; sum++) await store(sum);
      if (job === 'read' || job === 'read one') {
        for await (const piece of reads.read('numbers')) {
          sum += piece;
          if (job === 'read one') break;
        }
      }
      return sum;
    };
  const side = new WorkerSide<Numbers>(
    (message) => void sent.push(message),
    (reads) => ({
      run: run(reads),
      notice: (notice) => void told.push(notice),
      outOfMemory: (thrown) => new HeapscopeError('snapshot.too-large', { detail: thrown.message }),
    }),
  );
  const stop = new SharedArrayBuffer(4);
  const call = (id: number, job: Numbers['job']): void => side.receive({ k: 'call', call: id, stop, job });
  /** The messages since the last call, once the worker waits or is done. */
  const next = async (): Promise<FromWorker<Numbers>[]> => {
    await new Promise((resolve) => setTimeout(resolve));
    return sent.splice(0);
  };
  return { side, stop, call, next, told };
}

describe('a worker from inside', () => {
  it('tells progress under the number of its call', async () => {
    const { call, next } = setup();
    call(7, 'progress');
    expect(await next()).toEqual([
      { k: 'progress', call: 7, progress: { step: 'filtering', done: 0.5 } },
      { k: 'done', call: 7, value: 0 },
    ]);
  });

  it('begins nothing that was cancelled before', async () => {
    const { call, next, stop } = setup();
    Atomics.store(new Int32Array(stop), 0, 1);
    call(1, 'answer');
    expect(await next()).toMatchObject([{ k: 'failed', call: 1, error: { code: 'call.cancelled' } }]);
  });

  it.each([
    ['memory', 'snapshot.too-large'],
    ['long list', 'snapshot.too-large'],
    ['odd memory', 'internal'],
    ['defect', 'internal'],
  ] as const)('names a lack of memory for an array, and nothing else so: %s', async (job, code) => {
    const { call, next } = setup();
    call(1, job);
    const [failed] = await next();
    expect(failed).toMatchObject({ k: 'failed', call: 1, error: { code } });
    expect(failed?.k === 'failed' && failed.detail).toContain('side.test.ts');
  });

  it('hands the next part out when the last was stored, of each call for itself', async () => {
    const { side, call, next } = setup();
    call(1, 'store');
    call(2, 'store');
    expect(await next()).toEqual([
      { k: 'part', call: 1, part: 0 },
      { k: 'part', call: 2, part: 0 },
    ]);
    side.receive({ k: 'stored', call: 2 });
    expect(await next()).toEqual([{ k: 'part', call: 2, part: 1 }]);
    side.receive({ k: 'stored', call: 9 });
    side.receive({ k: 'stored', call: 2 });
    side.receive({ k: 'stored', call: 2 });
    expect(await next()).toEqual([{ k: 'done', call: 2, value: 2 }]);
  });

  it('hears what it is told', () => {
    const { side, told } = setup();
    side.receive({ k: 'notice', notice: 'forget' });
    expect(told).toEqual(['forget']);
  });
});

describe('what a worker reads', () => {
  it('comes in pieces, each taken when it was used, to the end; every read has a number of its own', async () => {
    const { side, call, next } = setup();
    for (const read of [1, 2]) {
      call(read, 'read');
      expect(await next()).toEqual([{ k: 'read', read, source: 'numbers' }]);
      side.receive({ k: 'piece', read, piece: 5 });
      side.receive({ k: 'piece', read, piece: 6 });
      side.receive({ k: 'end', read, error: null });
      expect(await next()).toEqual([
        { k: 'taken', read },
        { k: 'taken', read },
        { k: 'close', read },
        { k: 'done', call: read, value: 11 },
      ]);
    }
  });

  it('is closed by who leaves early; what still comes is dropped', async () => {
    const { side, call, next } = setup();
    call(1, 'read one');
    side.receive({ k: 'piece', read: 1, piece: 5 });
    expect((await next()).slice(1)).toEqual([
      { k: 'close', read: 1 },
      { k: 'done', call: 1, value: 5 },
    ]);
    side.receive({ k: 'piece', read: 1, piece: 6 });
    expect(await next()).toEqual([]);
  });

  it('carries the error of whoever reads it there', async () => {
    const { side, call, next } = setup();
    call(1, 'read');
    side.receive({ k: 'end', read: 1, error: { code: 'file.missing', facts: { path: 'x' } } });
    expect((await next()).slice(1)).toMatchObject([
      { k: 'close', read: 1 },
      { k: 'failed', call: 1, error: { code: 'file.missing', facts: { path: 'x' } } },
    ]);
  });
});
