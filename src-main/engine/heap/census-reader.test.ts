import { describe, expect, it } from 'vitest';
import { CensusReader, isCensus, type Census } from './census-reader.ts';
import { DumpReader } from './dump-reader.ts';
import { censusOf } from './testing/census-builder.ts';
import { dumpOf } from './testing/dump-builder.ts';

function read(bytes: Uint8Array, piece = bytes.length): Census {
  const reader = new CensusReader();
  for (let at = 0; at < bytes.length; at += piece) reader.push(bytes.subarray(at, at + piece));
  return reader.finish();
}

const TYPES = [
  { module: 'builtins', name: 'object' },
  { module: 'builtins', name: 'dict', base: 0, objects: 800, bytes: 44_800 },
  { module: 'app', name: 'User', base: 0, objects: 2 ** 33, bytes: 2 ** 40 },
];

describe('a census that is not whole', () => {
  const whole = censusOf(TYPES);

  it('is refused wherever it is cut', () => {
    for (let end = 0; end < whole.length; end++) {
      expect(() => read(whole.subarray(0, end)), `cut at ${end}`).toThrow(/snapshot\.(cut|damaged)/);
    }
  });

  it('is refused whichever byte was altered', () => {
    for (let at = 0; at < whole.length; at++) {
      const altered = whole.map((byte, i) => (i === at ? byte ^ 0x21 : byte));
      expect(() => read(altered), `altered at ${at}`).toThrow(/snapshot\.(cut|damaged|newer|limit)/);
    }
  });

  it.each([
    ['stopped', censusOf(TYPES, { status: 1 }), 'snapshot.limit'],
    ['with objects', censusOf(TYPES, { nodes: 3 }), 'snapshot.damaged'],
    ['of a type that is not there', censusOf(TYPES, { extra: 9 }), 'snapshot.damaged'],
    ['that counts a type twice', censusOf(TYPES, { extra: 1 }), 'snapshot.damaged'],
    ['with a class that is its own base', censusOf([{ module: '', name: 'x', base: 0, objects: 1 }]), 'snapshot.damaged'],
    ['with the facts of a whole heap', censusOf(TYPES, { method: 'fork' }), 'snapshot.damaged'],
  ])('%s is refused', (_how, bytes, code) => {
    expect(() => read(bytes)).toThrow(code);
  });

  it('and a whole heap are not taken for each other', () => {
    const heap = dumpOf({ objects: [{ id: 'a', type: 'dict' }] });
    expect(isCensus(heap)).toBe(false);
    expect(() => read(heap)).toThrow('snapshot.damaged');
    expect(isCensus(whole)).toBe(true);
    const reader = new DumpReader();
    expect(() => reader.push(whole)).toThrow('snapshot.damaged');
  });
});

describe('a census', () => {
  it.each([1, 7, 1 << 20])('is read in pieces of %d bytes', (piece) => {
    const { types, meta, pid } = read(censusOf(TYPES), piece);
    expect(types.map(({ name, objects, bytes }) => [name, objects, bytes])).toEqual([
      ['object', 0, 0],
      ['dict', 800, 44_800],
      ['User', 2 ** 33, 2 ** 40],
    ]);
    expect([meta.method, meta.python, pid]).toEqual(['census', '3.12.1', 4242]);
  });
});
