import * as fc from 'fast-check';
import { buildHeap } from '../../engine/heap/build.ts';
import { encodeHeap, HeapDecoder } from '../../engine/heap/codec.ts';
import { BLOCK_HEAD_SIZE, HEADER_SIZE } from '../../engine/heap/dump-format.ts';
import { DumpReader } from '../../engine/heap/dump-reader.ts';
import { dumpOf } from '../../engine/heap/testing/dump-builder.ts';
import { DumpFile } from '../../engine/heap/testing/dump-file.ts';
import { randomHeap } from '../../engine/heap/testing/random-heap.ts';
import { damaged, damages, type Damage } from '../bytes.ts';
import { Found, guarded } from '../guard.ts';
import type { Subject } from '../subject.ts';

interface DumpRecipe {
  heap: number;
  objects: number;
  /** Inside the bodies of blocks, resealed with correct checksums; or anywhere in the file. */
  sealed: boolean;
  damage: Damage[];
  /** Which block is damaged, left out, doubled or given another count, as a fraction of their number. */
  block: number;
  change: 'body' | 'drop' | 'double' | 'count' | 'flags';
  value: number;
  piece: number;
}

interface Block {
  tag: string;
  count: number;
  body: Uint8Array;
}

export const dumps: Subject<DumpRecipe> = {
  name: 'dumps',
  few: 400,
  recipes: fc.record({
    heap: fc.nat(500),
    objects: fc.integer({ min: 1, max: 60 }),
    sealed: fc.constantFrom(true, true, true, false),
    damage: damages(5),
    block: fc.double({ min: 0, max: 1, noNaN: true }),
    change: fc.constantFrom<DumpRecipe['change']>('body', 'body', 'body', 'drop', 'double', 'count', 'flags'),
    value: fc.oneof(fc.nat(64), fc.constantFrom(0xffffffff, 0x7fffffff, 65_536)),
    piece: fc.integer({ min: 1, max: 10_000 }),
  }),
  run: (recipe) =>
    guarded(() => {
      const bytes = bytesOf(recipe);
      const reader = new DumpReader({ nodes: 1e6, edges: 1e7 });
      for (let at = 0; at < bytes.length; at += recipe.piece) reader.push(bytes.slice(at, at + recipe.piece));
      const graph = buildHeap(reader.finish());
      // A heap that was accepted can be stored and read again.
      const decoder = new HeapDecoder();
      for (const piece of encodeHeap(graph)) decoder.push(piece);
      if (decoder.finish().nodes !== graph.nodes) throw new Found('a heap came back with other objects');
    }),
};

function bytesOf(recipe: DumpRecipe): Uint8Array {
  const whole = dumpOf(randomHeap(recipe.heap, recipe.objects));
  return recipe.sealed ? resealed(whole, recipe) : damaged(whole, recipe.damage);
}

function resealed(whole: Uint8Array, recipe: DumpRecipe): Uint8Array {
  const view = new DataView(whole.buffer, whole.byteOffset);
  const { blocks, footer } = blocksOf(whole, view);
  const at = Math.min(blocks.length - 1, Math.floor(recipe.block * blocks.length));
  const flags = view.getUint32(12, true) ^ (recipe.change === 'flags' ? recipe.value : 0);
  const file = new DumpFile({ flags: flags >>> 0 });
  blocks.forEach((block, i) => {
    const changed = i === at ? changeBlock(block, recipe) : [block];
    for (const { tag, count, body } of changed) file.block(tag, count, body);
  });
  return file.finish(footer.nodes, footer.edges);
}

function blocksOf(whole: Uint8Array, view: DataView): { blocks: Block[]; footer: { nodes: number; edges: number } } {
  const blocks: Block[] = [];
  for (let at = HEADER_SIZE; ;) {
    const tag = Buffer.from(whole.subarray(at, at + 4)).toString('latin1');
    const length = view.getUint32(at + 8, true);
    const from = at + BLOCK_HEAD_SIZE;
    if (tag === 'END!') {
      return { blocks, footer: { nodes: Number(view.getBigUint64(from, true)), edges: Number(view.getBigUint64(from + 8, true)) } };
    }
    blocks.push({ tag, count: view.getUint32(at + 4, true), body: whole.subarray(from, from + length) });
    at = from + length;
  }
}

function changeBlock(block: Block, { change, damage, value }: DumpRecipe): Block[] {
  if (change === 'drop') return [];
  if (change === 'double') return [block, block];
  if (change === 'count') return [{ ...block, count: value }];
  return change === 'flags' ? [block] : [{ ...block, body: damaged(block.body, damage) }];
}
