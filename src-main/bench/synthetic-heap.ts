/**
 * Dumps of large heaps as Python programs make them, block by block: records in a registry, each an instance with a name, a number, a list
 * of strings and a tuple of floats, and a dictionary with shared keys. 12 objects and 31 edges per record, half of the objects leaves; all
 * records share types, keys and small ints. Addresses follow CPython's size classes.
 */
import { LABEL, NONE, REST } from '../engine/heap/graph.ts';
import { DUMP_ROOT } from '../engine/heap/dump-numbers.ts';
import { ByteWriter } from '../engine/heap/testing/byte-writer.ts';
import { DumpFile } from '../engine/heap/testing/dump-file.ts';

export const OBJECTS_PER_RECORD = 12;
const TYPES = [
  'type',
  'dict',
  'list',
  'tuple',
  'str',
  'int',
  'float',
  'NoneType',
  'module',
  ...Array.from({ length: 40 }, (_, i) => `Record${i}`),
];
const KEYS = 10;
const SMALL_INTS = 200;
const SHELF = 64;
const BLOCK = 65536;
const EDGES = 1024 * 1024;

interface Columns {
  address: Float64Array;
  size: Uint32Array;
  type: Uint32Array;
  refs: Uint32Array;
  degree: Uint32Array;
  shape: Uint32Array;
  flags: Uint8Array;
}

/** Dump of the records `slots[i]`: the slot decides a record's addresses, `born` its content. */
export function syntheticDump(slots: Uint32Array, born: (index: number) => number): Uint8Array[] {
  return new Synthesis(slots, born).run();
}

/** A pseudo-random number derived from a number. */
function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Records by their shelf in the registry, which their slot decides. */
function shelvesOf(slots: Uint32Array): { number: number; records: number[] }[] {
  const shelves = new Map<number, number[]>();
  slots.forEach((slot, record) => {
    const number = Math.floor(slot / SHELF);
    const shelf = shelves.get(number);
    if (shelf) shelf.push(record);
    else shelves.set(number, [record]);
  });
  return [...shelves].map(([number, records]) => ({ number, records }));
}

class Synthesis {
  readonly #slots: Uint32Array;
  readonly #born: (index: number) => number;
  readonly #nodes: Columns;
  readonly #edges: Uint32Array;
  readonly #hashed: number[] = [];
  /** The content of each record, as a number. */
  readonly #contents: number[] = [];
  #node = 0;
  #edge = 0;

