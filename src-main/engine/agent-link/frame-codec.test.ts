import { encode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameReader, MAX_BODY, ProtocolViolation, type Frame } from './frame-codec.ts';

function raw(kind: number, body: Uint8Array, announced = body.length): Uint8Array {
  const bytes = Buffer.alloc(5 + body.length);
  bytes.writeUInt32LE(announced, 0);
  bytes.writeUInt8(kind, 4);
  bytes.set(body, 5);
  return bytes;
}

function readAll(reader: FrameReader, ...pieces: Uint8Array[]): Frame[] {
  return pieces.flatMap((piece) => [...reader.push(piece)]);
}

describe('a reader given what is no frame', () => {
  it('refuses a frame announced as too long before its body has come', () => {
    const header = raw(2, new Uint8Array(), MAX_BODY + 1);
    expect(() => readAll(new FrameReader(), header)).toThrow(ProtocolViolation);
  });

  it('refuses a frame that opens a million levels before anything of it is built', () => {
    const deep = (levels: number): Uint8Array =>
      raw(2, Buffer.concat([Buffer.from([0x81, 0xa1, 0x78]), Buffer.alloc(levels, 0x91), Buffer.from([0xc0])]));
    expect(() => readAll(new FrameReader(), deep(1_000_000))).toThrow(ProtocolViolation);
    expect(() => readAll(new FrameReader(), deep(16))).toThrow(/levels/);
    expect(readAll(new FrameReader(), deep(15))).toHaveLength(1);
  });

  it('refuses one that holds more than anybody sends, or a type of its own', () => {
    const nils = (count: number): Uint8Array => {
      const head = Buffer.from([0x81, 0xa1, 0x78, 0xdd, 0, 0, 0, 0]);
      head.writeUInt32BE(count, 4);
      return raw(2, Buffer.concat([head, Buffer.alloc(count, 0xc0)]));
    };
    expect(readAll(new FrameReader(), nils(100_000))).toHaveLength(1);
    expect(() => readAll(new FrameReader(), nils(100_001))).toThrow(/not MessagePack/);
    const keys = (count: number): Uint8Array =>
      encodeFrame(2, Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, null])));
    expect(readAll(new FrameReader(), keys(10_000))).toHaveLength(1);
    expect(() => readAll(new FrameReader(), keys(10_001))).toThrow(/not MessagePack/);
    expect(() => readAll(new FrameReader(), raw(2, Buffer.from([0x81, 0xa1, 0x78, 0xd4, 1, 0])))).toThrow(ProtocolViolation);
  });

  it('takes a frame of exactly the limit, which may be raised once the peer is known', () => {
    const frame = encodeFrame(1, { token: 'x'.repeat(90) });
    const reader = new FrameReader(frame.length - 5);
    expect(readAll(reader, frame)).toHaveLength(1);
    expect(() => readAll(new FrameReader(frame.length - 6), frame)).toThrow(ProtocolViolation);
    reader.allow(1000);
    expect(readAll(reader, encodeFrame(1, { token: 'x'.repeat(500) }))).toHaveLength(1);
  });

  it('takes less from a peer that is not known yet', () => {
    const reader = new FrameReader(64);
    expect(() => readAll(reader, encodeFrame(1, { token: 'x'.repeat(100) }))).toThrow(/at most 64/);
  });

  it.each([
    ['an array', encode([1, 2])],
    ['a number', encode(7)],
    ['nil', encode(null)],
    ['bytes', encode(new Uint8Array(3))],
    ['nothing', new Uint8Array()],
    ['a cut map', encode({ a: 1, b: 'text' }).slice(0, 5)],
    ['a map with something behind it', Buffer.concat([encode({ a: 1 }), encode(1)])],
    ['a key that would reach a prototype', Buffer.from([0x81, 0xa9, ...Buffer.from('__proto__'), 0x01])],
  ])('refuses %s as a body', (_name, body) => {
    expect(() => readAll(new FrameReader(), raw(2, body))).toThrow(ProtocolViolation);
  });

  it('never throws anything but a violation, whatever comes', () => {
    let seed = 7;
    const random = () => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) / 0x7fffffff;
    for (let round = 0; round < 2000; round += 1) {
      const body = Uint8Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256));
      try {
        readAll(new FrameReader(), raw(Math.floor(random() * 256), body));
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(ProtocolViolation);
      }
    }
  });
});

describe('a reader given frames', () => {
  const frames: Frame[] = [
    { kind: 2, body: { t: 1.5, blocks: null } },
    { kind: 4, body: { t: 2, name: 'loaded ✓' } },
    { kind: 3, body: { c: [[1, 2, 0.25, 10, 0, 1]] } },
  ];
  const bytes = Buffer.concat(frames.map(({ kind, body }) => encodeFrame(kind, body)));

  it('hands them out whole when they come at once', () => {
    expect(readAll(new FrameReader(), bytes)).toEqual(frames);
  });

  it('hands them out whole wherever they are cut', () => {
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(readAll(new FrameReader(), bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(frames);
    }
  });

  it('hands them out whole byte by byte', () => {
    const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(readAll(new FrameReader(), ...pieces)).toEqual(frames);
  });
});
