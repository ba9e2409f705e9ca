import { expect, test, vi } from 'vitest';
import type { ConsolePart } from '../../src-preload/contract/index.ts';
import { ConsoleFeed, type ConsoleSink } from './console-feed.ts';

const MIB = 1024 * 1024;
const QUARTER = MIB / 4;

/** A terminal that takes in what it gets when the test says so. */
function aTerminal() {
  const taken: (() => void)[] = [];
  const told: string[] = [];
  const sink: ConsoleSink = {
    write: ({ offset, data }) => {
      told.push(`${offset}+${data.length}`);
      return new Promise((resolve) => taken.push(resolve));
    },
    cut: (bytes) => told.push(`-${bytes}`),
    behind: (is) => told.push(is ? 'behind' : 'level'),
    replayed: () => told.push('replayed'),
    failed: (thrown) => told.push(`failed: ${String(thrown)}`),
  };
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  const take = async (count = taken.length): Promise<void> => {
    for (const done of taken.splice(0, count)) done();
    await settle();
  };
  return { sink, told, take, settle, shown: () => told.splice(0) };
}

const part = (offset: number, length: number): ConsolePart => ({ offset, t: 0, data: new Uint8Array(length) });

/** An engine that has everything that was printed so far. */
function anEngine() {
  const engine = { printed: 0, asked: [] as number[] };
  const read = (offset: number): Promise<ConsolePart[]> => {
    engine.asked.push(offset);
    const length = Math.min(QUARTER, engine.printed - offset);
    return Promise.resolve(length > 0 ? [part(offset, length)] : []);
  };
  return { engine, read };
}

test('given a terminal that cannot keep up, when much comes, then the rest stays in the engine and is read when there is room', async () => {
  const { sink, take, settle, shown } = aTerminal();
  const { engine, read } = anEngine();
  const feed = new ConsoleFeed(sink, read);
  await feed.replay(() => Promise.resolve(0));
  shown();
  for (let offset = 0; offset < 4 * MIB; offset += MIB / 2) {
    engine.printed = offset + MIB / 2;
    feed.live(part(offset, MIB / 2));
  }
  await settle();
  expect(shown()).toEqual(['0+524288', '524288+524288', 'behind']);
  expect(engine.asked).toEqual([]);
  await take(1);
  expect(shown()).toEqual([]);
  await take();
  expect(shown()).toEqual([`${MIB}+${QUARTER}`]);
  while (engine.asked.at(-1) !== 4 * MIB - QUARTER) await take();
  await take();
  expect(shown().at(-1)).toBe('level');
  engine.printed += 3;
  feed.live(part(4 * MIB, 3));
  expect(shown()).toEqual([`${4 * MIB}+3`]);
});

test('given what the terminal has not taken in, when all of it has been read, then the replay has not ended yet', async () => {
  const { sink, take, settle, told } = aTerminal();
  const { engine, read } = anEngine();
  engine.printed = 5;
  void new ConsoleFeed(sink, read).replay(() => Promise.resolve(5));
  await settle();
  expect(told).toEqual(['0+5']);
  await take();
  expect(told).toEqual(['0+5', 'replayed', 'level', 'level']);
});

test('given a read that fails, when the next part comes, then it is read from where the terminal stands', async () => {
  const { sink, settle, shown } = aTerminal();
  const { engine, read } = anEngine();
  let broken = true;
  const feed = new ConsoleFeed(sink, (offset) => (broken ? Promise.reject(new Error('gone')) : read(offset)));
  engine.printed = 4;
  await feed.replay(() => Promise.resolve(4));
  expect(shown()).toEqual(['failed: Error: gone']);
  await feed.resume(() => Promise.reject(new Error('still gone')));
  expect(shown()).toEqual(['failed: Error: still gone']);
  broken = false;
  engine.printed = 6;
  feed.live(part(4, 2));
  await settle();
  expect(shown()).toEqual(['behind', '0+6', 'level']);
});

test('given a feed that waits for room, when it is closed, then nothing more is read or said', async () => {
  const { sink, take, settle, shown } = aTerminal();
  const { engine, read } = anEngine();
  engine.printed = 4 * MIB;
  const feed = new ConsoleFeed(sink, read);
  void feed.replay(() => Promise.resolve(4 * MIB));
  await settle();
  expect(shown()).toEqual([`0+${QUARTER}`]);
  feed.close();
  await take();
  feed.live(part(4 * MIB, 1));
  await settle();
  await vi.waitFor(() => expect([shown(), engine.asked]).toEqual([[], [0]]));
});
