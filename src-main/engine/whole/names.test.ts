import { expect, it } from 'vitest';
import type { ObjectRow, RowRequest } from '../../../src-preload/contract/index.ts';
import { SnapshotBench } from './snapshot-bench.ts';

const bench = SnapshotBench.forEach();
const ALL: RowRequest = { filter: null, sort: null, from: 0, count: 1_000_000 };

/** Coroutines that wait, begin and have ended; classes of one name; texts and arrays. */
const PROGRAM = `
import array, asyncio, time

async def check(event):
    await event.wait()

def numbers():
    yield 1

def make(n):
    class Schema:
        def load(self): return n
    return Schema

class Text(str): pass

async def main():
    global kept
    event = asyncio.Event()
    tasks = [asyncio.ensure_future(check(event)) for _ in range(30)]
    await asyncio.sleep(0)
    classes = [make(n) for n in range(20)]
    kept = tasks, classes, [numbers() for _ in range(10)], array.array("d", range(50)), bytearray(70), "ü" * 33, "a" * 44, Text("b" * 5)
    print("ready", flush=True)
    time.sleep(60)

asyncio.run(main())`;

it('a program tells what its code does, which class is which, and how long things are', async () => {
  const started = await bench.ready(PROGRAM);
  const [row] = await bench.take(started);
  const { id: snapshot } = await bench.settled(started, row!.id);
  const ref = { project: started.project.id, snapshot };
  const call = { signal: AbortSignal.timeout(60_000), onProgress: () => undefined };
  const { rows: code } = await bench.engine.heap.query(
    'heap.groups',
    { ...ref, ...ALL, by: 'code', within: { of: 'all' }, parent: null },
    call,
  );
  const count = (kind: string, text: RegExp): number | undefined =>
    code.find(({ label }) => label.module === kind && text.test(label.name))?.count;
  expect(count('coroutine', /^check <string>:5 suspended$/)).toBe(30);
  expect(count('_asyncio.Task', /^check <string>:5 suspended$/)).toBe(30);
  expect(count('generator', /^numbers <string>:7 created$/)).toBe(10);
  expect(count('coroutine', /^main <string>:\d+ running$/)).toBe(1);

  const { rows } = await bench.engine.heap.query('heap.objects', { ...ref, ...ALL, set: { of: 'all' } }, call);
  const named = (row: ObjectRow): string => `${row.type.module} ${row.type.name}`;
  const lengths = (kind: string): (number | null)[] => rows.filter((one) => named(one) === kind).map(({ length }) => length);
  expect([lengths('__main__ Text'), lengths(' str').includes(33), lengths(' str').includes(44)]).toEqual([[5], true, true]);
  expect([lengths(' str').includes(null), lengths(' bytes').includes(null), lengths(' bytearray').includes(70)]).toEqual([
    false,
    false,
    true,
  ]);
  expect(rows.find((one) => named(one) === 'array array')).toMatchObject({ length: 50, array: { dtype: 'float64', shape: '(50,)' } });
  const schemas = rows.filter(({ preview }) =>
    /^__main__\.make\.<locals>\.Schema <string>|^__main__\.make\.<locals>\.Schema$/.test(preview),
  );
  expect(new Set(schemas.map(({ address }) => address)).size).toBe(20);
  await bench.end(started);
});
