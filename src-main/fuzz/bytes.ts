import * as fc from 'fast-check';

/** One mutation of bytes; `at` is a fraction of their length, so that it applies to input of any length. */
export interface Damage {
  at: number;
  how: 'flip' | 'set' | 'number' | 'zeros' | 'cut' | 'double' | 'drop' | 'text';
  value: number;
}

/** Boundary values of the fields. */
const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

export const damages = (most: number): fc.Arbitrary<Damage[]> =>
  fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      how: fc.constantFrom<Damage['how']>('flip', 'set', 'number', 'number', 'zeros', 'cut', 'double', 'drop', 'text'),
      value: fc.oneof(fc.constantFrom(...EDGES), fc.nat(0xffff)),
    }),
    { minLength: 1, maxLength: most },
  );

export function damaged(bytes: Uint8Array, done: readonly Damage[]): Uint8Array {
  return done.reduce((altered, damage) => alter(altered, damage), Uint8Array.from(bytes));
}

function alter(bytes: Uint8Array<ArrayBuffer>, { at, how, value }: Damage): Uint8Array<ArrayBuffer> {
  if (bytes.length === 0) return bytes;
  const place = Math.min(bytes.length - 1, Math.floor(at * bytes.length));
  const stretch = 1 + (value % 64);
  switch (how) {
    case 'flip':
      bytes[place]! ^= 1 << (value & 7);
      return bytes;
    case 'set':
      bytes[place] = value & 0xff;
      return bytes;
    case 'number':
      if (place + 4 <= bytes.length) new DataView(bytes.buffer).setUint32(place, value >>> 0, true);
      return bytes;
    case 'zeros':
      return bytes.fill(0, place, place + stretch);
    case 'text':
      return bytes.fill(0x5b, place, place + stretch);
    case 'cut':
      return bytes.slice(0, place);
    case 'double':
      return Uint8Array.from([...bytes.subarray(0, place + stretch), ...bytes.subarray(place)]);
    case 'drop':
      return Uint8Array.from([...bytes.subarray(0, place), ...bytes.subarray(place + stretch)]);
  }
}
