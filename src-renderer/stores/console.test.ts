import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ConsolePart } from '../../src-preload/contract/index.ts';
import * as api from '../api/index.ts';
import type { ConsoleSink } from './console-feed.ts';
import { useConsole } from './console.ts';
import { useLayout } from './layout.ts';
import { FakeCallError, fakeOf, freshStores } from './testing.ts';

const link = vi.hoisted(() => ({ resync: new Set<() => void>() }));

vi.mock('../api/index.ts', async () => {
  const { fakeApi, FakeCallError } = await import('./testing.ts');
  return {
    ...fakeApi(),
    CallError: FakeCallError,
    onConnection: () => () => undefined,
    onResync: (listener: () => void) => {
      link.resync.add(listener);
      return () => link.resync.delete(listener);
    },
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
    write: ({ data }) => {
      sink.text += new TextDecoder().decode(data);
      return Promise.resolve();
    },
    behind: () => undefined,
    cut: (bytes) => (sink.text += `[-${bytes}]`),
    replayed: () => done(),
    failed: (thrown) => {
      sink.fault = thrown;
      done();
    },
  };
  return sink;
}

const attached: (() => void)[] = [];

function attach(sink: ConsoleSink): () => void {
  const detach = useConsole().attach(ref, sink);
  attached.push(detach);
  return detach;
}

beforeEach(() => {
  for (const detach of attached.splice(0)) detach();
  freshStores(fake);
});

describe('what goes wrong', () => {
  test('a replay that fails is told', async () => {
    fake.answers.set('console.info', () => {
      throw new FakeCallError('session.missing');
    });
    const sink = aSink();
    attach(sink);
    await sink.ended;
    expect(sink.fault).toBeInstanceOf(FakeCallError);
  });

  test('what is cut is told where it was', async () => {
    fake.answers.set('console.info', { ...info, total: 1010, cutFrom: 4, cut: 1000 });
    fake.answers.set('console.read', ({ offset }: { offset: number }) => (offset === 0 ? [part(0, 'head'), part(1004, 'tail..')] : []));
    const sink = aSink();
    attach(sink);
    await sink.ended;
    expect(sink.text).toBe('head[-1000]tail..');
  });

  test('what is cut at the end is told too', async () => {
    fake.answers.set('console.info', { ...info, total: 104, cutFrom: 4, cut: 100 });
    fake.answers.set('console.read', ({ offset }: { offset: number }) => (offset === 0 ? [part(0, 'head')] : []));
    const sink = aSink();
    attach(sink);
    await sink.ended;
    expect(sink.text).toBe('head[-100]');
  });

  test('nothing more is written after the end', async () => {
    fake.answers.set('console.info', info);
    const sink = aSink();
    const detach = attach(sink);
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
    return [part(offset, 'abcdefghijkl'.slice(offset, offset + 4))];
  });
  const sink = aSink();
  attach(sink);
  await sink.ended;
  fake.emit('console.data', { ...ref, part: part(10, 'kl') });
  fake.emit('console.data', { project: 'p1', session: 2, part: part(12, 'stranger') });
  await vi.waitFor(() => expect(sink.text).toBe('abcdefghijkl'));
});

test('a search keeps what it was about', async () => {
  fake.answers.set('console.search', {
    total: 1,
    hits: [{ offset: 3, t: 5, line: 'error', start: 0, length: 5 }],
    searched: 16,
    printed: 50,
  });
  await useConsole().search(ref, 'error', false);
  expect(useConsole().found).toMatchObject({ text: 'error', total: 1, searched: 16, printed: 50 });
  useConsole().clearSearch();
  expect(useConsole().found).toBeNull();
});

describe('a replay', () => {
  const offsets = (): unknown[] => fake.call.mock.calls.filter(([name]) => name === 'console.read').map(([, args]) => args);

  test('asks for nothing where nothing was recorded, and for a quarter of a mebibyte at a time else', async () => {
    fake.answers.set('console.info', info);
    const empty = aSink();
    attach(empty);
    await empty.ended;
    expect([offsets(), useConsole().info]).toEqual([[], info]);
    fake.answers.set('console.info', { ...info, total: 6 });
    fake.answers.set('console.read', ({ offset }: { offset: number }) => [part(offset, 'abc')]);
    const sink = aSink();
    attach(sink);
    await sink.ended;
    expect(offsets()).toEqual([0, 3].map((offset) => ({ ...ref, offset, limit: 262_144 })));
    expect(sink.text).toBe('abcabc');
  });

  test('ends where the engine has no more, though it spoke of more, and says how much is missing', async () => {
    fake.answers.set('console.info', { ...info, total: 100 });
    fake.answers.set('console.read', ({ offset }: { offset: number }) => (offset === 0 ? [part(0, 'abc')] : []));
    const sink = aSink();
    attach(sink);
    await sink.ended;
    expect(sink.text).toBe('abc[-97]');
  });

  test('that is left in its middle reads and writes no more', async () => {
    const page = Promise.withResolvers<ConsolePart[]>();
    fake.answers.set('console.info', { ...info, total: 100, cutFrom: 3, cut: 5 });
    fake.answers.set('console.read', () => page.promise);
    const sink = aSink();
    const detach = attach(sink);
    await vi.waitFor(() => expect(offsets()).toHaveLength(1));
    detach();
    page.resolve([part(0, 'abc')]);
    await new Promise((resolve) => setTimeout(resolve));
    expect([sink.text, sink.fault, offsets().length]).toEqual(['', null, 1]);
  });

  test('says what is missing between parts, and once where the middle was not kept', async () => {
    fake.answers.set('console.info', { ...info, total: 12, cutFrom: 4, cut: 4 });
    fake.answers.set('console.read', ({ offset }: { offset: number }) => (offset === 0 ? [part(0, 'head'), part(8, 'tail')] : []));
    const sink = aSink();
    attach(sink);
    await sink.ended;
    expect(sink.text).toBe('head[-4]tail');
  });

  test('is taken up where a live part was lost: nothing is missing that the engine has', async () => {
    const all = 'abcdefghij';
    fake.answers.set('console.info', info);
    fake.answers.set('console.read', ({ offset }: { offset: number }) => [part(offset, all.slice(offset))]);
    const sink = aSink();
    attach(sink);
    await sink.ended;
    fake.emit('console.data', { ...ref, part: part(0, 'abc') });
    fake.emit('console.data', { ...ref, part: part(6, 'ghi') });
    fake.emit('console.data', { ...ref, part: part(9, 'j') });
    await vi.waitFor(() => expect(sink.text).toBe(all));
    fake.emit('console.data', { ...ref, part: part(10, 'kl') });
    expect([sink.text, offsets().length]).toEqual([`${all}kl`, 1]);
  });

  test('is taken up after a pause of the connection, where only the end was lost', async () => {
    fake.answers.set('console.info', { ...info, total: 3 });
    fake.answers.set('console.read', ({ offset }: { offset: number }) => [part(offset, 'abcprompt> '.slice(offset))]);
    const sink = aSink();
    const detach = attach(sink);
    await sink.ended;
    fake.answers.set('console.info', { ...info, total: 11 });
    for (const resync of link.resync) resync();
    await vi.waitFor(() => expect(sink.text).toBe('abcprompt> '));
    detach();
    expect(link.resync.size).toBe(0);
  });

  test('what was written before is not written again, and what follows is not taken for a gap', async () => {
    fake.answers.set('console.info', { ...info, total: 104, cutFrom: 4, cut: 100 });
    fake.answers.set('console.read', ({ offset }: { offset: number }) => (offset === 0 ? [part(0, 'head')] : []));
    const sink = aSink();
    attach(sink);
    await sink.ended;
    for (const [offset, text] of [
      [104, 'abcd'],
      [104, 'ab'],
      [100, 'old!'],
      [108, 'ef'],
    ] as const)
      fake.emit('console.data', { ...ref, part: part(offset, text) });
    expect(sink.text).toBe('head[-100]abcdef');
  });

  test('of another project’s session of the same number is not mixed in', async () => {
    fake.answers.set('console.info', info);
    const sink = aSink();
    attach(sink);
    await sink.ended;
    fake.emit('console.data', { project: 'p2', session: 1, part: part(0, 'stranger') });
    expect(sink.text).toBe('');
  });
});

describe('the size of the terminal', () => {
  const resized = (): unknown[] => fake.call.mock.calls.filter(([name]) => name === 'console.resize').map(([, args]) => args);

  test('is told where it is another one, and is remembered for the next program', async () => {
    const console = useConsole();
    console.info = info;
    await console.resize(ref, 80, 24);
    expect(resized()).toEqual([]);
    await console.resize(ref, 80, 30);
    await console.resize(ref, 90, 30);
    await console.resize(ref, 90, 30);
    expect(resized()).toEqual([
      { ...ref, columns: 80, rows: 30 },
      { ...ref, columns: 90, rows: 30 },
    ]);
    expect(console.info).toEqual({ ...info, columns: 90, rows: 30 });
    expect(useLayout().values['console.size']).toEqual([90, 30]);
  });

  test('is told also where nothing is known of it yet', async () => {
    await useConsole().resize(ref, 80, 24);
    expect([resized().length, useConsole().info]).toEqual([1, null]);
  });
});

test('what is typed goes to the program', async () => {
  await useConsole().write(ref, 'y\n');
  expect(fake.call).toHaveBeenCalledWith('console.write', { ...ref, data: 'y\n' });
});

test('a search is under way until it has its answer or has failed', async () => {
  const console = useConsole();
  const answer = Promise.withResolvers<unknown>();
  fake.answers.set('console.search', () => answer.promise);
  const searching = console.search(ref, 'x', true);
  expect(console.searching).toBe(true);
  expect(fake.call).toHaveBeenCalledWith('console.search', { ...ref, text: 'x', matchCase: true, limit: 500 });
  answer.reject(new FakeCallError('internal'));
  await expect(searching).rejects.toThrow('internal');
  expect([console.searching, console.found]).toEqual([false, null]);
});

test('the last lines of a program are read from its end, without colours and empty lines', async () => {
  fake.answers.set('console.info', { ...info, total: 10_000 });
  fake.answers.set('console.read', [part(5904, 'one\ntwo\n\n\x1b[31mthree\x1b[0m\nfo'), part(9990, 'ur\nfive\n')]);
  expect(await useConsole().lastLines(ref)).toEqual(['two', 'three', 'four', 'five']);
  expect(fake.call).toHaveBeenCalledWith('console.read', { ...ref, offset: 5904, limit: 4096 });
});
