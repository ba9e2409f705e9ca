import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ConsolePart } from '../../src-preload/contract/index.ts';
import * as api from '../api/index.ts';
import { useConsole } from './console.ts';
import type { ConsoleSink } from './console.ts';
import { FakeCallError, fakeOf, freshStores } from './testing.ts';

vi.mock('../api/index.ts', async () => {
  const { fakeApi, FakeCallError } = await import('./testing.ts');
  return {
    ...fakeApi(),
    CallError: FakeCallError,
    onConnection: () => () => undefined,
    onResync: () => () => undefined,
    connect: async () => undefined,
    connectionState: () => 'connected',
  };
});

const fake = fakeOf(api);
const ref = { project: 'p1', session: 1 };
const encoder = new TextEncoder();
const part = (offset: number, text: string): ConsolePart => ({ offset, t: offset, data: encoder.encode(text) });
const info = { total: 0, cutFrom: 0, cut: 0, columns: 80, rows: 24 };

interface Shown extends ConsoleSink {
  text: string;
  ended: Promise<void>;
  fault: unknown;
}

function aSink(): Shown {
  let done: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (done = resolve));
  const sink: Shown = {
    text: '',
    ended,
    fault: null,
    write: (data) => (sink.text += new TextDecoder().decode(data)),
    cut: (bytes) => (sink.text += `[-${bytes}]`),
    replayed: () => done(),
    failed: (thrown) => {
      sink.fault = thrown;
      done();
    },
  };
  return sink;
}

beforeEach(() => freshStores(fake));

describe('what goes wrong', () => {
  test('a replay that fails is told', async () => {
    fake.answers.set('console.info', () => {
      throw new FakeCallError('session.missing');
    });
    const sink = aSink();
    useConsole().attach(ref, sink);
    await sink.ended;
    expect(sink.fault).toBeInstanceOf(FakeCallError);
  });

  test('what is cut is told where it was', async () => {
    fake.answers.set('console.info', { ...info, total: 1010, cutFrom: 4, cut: 1000 });
    fake.answers.set('console.read', ({ offset }: { offset: number }) => (offset === 0 ? [part(0, 'head'), part(1004, 'tail..')] : []));
    const sink = aSink();
    useConsole().attach(ref, sink);
    await sink.ended;
    expect(sink.text).toBe('head[-1000]tail..');
  });

  test('what is cut at the end is told too', async () => {
    fake.answers.set('console.info', { ...info, total: 104, cutFrom: 4, cut: 100 });
    fake.answers.set('console.read', ({ offset }: { offset: number }) => (offset === 0 ? [part(0, 'head')] : []));
    const sink = aSink();
    useConsole().attach(ref, sink);
    await sink.ended;
    expect(sink.text).toBe('head[-100]');
  });

  test('nothing more is written after the end', async () => {
    fake.answers.set('console.info', info);
    const sink = aSink();
    const detach = useConsole().attach(ref, sink);
    await sink.ended;
    detach();
    fake.emit('console.data', { ...ref, part: part(0, 'late') });
    expect(sink.text).toBe('');
  });
});

test('pages are read to the end; live output during the replay waits and is not written twice', async () => {
  fake.answers.set('console.info', { ...info, total: 8 });
  fake.answers.set('console.read', ({ offset }: { offset: number }) => {
    if (offset === 0) fake.emit('console.data', { ...ref, part: part(6, 'ghij') });
    return offset === 0 ? [part(0, 'abcd')] : [part(4, 'efgh')];
  });
  const sink = aSink();
  useConsole().attach(ref, sink);
  await sink.ended;
  fake.emit('console.data', { ...ref, part: part(10, 'kl') });
  fake.emit('console.data', { project: 'p1', session: 2, part: part(12, 'stranger') });
  expect(sink.text).toBe('abcdefghijkl');
});

test('a search keeps what it was about', async () => {
  fake.answers.set('console.search', { total: 1, hits: [{ offset: 3, t: 5, line: 'error', start: 0, length: 5 }] });
  await useConsole().search(ref, 'error', false);
  expect(useConsole().found).toMatchObject({ text: 'error', total: 1 });
  useConsole().clearSearch();
  expect(useConsole().found).toBeNull();
});
