import { describe, expect, it } from 'vitest';
import { AllocationReader } from './allocation-reader.ts';
import { encodeFrame, FrameReader, ProtocolViolation } from './frame-codec.ts';
import { Kind, readMessage, type AllocationMessage } from './messages.ts';

const EMPTY: AllocationMessage = {
  ...{ t: 1, epoch: 0, mean: 65_536, state: 'on', why: '', live: 0, merged: 0 },
  ...{ strings: [], nodes: [], made: [], freed: [] },
};

/** A thread with one function below it. */
const FIRST: AllocationMessage = {
  ...EMPTY,
  strings: ['MainThread', '', 'work', '/job.py'],
  nodes: [
    [-1, 0, 1, 0],
    [0, 2, 3, 7],
  ],
  made: [[1, 70_000, 1, 5]],
};

function refused(...messages: AllocationMessage[]): () => void {
  const reader = new AllocationReader({ nodes: 4, strings: 6, characters: 100, depth: 2, rows: 4 });
  const last = messages.pop() ?? EMPTY;
  for (const message of messages) reader.take(structuredClone(message));
  return () => reader.take(last);
}

describe('sampled allocations of an agent', () => {
  it('come as they were sent', () => {
    const frame = [...new FrameReader().push(encodeFrame(Kind.allocations, { ...FIRST }))][0]!;
    expect(readMessage(frame)).toEqual({ kind: Kind.allocations, body: FIRST });
    const reader = new AllocationReader();
    expect(reader.take(FIRST)).toBe(FIRST);
    const second = { ...EMPTY, epoch: 1, freed: [[1, 0, 70_000, 1, 5]] } satisfies AllocationMessage;
    expect(reader.take(second)).toBe(second);
  });

  it('are one epoch when they come in parts', () => {
    const reader = new AllocationReader();
    const parts: AllocationMessage[] = [
      { ...structuredClone(FIRST), more: true },
      { ...EMPTY, nodes: [[1, 2, 3, 9]], made: [[2, 1, 1, 0]], more: true },
      { ...EMPTY, t: 2, live: 3, freed: [[2, 0, 1, 1, 0]] },
    ];
    expect(parts.map((part) => reader.take(part))).toEqual([
      null,
      null,
      {
        ...EMPTY,
        ...{ t: 2, live: 3, strings: FIRST.strings, nodes: [...FIRST.nodes, [1, 2, 3, 9]] },
        ...{ made: [...FIRST.made, [2, 1, 1, 0]], freed: [[2, 0, 1, 1, 0]] },
      },
    ]);
  });

  it.each([
    ['an epoch that is left out', refused({ ...EMPTY, epoch: 1 })],
    ['an epoch for the second time', refused(EMPTY, EMPTY)],
    ['a part of another epoch', refused({ ...EMPTY, more: true }, { ...EMPTY, epoch: 1 })],
    ['a node of an unsent parent', refused({ ...FIRST, nodes: [[0, 0, 1, 0]] })],
    ['a node of an unsent name', refused({ ...FIRST, nodes: [[-1, 4, 1, 0]] })],
    ['a node of an unsent file', refused({ ...FIRST, nodes: [[-1, 0, 4, 0]] })],
    ['bytes of an unsent node', refused({ ...FIRST, made: [[2, 1, 1, 0]] })],
    ['a block freed at an unsent node', refused(FIRST, { ...EMPTY, epoch: 1, freed: [[2, 0, 1, 1, 0]] })],
    ['a block freed before it is made', refused(FIRST, { ...EMPTY, epoch: 1, freed: [[1, 2, 1, 1, 0]] })],
    ['too many strings', refused(FIRST, { ...EMPTY, epoch: 1, strings: ['a', 'b', 'c'] })],
    ['too much text', refused({ ...EMPTY, strings: ['x'.repeat(101)] })],
    ['too many nodes', refused(FIRST, { ...EMPTY, epoch: 1, nodes: Array.from({ length: 3 }, () => [-1, 0, 1, 0]) })],
    [
      'nodes that are too deep',
      refused(FIRST, {
        ...EMPTY,
        epoch: 1,
        nodes: [
          [1, 2, 3, 8],
          [2, 2, 3, 9],
        ],
      }),
    ],
    [
      'too many rows, in several parts',
      refused({ ...FIRST, more: true }, { ...EMPTY, made: Array.from({ length: 4 }, () => [1, 1, 1, 0]), more: true }),
    ],
  ])('are refused with %s', (_what, take) => {
    expect(take).toThrow(ProtocolViolation);
  });

  it.each([
    ['negative bytes', { made: [[1, -1, 1, 0]] }],
    ['bytes that are no number', { made: [[1, NaN, 1, 0]] }],
    ['endless bytes', { made: [[1, Infinity, 1, 0]] }],
    ['half a node', { made: [[0.5, 1, 1, 0]] }],
    ['a row that is too short', { freed: [[1, 0, 1, 1]] }],
    ['a long string', { strings: ['x'.repeat(2001)] }],
    ['an unknown state', { state: 'asleep' }],
    ['an endless reason', { why: 'x'.repeat(201) }],
  ])('are refused with %s', (_what, change) => {
    expect(() => readMessage({ kind: Kind.allocations, body: { ...FIRST, ...change } })).toThrow(/kind 11 with a bad \S/);
  });
});
