import { describe, expect, it } from 'vitest';
import { HeapscopeError } from '../base/errors.ts';
import { addressOrder } from './address-order.ts';
import { readColumnFile, writeColumnFile, type WholeHeap } from './column-file.ts';
import type { HeapFacts } from './graph.ts';
import { modules } from './testing/dump-builder.ts';
import { heapOf } from './testing/heap-of.ts';

function someHeap(): WholeHeap {
  const { graph } = heapOf({
    objects: [
      { id: 'app', type: 'module', edges: ['a', 'b'] },
      { id: 'a', type: 'str', size: 50, hash: 7n },
      { id: 'b', type: 'str', size: 50, hash: 7n, edges: ['a'] },
      { id: 'c', size: 2 ** 33, edges: ['c'] },
    ],
    roots: [modules('app')],
  });
  return { graph, byAddress: addressOrder(graph) };
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

function read(bytes: Uint8Array, size = bytes.length): WholeHeap {
  let at = 0;
  return readColumnFile(size, (into) => {
    if (at + into.length > bytes.length) throw new HeapscopeError('snapshot.damaged', { detail: 'end' });
    into.set(bytes.subarray(at, at + into.length));
    at += into.length;
  });
}

describe('a heap as one file', () => {
  it('of an older version does not say how large empty texts are', () => {
    const heap = someHeap();
    const { emptyStr: _, emptyBytes: __, ...facts } = { ...heap.graph.facts, emptyStr: 41, emptyBytes: 33 };
    const older = { ...heap, graph: { ...heap.graph, facts: facts as HeapFacts } };
    expect(read(joined(writeColumnFile(older))).graph.facts).toEqual({ ...facts, emptyStr: 0, emptyBytes: 0 });
  });

  it('is read as it was written, in memory that workers share', () => {
    const heap = someHeap();
    const again = read(joined(writeColumnFile(heap)));
    expect(again).toEqual(heap);
    expect(again.graph.address.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(again.graph.edgeTo.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('is refused wherever it is cut, and with more behind it', () => {
    const bytes = joined(writeColumnFile(someHeap()));
    for (let length = 0; length < bytes.length; length++) expect(() => read(bytes.slice(0, length))).toThrow(HeapscopeError);
    expect(() => read(Uint8Array.from([...bytes, 0]))).toThrow('length');
  });

  it('is refused whichever byte was altered, but those between the columns', () => {
    const heap = someHeap();
    const bytes = joined(writeColumnFile(heap));
    let taken = 0;
    for (let at = 0; at < bytes.length; at++) {
      const altered = bytes.slice();
      altered[at]! ^= 1;
      try {
        expect(read(altered)).toEqual(heap);
        expect(bytes[at]).toBe(0);
        taken++;
      } catch (thrown) {
        if (!(thrown instanceof HeapscopeError)) throw thrown;
      }
    }
    expect(taken).toBeLessThan(7 * 60);
  });

  it('takes no memory for numbers that the file does not have', () => {
    const [start, , head] = writeColumnFile(someHeap());
    expect(() => read(joined([start!, head!]), 100)).toThrow(HeapscopeError);
  });
});
