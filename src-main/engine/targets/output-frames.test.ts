import { describe, expect, it } from 'vitest';
import { FrameReader } from './output-frames.ts';

/** A kind, a stream, the payload's length, and the payload. */
function frame(kind: string, stream: number, text: string): Buffer {
  const head = Buffer.alloc(6);
  head.write(kind, 0, 'latin1');
  head.writeUInt8(stream, 1);
  head.writeUInt32LE(Buffer.byteLength(text), 2);
  return Buffer.concat([head, Buffer.from(text)]);
}

function read(pieces: Iterable<Buffer>): unknown[] {
  const reader = new FrameReader();
  const frames: unknown[] = [];
  reader.onFrame = ({ kind, stream, data }) => void frames.push([kind, stream, data.toString()]);
  for (const piece of pieces) reader.push(piece);
  return frames;
}

const ALL = Buffer.concat([frame('o', 1, 'hello'), frame('o', 2, ''), frame('x', 0, 'a longer one, so that it is cut often')]);
const FRAMES = [
  ['o', 1, 'hello'],
  ['o', 2, ''],
  ['x', 0, 'a longer one, so that it is cut often'],
];

describe('frames of the keeper of output', () => {
  it('come out whole, several of one piece', () => expect(read([ALL])).toEqual(FRAMES));

  it('come out whole however they are cut', () => {
    for (let size = 1; size < ALL.length; size++) {
      const pieces = Array.from({ length: Math.ceil(ALL.length / size) }, (_, n) => ALL.subarray(n * size, (n + 1) * size));
      expect(read(pieces)).toEqual(FRAMES);
    }
  });

  it('that are not whole yet wait for their last byte', () => {
    expect(read([ALL.subarray(0, 5)])).toEqual([]);
    expect(read([ALL.subarray(0, 10)])).toEqual([]);
    expect(read([ALL.subarray(0, 11)])).toEqual(FRAMES.slice(0, 1));
    expect(read([ALL.subarray(0, -1)])).toEqual(FRAMES.slice(0, 2));
  });

  it('that hold nothing come at once', () => {
    expect(read([frame('e', 1, '')])).toEqual([['e', 1, '']]);
  });

  it('that nobody listens to are no fault', () => expect(() => new FrameReader().push(ALL)).not.toThrow());
});
