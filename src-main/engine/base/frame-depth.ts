/**
 * Whether arrays and maps of a MessagePack value are nested at most this deep and contain at most this many values, checked without
 * building any of it: a single byte can open a level or announce a value of many more bytes in memory, and the decoder keeps a stack of all
 * levels. Malformed bytes are left to the decoder: true.
 */
export function isShallow(bytes: Uint8Array, limit: number, most = Infinity): boolean {
  /** Values still expected at each open level. */
  const open: number[] = [];
  let seen = 0;
  for (let at = 0; at < bytes.length;) {
    if (++seen > most) return false;
    const { size, values } = headOf(bytes, at);
    at += size;
    if (values > 0) {
      if (open.length === limit) return false;
      open.push(values);
      continue;
    }
    while (open.length > 0 && --open[open.length - 1]! === 0) open.pop();
  }
  return true;
}

/** Bytes of the header that begins here, and the number of values it contains. */
function headOf(bytes: Uint8Array, at: number): { size: number; values: number } {
  const first = bytes[at]!;
  if (first < 0x80 || first >= 0xe0) return { size: 1, values: 0 };
  if (first < 0x90) return { size: 1, values: 2 * (first & 0x0f) };
  if (first < 0xa0) return { size: 1, values: first & 0x0f };
  if (first < 0xc0) return { size: 1 + (first & 0x1f), values: 0 };
  const fixed = FIXED[first];
  if (fixed !== undefined) return { size: 1 + fixed, values: 0 };
  const counted = COUNTED[first];
  if (counted === undefined) return { size: 1, values: 0 };
  const [width, per] = counted;
  let count = 0;
  for (let i = 1; i <= width; i++) count = count * 256 + (bytes[at + i] ?? 0);
  return per === 'bytes' ? { size: 1 + width + count, values: 0 } : { size: 1 + width, values: per * count };
}

/** Bytes after the first, of numbers and of fixed extensions. */
const FIXED: Partial<Record<number, number>> = {
  0xca: 4,
  0xcb: 8,
  0xcc: 1,
  0xcd: 2,
  0xce: 4,
  0xcf: 8,
  0xd0: 1,
  0xd1: 2,
  0xd2: 4,
  0xd3: 8,
  0xd4: 2,
  0xd5: 3,
  0xd6: 5,
  0xd7: 9,
  0xd8: 17,
};

/** Bytes of the count, and what it counts: bytes, or values (a map has two per entry). */
const COUNTED: Partial<Record<number, [number, 'bytes' | 1 | 2]>> = {
  0xc4: [1, 'bytes'],
  0xc5: [2, 'bytes'],
  0xc6: [4, 'bytes'],
  0xd9: [1, 'bytes'],
  0xda: [2, 'bytes'],
  0xdb: [4, 'bytes'],
  0xdc: [2, 1],
  0xdd: [4, 1],
  0xde: [2, 2],
  0xdf: [4, 2],
};