  constructor(slots: Uint32Array, born: (index: number) => number) {
    this.#slots = slots;
    this.#born = born;
    const shelves = shelvesOf(slots).length;
    const nodes = slots.length * OBJECTS_PER_RECORD + shelves + TYPES.length + KEYS + SMALL_INTS + 4;
    const u32 = (): Uint32Array => new Uint32Array(nodes);
    this.#nodes = {
      address: new Float64Array(nodes),
      size: u32(),
      type: u32(),
      refs: u32(),
      degree: u32(),
      shape: u32(),
      flags: new Uint8Array(nodes),
    };
    this.#edges = new Uint32Array(slots.length * 31 + slots.length + shelves + 100);
  }

  run(): Uint8Array[] {
    const shared = 0x10000;
    TYPES.forEach((_, i) => this.#add(0, 1064, shared + i * 1088, 0, [], 2));
    for (let i = 0; i < KEYS; i++) this.#add(4, 52, 0x40000 + i * 64, 0, []);
    for (let i = 0; i < SMALL_INTS; i++) this.#add(5, 28, 0x50000 + i * 32, 0, []);
    const none = this.#add(7, 16, 0x60000, 0, []);
    const registry = this.#node;
    const shelves = shelvesOf(this.#slots);
    const shelf = registry + 3;
    this.#add(
      2,
      56 + shelves.length * 8,
      0x70000,
      2,
      shelves.map((_, i) => shelf + i),
      1,
    );
    this.#add(1, 232, 0x71000, 1, [TYPES.length, registry], 1); // the module's dictionary
    this.#add(8, 72, 0x72000, 3, [registry + 1], 1);
    const first = shelf + shelves.length;
    shelves.forEach(({ number, records }) => {
      const held = records.map((record) => first + record * OBJECTS_PER_RECORD);
      this.#add(2, 56 + SHELF * 8, 0x1000000 + number * 576, 2, held, 1);
    });
    for (let i = 0; i < this.#slots.length; i++)
      this.#record(this.#slots[i]!, this.#born(i), none, i === 0 ? first : this.#node - OBJECTS_PER_RECORD);
    for (let i = 0; i < this.#edge; i++) this.#nodes.refs[this.#edges[i]!]!++;
    this.#nodes.refs[registry + 2]!++;
    return this.#write(registry + 2);
  }

  /** The objects of a record follow its instance: name, number, list, two strings, tuple, two floats, dictionary, three strings. */
  #record(slot: number, id: number, none: number, before: number): void {
    const me = this.#node;
    const mixed = scramble(id);
    // 64 records share an address range; within it each kind of object has its own pool, in order of allocation.
    const base = 0x7f0000000000 + Math.floor(slot / 64) * 131072;
    const at = (pool: number, width: number, k = 0): number => base + pool * 8192 + ((slot % 64) * (k + 1) + k) * width;
    const kind = 9 + (mixed % 40);
    const small = TYPES.length + KEYS + (mixed % SMALL_INTS);
    const number = mixed % 3 === 0 ? small : me + 2;
    this.#add(kind, 96, at(0, 96), 4, [kind, me + 1, number, me + 3, me + 8], 1);
    this.#add(4, 54 + (mixed % 20), at(1, 80), 0, []);
    this.#add(5, 28, at(2, 32), 0, []);
    this.#add(2, 88, at(3, 96), 2, [me + 4, me + 5, me + 6, mixed % 5 === 0 ? before : me + 2], 1);
    this.#add(4, 60 + (mixed % 30), at(4, 96), 0, []);
    this.#add(4, 60 + (mixed % 7), at(5, 80), 0, []);
    this.#add(3, 56, at(6, 64), 2, [me + 7, me + 7]);
    this.#add(6, 24, at(7, 24), 0, []);
    const pairs: number[] = [];
    for (let k = 0; k < KEYS; k++)
      pairs.push(TYPES.length + k, k < 3 ? me + 9 + k : k < 6 ? none : TYPES.length + KEYS + ((mixed >>> k) % SMALL_INTS));
    this.#add(1, 352, at(9, 352 / 4), 1, pairs, 1);
    for (let k = 0; k < 3; k++) this.#add(4, 50 + ((mixed >>> k) % 60), at(10 + k, 112), 0, []);
    for (const text of [1, 4, 5, 9, 10, 11]) {
      this.#hashed.push(me + text);
      this.#contents.push(id * 16 + text);
    }
  }

  #add(type: number, size: number, address: number, shape: number, edges: readonly number[], flags = 0): number {
    const node = this.#node++;
    const { size: sizes, type: types, degree, shape: shapes, flags: all } = this.#nodes;
    this.#nodes.address[node] = address;
    sizes[node] = size;
    types[node] = type;
    degree[node] = edges.length;
    shapes[node] = shape;
    all[node] = flags;
    for (const to of edges) this.#edges[this.#edge++] = to;
    return node;
  }

  #write(root: number): Uint8Array[] {
    const file = new DumpFile();
    const meta = {
      method: 'fork',
      python: '3.12.1',
      platform: 'linux',
      t: 1,
      collected: false,
      frames: 0,
      free_threaded: false,
      notes: [],
    };
    file.block('META', 1, new TextEncoder().encode(JSON.stringify(meta)));
    this.#writeNodes(file);
    for (let at = 0; at < this.#edge; at += EDGES) {
      const part = this.#edges.slice(at, Math.min(at + EDGES, this.#edge));
      file.block('EDGE', part.length, new Uint8Array(part.buffer));
    }
    this.#writeTables(file, root);
    return [file.finish(this.#node, this.#edge)];
  }

  #writeNodes(file: DumpFile): void {
    const { address, size, type, refs, degree, shape, flags } = this.#nodes;
    for (let at = 0; at < this.#node; at += BLOCK) {
      const n = Math.min(BLOCK, this.#node - at);
      const body = new Uint8Array(n * 29);
      const halves = new Uint32Array(body.buffer, 0, 2 * n);
      for (let i = 0; i < n; i++) {
        halves[i * 2] = address[at + i]! % 2 ** 32;
        halves[i * 2 + 1] = address[at + i]! / 2 ** 32;
      }
      [size, type, refs, degree, shape].forEach((column, k) =>
        new Uint32Array(body.buffer, (8 + 4 * k) * n, n).set(column.subarray(at, at + n)),
      );
      body.set(flags.subarray(at, at + n), 28 * n);
      file.block('NODE', n, body);
    }
  }

  #writeTables(file: DumpFile, root: number): void {
    const types = new ByteWriter();
    TYPES.forEach((name, i) =>
      types
        .u32(i)
        .u32(i < 9 ? 0 : 1)
        .u32(NONE)
        .string(i < 9 ? 'builtins' : 'app.models')
        .string(name),
    );
    file.block('TYPE', TYPES.length, types.finish());
    const labels = ['', '__class__', 'name', 'number', 'items', 'extra', '__dict__'];
    const named = new ByteWriter();
    labels.forEach((name, i) => named.u8(i === 0 ? LABEL.none : LABEL.attribute).string(name));
    file.block('LABL', labels.length, named.finish());
    const shapes = new ByteWriter();
    for (const [rest, list] of [
      [REST.unnamed, []],
      [REST.pairs, []],
      [REST.items, []],
      [REST.unnamed, [6]],
      [REST.unnamed, [1, 2, 3, 4, 5]],
    ] as const) {
      shapes.u8(rest).u8(0).u16(list.length);
      for (const label of list) shapes.u32(label);
    }
    file.block('SHAP', 5, shapes.finish());
    const texts = new ByteWriter();
    for (let i = 0; i < KEYS; i++) texts.u32(TYPES.length + i).string(`key_${i}`);
    file.block('STRS', KEYS, texts.finish());
    this.#writeDigests(file);
    const roots = new ByteWriter()
      .u8(DUMP_ROOT.modules)
      .u8(0)
      .u16(0)
      .u32(NONE)
      .u64(0)
      .u32(0)
      .string('sys.modules')
      .string('')
      .u32(1)
      .u32(0)
      .u32(root);
    file.block('ROOT', 1, roots.finish());
  }

  /** One in eight strings is equal to others. */
  #writeDigests(file: DumpFile): void {
    const step = 1024 * 1024;
    for (let at = 0; at < this.#hashed.length; at += step) {
      const part = this.#hashed.slice(at, at + step);
      const body = new Uint32Array(part.length * 3);
      body.set(part);
      part.forEach((_, i) => {
        const content = scramble(this.#contents[at + i]!);
        const shared = content % 8 === 0;
        body[part.length + i * 2] = scramble(shared ? content % 1000 : content);
        body[part.length + i * 2 + 1] = scramble(shared ? 7 : content + 1);
      });
      file.block('HASH', part.length, new Uint8Array(body.buffer));
    }
  }
}
