import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { encodeHeap, HeapDecoder, type HeapPiece } from '../../engine/heap/codec.ts';
import { heapOf } from '../../engine/heap/testing/heap-of.ts';
import { randomHeap } from '../../engine/heap/testing/random-heap.ts';
import { deflate, inflate, packColumns, unpackColumns } from '../../engine/project/chunk-codec.ts';
import { CodecError } from '../../engine/project/column-codec.ts';
import { damaged, damages, type Damage } from '../bytes.ts';
import { Found, guarded } from '../guard.ts';
import type { Subject } from '../subject.ts';

interface ColumnsRecipe {
  /** Columns of samples, or of a stored heap. */
  of: 'samples' | 'heap';
  values: number[];
  /** How many numbers the reader expects, relative to the real count. */
  more: number;
  heap: number;
  /** Which piece, as a fraction of their number. */
  piece: number;
  /** In the decompressed bytes, or in the frame itself. */
  inside: boolean;
  damage: Damage[];
}

const MOST_BYTES = 64 * 1024 * 1024;

export const columns: Subject<ColumnsRecipe> = {
  name: 'columns',
  few: 400,
  recipes: fc.record({
    of: fc.constantFrom<ColumnsRecipe['of']>('samples', 'heap'),
    // JSON has no NaN; the mutation creates them.
    values: fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.nat(100)), {
      minLength: 1,
      maxLength: 200,
    }),
    more: fc.constantFrom(0, 0, 0, 1, -1, 3000),
    heap: fc.nat(50),
    piece: fc.double({ min: 0, max: 1, noNaN: true }),
    inside: fc.boolean(),
    damage: damages(5),
  }),
  run: (recipe) =>
    guarded(
      () => (recipe.of === 'samples' ? samples(recipe) : heap(recipe)),
      (thrown) => thrown instanceof CodecError,
    ),
};

function samples({ values, more, inside, damage }: ColumnsRecipe): void {
  const packed = packColumns([Float64Array.from(values), Float64Array.from(values)], 64);
  const altered = damaged(inside && packed[0] === 1 ? inflate(packed.subarray(1), MOST_BYTES) : packed, damage);
  const bytes = inside && packed[0] === 1 ? Buffer.concat([Uint8Array.of(1), deflate(altered)]) : altered;
  const n = values.length + more;
  const read = unpackColumns(bytes, n, 2);
  if (read.some(({ length }) => length !== n)) throw new Found('a column of another length');
}

function heap({ heap, piece, inside, damage }: ColumnsRecipe): void {
  const pieces = [...encodeHeap(heapOf(randomHeap(heap, 40)).graph)];
  const at = Math.min(pieces.length - 1, Math.floor(piece * pieces.length));
  const decoder = new HeapDecoder({ bytes: MOST_BYTES });
  for (const each of pieces.with(at, alter(pieces[at]!, inside, damage))) decoder.push(each);
  const graph = decoder.finish();
  for (const to of graph.edgeTo) if (to >= graph.nodes) throw new Found('a reference to no object');
}

function alter(piece: HeapPiece, inside: boolean, damage: Damage[]): HeapPiece {
  return { ...piece, data: inside ? zstdCompressSync(damaged(zstdDecompressSync(piece.data), damage)) : damaged(piece.data, damage) };
}
