/**
 * A chunk of a column as bytes: one plane per byte of its numbers, without planes that are all zero, then zstd.
 * Numbers of 32 bits, `1 2 258`:
 *
 *     mask    0b0011
 *     planes  01 02 02 · 00 00 01      lowest bytes, then the next; the other two are zero
 *
 * Neighbours in a plane are similar if neighbours in a column are of one kind: half the size, and twice the speed.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { release } from './memory.ts';

/** With a checksum of the content: a bit that was altered in the file is always detected. */
const PARAMS = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 };

/** Compressed bytes come in buffers of this size: most pieces take one. */
const CHUNK = 256 * 1024;

/** Bytes of a column, whatever its numbers: `width` bytes each. */
export function packPlanes(bytes: Uint8Array, width: number): Uint8Array {
  const count = bytes.length / width;
  const words = width === 4 ? new Uint32Array(bytes.buffer, bytes.byteOffset, count) : null;
  const used: number[] = [];
  const bits = words === null ? null : orOf(words);
  for (let plane = 0; plane < width; plane++) {
    if (bits === null ? hasBits(bytes, plane, width) : ((bits >>> (plane * 8)) & 255) !== 0) used.push(plane);
  }
  const planes = new Uint8Array(1 + used.length * count);
  planes[0] = used.reduce((mask, plane) => mask | (1 << plane), 0);
  for (const [at, plane] of used.entries()) {
    const into = planes.subarray(1 + at * count, 1 + (at + 1) * count);
    if (words === null) for (let i = 0, from = plane; i < count; i++, from += width) into[i] = bytes[from]!;
    else for (let i = 0; i < count; i++) into[i] = words[i]! >>> (plane * 8);
  }
  const packed = compress(planes);
  release(planes);
  return packed;
}

function orOf(words: Uint32Array): number {
  let bits = 0;
  for (let i = 0; i < words.length; i++) bits |= words[i]!;
  return bits;
}

/** Fills `into`, which is zeroed, with the unpacked numbers; false: the bytes are malformed. */
export function unpackPlanes(packed: Uint8Array, into: Uint8Array, width: number): boolean {
  const count = into.length / width;
  const planes = decompress(packed, 1 + into.length);
  if (planes === null || planes.length === 0) return false;
  const used: number[] = [];
  for (let plane = 0; plane < 8; plane++) if ((planes[0]! & (1 << plane)) !== 0) used.push(plane);
  if (used.some((plane) => plane >= width) || planes.length !== 1 + used.length * count) return false;
  if (width === 4) joinWords(planes, used, new Uint32Array(into.buffer, into.byteOffset, count));
  else {
    for (const [at, plane] of used.entries()) {
      for (let i = 1 + at * count, end = i + count, to = plane; i < end; i++, to += width) into[to] = planes[i]!;
    }
  }
  return true;
}

/** Most numbers have one or two planes: those are written once each. */
function joinWords(planes: Uint8Array, used: readonly number[], into: Uint32Array): void {
  const count = into.length;
  for (let at = 0; at < used.length; at += 2) {
    const first = 1 + at * count;
    const low = used[at]! * 8;
    if (at + 1 === used.length) {
      for (let i = 0; i < count; i++) into[i] = into[i]! | (planes[first + i]! << low);
    } else {
      const high = used[at + 1]! * 8;
      for (let i = 0; i < count; i++) into[i] = into[i]! | (planes[first + i]! << low) | (planes[first + count + i]! << high);
    }
  }
}

/** Bytes in a buffer of their own. */
export function compress(bytes: Uint8Array): Uint8Array {
  // A copy: the result may be a view of a larger buffer.
  return new Uint8Array(zstdCompressSync(bytes, { params: PARAMS, chunkSize: Math.min(Math.max(1024, bytes.length), CHUNK) }));
}

function hasBits(bytes: Uint8Array, plane: number, width: number): boolean {
  for (let i = plane; i < bytes.length; i += width) if (bytes[i] !== 0) return true;
  return false;
}

function decompress(packed: Uint8Array, longest: number): Uint8Array | null {
  try {
    return zstdDecompressSync(packed, { maxOutputLength: longest, chunkSize: Math.max(1024, longest) });
  } catch {
    return null;
  }
}
