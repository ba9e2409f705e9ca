/**
 * A chunk of a column as bytes: one plane per byte of its numbers, those that are all zero left out, then zstd.
 * Numbers of 32 bits, `1 2 258`:
 *
 *     mask    0b0011
 *     planes  01 02 02 · 00 00 01      lowest bytes, then the next; the other two are zero
 *
 * Neighbours in a plane are alike where neighbours in a column are of one kind: half the size, and twice the speed.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Bytes of a column, whatever its numbers: `width` bytes each. */
export function packPlanes(bytes: Uint8Array, width: number): Uint8Array {
  const count = bytes.length / width;
  const used: number[] = [];
  for (let plane = 0; plane < width; plane++) if (hasBits(bytes, plane, width)) used.push(plane);
  const planes = new Uint8Array(1 + used.length * count);
  planes[0] = used.reduce((mask, plane) => mask | (1 << plane), 0);
  for (const [at, plane] of used.entries()) {
    for (let i = 0, from = plane, to = 1 + at * count; i < count; i++, from += width) planes[to++] = bytes[from]!;
  }
  return zstdCompressSync(planes, FAST);
}

/** Fills `into`, which is zero, with what was packed; false: the bytes are not that. */
export function unpackPlanes(packed: Uint8Array, into: Uint8Array, width: number): boolean {
  const count = into.length / width;
  const planes = decompress(packed, 1 + into.length);
  if (planes === null || planes.length === 0) return false;
  const mask = planes[0]!;
  let at = 1;
  for (let plane = 0; plane < 8; plane++) {
    if ((mask & (1 << plane)) === 0) continue;
    if (plane >= width || at + count > planes.length) return false;
    for (let i = 0, to = plane; i < count; i++, to += width) into[to] = planes[at++]!;
  }
  return at === planes.length;
}

function hasBits(bytes: Uint8Array, plane: number, width: number): boolean {
  for (let i = plane; i < bytes.length; i += width) if (bytes[i] !== 0) return true;
  return false;
}

function decompress(packed: Uint8Array, longest: number): Uint8Array | null {
  try {
    return zstdDecompressSync(packed, { maxOutputLength: longest });
  } catch {
    return null;
  }
}
