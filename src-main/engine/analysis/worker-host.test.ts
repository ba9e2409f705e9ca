import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../base/log.ts';
import { DEATHS } from './testing-dying.ts';
import { WorkerHost } from './worker-host.ts';

const url = new URL('./testing-dying.ts', import.meta.url);
const host = new WorkerHost({ name: 'test', limits: { cache: 0 }, source: () => undefined, log: silentLog, url, heapLimitMb: 64 });

function ask(snapshot: number, signal = new AbortController().signal): Promise<unknown> {
  const job = { method: 'heap.summary', args: { project: 'p', snapshot }, sources: [], history: [] } as const;
  return host.call({ k: 'query', job: { ...job, sources: [], history: [] } }, { signal, onProgress: () => undefined });
}

describe('a worker thread', () => {
  afterEach(async () => {
    // Whatever happened to it, the next question is answered.
    await expect(ask(DEATHS.answers)).resolves.toBe('alive');
  });

  it('that throws settles every open call, and is started again', async () => {
    const sleeping = ask(DEATHS.sleeps);
    await expect(Promise.all([ask(DEATHS.throws), sleeping])).rejects.toMatchObject({ code: 'internal', facts: { detail: 'a defect' } });
    await expect(sleeping).rejects.toMatchObject({ code: 'internal' });
  });

  it('that ends settles its calls', async () => {
    await expect(ask(DEATHS.exits)).rejects.toMatchObject({ code: 'internal' });
  });

  it('that runs out of memory says so, and the process lives', async () => {
    await expect(ask(DEATHS.eatsMemory)).rejects.toMatchObject({ code: 'snapshot.too-large' });
  });

  it('that never answers is given up when the call is cancelled', async () => {
    const stop = new AbortController();
    const call = ask(DEATHS.sleeps, stop.signal);
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'call.cancelled' });
    await expect(ask(DEATHS.answers, stop.signal)).rejects.toMatchObject({ code: 'call.cancelled' });
  });
});

describe('a worker that is let go', () => {
  it('settles what is open, and takes no more', async () => {
    const other = new WorkerHost({ name: 'other', limits: { cache: 0 }, source: () => undefined, log: silentLog, url });
    const o = { signal: new AbortController().signal, onProgress: () => undefined };
    const job = { method: 'heap.summary' as const, args: { project: 'p', snapshot: DEATHS.sleeps }, sources: [], history: [] };
    const call = other.call({ k: 'query', job }, o);
    await Promise.all([expect(call).rejects.toMatchObject({ code: 'call.cancelled' }), other.dispose()]);
    await expect(other.call({ k: 'query', job }, o)).rejects.toMatchObject({ code: 'call.cancelled' });
  });
});
