import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { CodecError, largestColumn, readColumn, writeColumn } from './column-codec.ts';
import { CHUNK } from './pyramid.ts';

/** Columns in a blob: one byte (0 plain, 1 zstd), then the columns one after another. */
const PLAIN = 0;
const ZSTD = 1;
/** Below this size a frame costs more than it saves. */
const WORTH_COMPRESSING = 256;
const ZSTD_OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } };

/** Columns of equal length, packed. Below `worth` bytes they are not compressed. */
export function packColumns(columns: readonly Float64Array[], worth = WORTH_COMPRESSING): Uint8Array {
  const bound = columns.reduce((sum, column) => sum + largestColumn(column.length), 1);
  const out = new Uint8Array(bound);
  let end = 1;
  for (const column of columns) end = writeColumn(out, end, column);
  if (end < worth) return out.subarray(0, end);
  const frame = zstdCompressSync(out.subarray(1, end), ZSTD_OPTIONS);
  if (frame.length + 1 >= end) return out.subarray(0, end);
  const packed = new Uint8Array(frame.length + 1);
  packed[0] = ZSTD;
  packed.set(frame, 1);
  return packed;
}

/** `count` columns of `n` numbers; memory is bounded by `n`, whatever the bytes claim. Throws `CodecError`. */
export function unpackColumns(blob: Uint8Array, n: number, count: number): Float64Array[] {
  if (!Number.isInteger(n) || n < 1 || n > CHUNK) throw new CodecError('impossible number of samples');
  const bytes = plainBytes(blob, count * largestColumn(n));
  const columns: Float64Array[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const { values, next } = readColumn(bytes, at, n);
    columns.push(values);
    at = next;
  }
  if (at !== bytes.length) throw new CodecError('bytes are left over');
  return columns;
}

function plainBytes(blob: Uint8Array, bound: number): Uint8Array {
  if (blob[0] === PLAIN && blob.length <= bound + 1) return blob.subarray(1);
  if (blob[0] !== ZSTD || blob.length > bound + 64) throw new CodecError('unknown packing');
  return inflate(blob.subarray(1), bound);
}

/** Bytes as a zstd frame with its checksum. */
export function deflate(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, ZSTD_OPTIONS);
}

/** The inverse of `deflate`; never more than `bound` bytes. Throws `CodecError`. */
export function inflate(frame: Uint8Array, bound: number): Uint8Array {
  try {
    return zstdDecompressSync(frame, { maxOutputLength: Math.max(1, bound) });
  } catch (thrown) {
    throw new CodecError('compressed bytes are damaged', { cause: thrown });
  }
}

/** A checksum over a row: includes the numbers that identify its owner, so that a misplaced row is detected. */
export function rowChecksum(numbers: readonly number[], bytes: Uint8Array): number {
  const head = new Uint8Array(Float64Array.from(numbers).buffer);
  return crc32(bytes, crc32(head));
}
