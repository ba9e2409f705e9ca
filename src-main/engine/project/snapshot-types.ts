import type { Bytes } from '../../../src-preload/contract/index.ts';
import { deflate, inflate } from './chunk-codec.ts';
import { CodecError } from './column-codec.ts';

/** One type of one snapshot: few enough to be kept beside the columns of each. */
export interface SnapshotType {
  module: string;
  name: string;
  count: number;
  shallow: Bytes;
  retained: Bytes;
}

/** More types than this are stored only in the columns: the smallest are left out here. */
const MOST_TYPES = 50_000;
/** Maximum size of the unpacked list. The walk cuts names at 500 bytes. */
const LARGEST_TYPES = 64 * 1024 * 1024;

export function packTypes(types: readonly SnapshotType[]): Uint8Array {
  const kept = types.length <= MOST_TYPES ? types : [...types].sort((a, b) => b.shallow - a.shallow).slice(0, MOST_TYPES);
  return deflate(
    Buffer.from(JSON.stringify(kept.map(({ module, name, count, shallow, retained }) => [module, name, count, shallow, retained]))),
  );
}

/** The checksum was correct, so some Heapscope wrote this; a manipulated file must still do no harm. null: it is not a list of types. */
export function unpackTypes(data: Uint8Array): SnapshotType[] | null {
  let rows: unknown;
  try {
    rows = JSON.parse(Buffer.from(inflate(data, LARGEST_TYPES)).toString());
  } catch (thrown) {
    if (thrown instanceof CodecError || thrown instanceof SyntaxError) return null;
    throw thrown;
  }
  if (!Array.isArray(rows) || rows.length > MOST_TYPES) return null;
  const types: SnapshotType[] = [];
  for (const row of rows) {
    if (!Array.isArray(row)) return null;
    const [module, name, count, shallow, retained] = row as unknown[];
    if (typeof module !== 'string' || typeof name !== 'string') return null;
    if (typeof count !== 'number' || typeof shallow !== 'number' || typeof retained !== 'number') return null;
    types.push({ module, name, count, shallow, retained });
  }
  return types;
}
