import { encode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import { FrameReader, ProtocolViolation } from './frame-codec.ts';
import { isShallow } from './frame-depth.ts';

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

/** A frame of kind 2 whose body opens so many arrays, one byte each. */
function deepFrame(levels: number): Uint8Array {
  const body = Buffer.concat([Buffer.from([0x81, 0xa1, 0x78]), Buffer.alloc(levels, 0x91), Buffer.from([0xc0])]);
  const head = Buffer.alloc(5);
  head.writeUInt32LE(body.length, 0);
  head.writeUInt8(2, 4);
  return Buffer.concat([head, body]);
}

describe('the depth of a frame', () => {
  it('is found in whatever is encoded', () => {
    const values = [
      null,
      true,
      -5,
      1.5,
      'x',
      'y'.repeat(300),
      new Uint8Array(70_000),
      { a: { b: [1, 2, { c: [] }] } },
      2 ** 40,
      -(2 ** 33),
    ];
    const whole = encode({ values, more: Array.from({ length: 20 }, (_, i) => ({ [`k${i}`]: [i, [i]] })) });
    expect(isShallow(whole, 6)).toBe(true);
    expect(isShallow(whole, 5)).toBe(false);
    for (const depth of [1, 2, 15])
      expect([isShallow(encode(nested(depth)), depth), isShallow(encode(nested(depth)), depth - 1)]).toEqual([true, false]);
  });

  it('does not add up over values beside each other', () => {
    expect(isShallow(encode(Array.from({ length: 1000 }, () => [[1]])), 3)).toBe(true);
  });

  it('is bounded: a frame that opens a million levels is refused before anything is built', () => {
    expect(() => [...new FrameReader().push(deepFrame(1_000_000))]).toThrow(ProtocolViolation);
    expect(() => [...new FrameReader().push(deepFrame(16))]).toThrow(/levels/);
    expect([...new FrameReader().push(deepFrame(15))]).toHaveLength(1);
  });

  it('leaves malformed bytes to the decoder', () => {
    for (const bytes of [[], [0xc1], [0xdd, 0xff], [0xdb, 0xff, 0xff, 0xff, 0xff]]) expect(isShallow(Uint8Array.from(bytes), 1)).toBe(true);
  });
});
