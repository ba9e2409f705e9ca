import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MAGIC } from './dump-format.ts';
import { DUMP_FLAG, DUMP_LIMIT, DUMP_ROOT, REST } from './dump-numbers.ts';
import { DumpReader, type DumpSize } from './dump-reader.ts';
import { NONE } from './graph.ts';
import type { RawHeap } from './raw-heap.ts';
import { ByteWriter } from './testing/byte-writer.ts';
import { DumpFile, type DumpFileOptions } from './testing/dump-file.ts';
import { refusalOf } from './testing/refusal.ts';

type Block = readonly [count: number, body: Uint8Array];

interface ObjectOf {
  degree?: number;
  type?: number;
  shape?: number;
  site?: number;
  high?: number;
}

/** A NODE block of these objects, with tracebacks where the first one has one. */
function nodes(...objects: ObjectOf[]): Block {
  const out = new ByteWriter();
  objects.forEach(({ high = 0 }, i) => out.u32(64 * (i + 1)).u32(high));
  for (const column of [() => 64, (o: ObjectOf) => o.type ?? 0, () => 1, (o: ObjectOf) => o.degree ?? 0, (o: ObjectOf) => o.shape ?? 0])
    objects.forEach((object) => out.u32(column(object)));
  if (objects[0]?.site !== undefined) objects.forEach(({ site = NONE }) => out.u32(site));
  objects.forEach(() => out.u8(0));
  return [objects.length, out.finish()];
}

const numbers = (...list: number[]): Block => [list.length, list.reduce((out, number) => out.u32(number), new ByteWriter()).finish()];
const text = (json: string): Block => [1, new TextEncoder().encode(json)];
const one = (body: ByteWriter): Block => [1, body.finish()];
const type = (base: number): Block => one(new ByteWriter().u32(0).u32(0).u32(base).string('').string('object'));
const shape = (rest: number, ...labels: number[]): Block =>
  one(labels.reduce((out, label) => out.u32(label), new ByteWriter().u8(rest).u8(0).u16(labels.length)));
const root = (kind: number, parent = NONE, label = 0): ByteWriter =>
  new ByteWriter().u8(kind).u8(0).u16(0).u32(parent).u64(0).u32(0).string('').string('').u32(1).u32(label).u32(0);

/** One object without references. */
const PLAIN: Record<string, Block> = {
  META: text('{"method":"fork"}'),
  NODE: nodes({}),
  EDGE: numbers(),
  TYPE: type(NONE),
  LABL: one(new ByteWriter().u8(0).string('')),
  SHAP: shape(REST.unnamed),
};

interface Claims extends DumpFileOptions {
  blocks?: Record<string, Block | null>;
  objects?: number;
  references?: number;
  limits?: DumpSize;
}

function read({ blocks = {}, objects = 1, references = 0, limits, ...options }: Claims): RawHeap {
  const file = new DumpFile(options);
  for (const [tag, block] of Object.entries({ ...PLAIN, ...blocks })) if (block !== null) file.block(tag, ...block);
  const reader = new DumpReader(limits);
  reader.push(file.finish(objects, references));
  return reader.finish();
}

/** What is said of the dump; null: it is read. */
const fault = (claims: Claims): unknown => refusalOf(() => read(claims))?.facts['detail'] ?? null;

it('a plain dump is read', () => expect(fault({})).toBeNull());

describe('totals', () => {
  it('are those of the footer, of the objects and of the blocks alike', () => {
    expect(fault({ objects: 2 })).toBe('1 objects where the footer says 2');
    expect(fault({ references: 1 })).toBe('0 references where the footer says 1');
    expect(fault({ blocks: { EDGE: numbers(0) }, references: 1 })).toBe('1 references where the objects say 0');
    expect(fault({ blocks: { NODE: nodes({ degree: 1 }) } })).toBe('0 references where the objects say 1');
    expect(fault({ blocks: { NODE: nodes({ degree: 1 }), EDGE: numbers(0) }, references: 1 })).toBeNull();
  });

  it('may be as many as the limits say, and no more', () => {
    const two: Claims = { blocks: { NODE: nodes({ degree: 2 }, { degree: 1 }), EDGE: numbers(0, 1, 0) }, objects: 2, references: 3 };
    expect(fault({ ...two, limits: { nodes: 2, edges: 3 } })).toBeNull();
    expect(fault({ ...two, limits: { nodes: 1, edges: 3 } })).toBe('more than 1 objects');
    expect(fault({ ...two, limits: { nodes: 2, edges: 2 } })).toBe('more than 2 references');
    const silent = { ...two, blocks: { ...two.blocks, NODE: nodes({}, {}) } };
    expect(fault({ ...silent, limits: { nodes: 2, edges: 2 } })).toBe('more than 2 references');
  });

  it('of references that are addresses count each once', () => {
    const references: Claims = { blocks: { NODE: nodes({ degree: 1 }), EDGE: [1, new ByteWriter().u64(64).finish()] }, references: 1 };
    const wide = { ...references, flags: DUMP_FLAG.addresses, limits: { nodes: 1, edges: 1 } };
    const types = one(new ByteWriter().u64(0).u32(0).u32(NONE).string('').string('object'));
    expect(fault({ ...wide, blocks: { ...wide.blocks, TYPE: types } })).toBeNull();
    expect(fault({ ...references, flags: 0 })).toBe('length of an EDGE block');
  });
});

describe('the frame', () => {
  it('is of a dump, of this version, of flags that are known', () => {
    expect(fault({ version: 0 })).toBe('version 0');
    expect(fault({ flags: 8 })).toBe('flags 8');
    const bytes = new DumpFile().finish(0, 0);
    bytes[MAGIC.length - 1]! ^= 1;
    expect(refusalOf(() => new DumpReader().push(bytes))?.facts).toEqual({ detail: 'not a heap dump', offset: 0 });
  });

  it('may have all flags of a whole heap at once', () => {
    const types = one(new ByteWriter().u64(0).u32(0).u32(NONE).string('').string('object'));
    const flags = DUMP_FLAG.addresses | DUMP_FLAG.previews | DUMP_FLAG.sites;
    expect(fault({ flags, blocks: { NODE: nodes({ site: NONE }), TYPE: types } })).toBeNull();
  });

  it('is of pointers of 4 or 8 bytes', () => {
    const withPointers = (size: number): unknown => {
      const bytes = new DumpFile().finish(0, 0);
      const view = new DataView(bytes.buffer);
      view.setUint16(10, size, true);
      view.setUint32(28, crc32(bytes.subarray(0, 28)), true);
      return refusalOf(() => new DumpReader().push(bytes))?.facts['detail'] ?? null;
    };
    expect([4, 8].map(withPointers)).toEqual([null, null]);
    expect([0, 2, 16].map(withPointers)).toEqual(['pointers of 0 bytes', 'pointers of 2 bytes', 'pointers of 16 bytes']);
  });

  it('has all its blocks, each in its place', () => {
    const label = (text: string): Block => one(new ByteWriter().u8(0).string(text));
    const [first, second] = [label('aa'), label('bb')];
    const bytes = new DumpFile()
      .block('LABL', ...first)
      .block('LABL', ...second)
      .finish(0, 0);
    const [header, size] = [32, 16 + first[1].length];
    const part = (from: number, to?: number): Uint8Array =>
      bytes.subarray(header + from * size, to === undefined ? undefined : header + to * size);
    const faults = (...parts: Uint8Array[]): unknown =>
      refusalOf(() => new DumpReader().push(Buffer.concat([bytes.subarray(0, header), ...parts])))?.facts ?? null;
    expect(faults(part(0, 1), part(1, 2), part(2))).toBeNull();
    expect(faults(part(0, 1), part(2))).toEqual({ detail: 'number of blocks', offset: header + size + 16 + 16 });
    expect(faults(part(0, 2), part(1, 2), part(2))).toEqual({ detail: 'number of blocks', offset: header + 3 * size + 16 + 16 });
    expect(faults(part(1, 2), part(0, 1), part(2))).toEqual({ detail: 'checksum of checksums', offset: header + 2 * size + 16 + 24 });
  });

  it('says where the file ends too early', () => {
    const bytes = new DumpFile().block('META', ...PLAIN['META']!).finish(0, 0);
    const endsAt = (length: number, piece: number): unknown => {
      const reader = new DumpReader();
      for (let at = 0; at < length; at += piece) reader.push(bytes.slice(at, Math.min(length, at + piece)));
      return refusalOf(() => reader.finish())?.facts;
    };
    for (const piece of [1, 1000]) {
      expect(endsAt(0, piece)).toEqual({ detail: 'ends inside header', offset: 0 });
      expect(endsAt(31, piece)).toEqual({ detail: 'ends inside header', offset: 31 });
      expect(endsAt(32, piece)).toEqual({ detail: 'ends inside head', offset: 32 });
      expect(endsAt(50, piece)).toEqual({ detail: 'ends inside body', offset: 50 });
      expect(endsAt(bytes.length - 1, piece)).toEqual({ detail: 'ends inside body', offset: bytes.length - 1 });
    }
  });

  it('has blocks of 16 MiB at the most, said before they come', () => {
    const head = (tag: string, length: number): unknown => {
      const reader = new DumpReader();
      reader.push(new DumpFile().finish(0, 0).subarray(0, 32));
      const bytes = new ByteWriter().raw(new TextEncoder().encode(tag)).u32(0).u32(length).u32(0).finish();
      return refusalOf(() => reader.push(bytes))?.facts ?? null;
    };
    expect(head('META', DUMP_LIMIT.body)).toBeNull();
    expect(head('META', DUMP_LIMIT.body + 1)).toEqual({ detail: 'a block of more than 16 MiB', offset: 32 });
    expect(head('END!', 33)).toEqual({ detail: 'footer length', offset: 32 });
    expect(head('END!', 32)).toBeNull();
  });

  it('has no block of an unknown kind', () => {
    expect(fault({ blocks: { WHAT: [0, new Uint8Array(0)] } })).toBe('a block of an unknown kind');
  });
});

describe('the META block', () => {
  it('is there, is an object, and is of a whole heap', () => {
    expect(fault({ blocks: { META: null } })).toBe('no META block');
    for (const json of ['', 'null', '[]', '7']) expect(fault({ blocks: { META: text(json) } })).toBe('META is no JSON object');
    expect(fault({ blocks: { META: [1, Uint8Array.of(123, 34, 0xff, 34, 58, 49, 125)] } })).toBe('META is no JSON object');
    for (const json of ['{}', '{"method":"other"}', '{"method":1}', '{"method":"census"}'])
      expect(fault({ blocks: { META: text(json) } })).toBe('META: method');
  });

  it.each(['fork', 'in-place', 'python'] as const)('may say %s', (method) => {
    expect(read({ blocks: { META: text(JSON.stringify({ method })) } }).facts.method).toBe(method);
  });

  it('is read field by field: what is of another type is as if it were missing', () => {
    const facts = (fields: object): object => read({ blocks: { META: text(JSON.stringify({ method: 'fork', ...fields })) } }).facts;
    const none = {
      python: '',
      platform: '',
      time: 0,
      collected: false,
      frames: 0,
      freeThreaded: false,
      emptyStr: 0,
      emptyBytes: 0,
      notes: [],
    };
    expect(facts({})).toEqual({ ...none, method: 'fork', pid: 4242, previews: false });
    const strange = { python: 3, platform: null, t: '1', collected: 1, frames: true, free_threaded: 'yes', str_empty: '41', notes: 'one' };
    expect(facts(strange)).toMatchObject(none);
    expect(facts({ str_empty: -1, bytes_empty: 33.5 })).toMatchObject(none);
    expect(facts({ str_empty: 41, bytes_empty: 33 })).toMatchObject({ emptyStr: 41, emptyBytes: 33 });
    const said = { python: '3.13', platform: 'linux', t: 5, collected: true, frames: 2, free_threaded: true, notes: ['one', 2, 'two'] };
    const { python, platform, frames } = said;
    expect(facts(said)).toMatchObject({ python, platform, frames, time: 5, collected: true, freeThreaded: true, notes: ['one', 'two'] });
  });

  it('has as many notes as can be shown, and of each as much', () => {
    const [full, long] = ['n'.repeat(1000), 'n'.repeat(1001)];
    const notes = [long, full, ...Array.from({ length: 99 }, (_, i) => `${i}`)];
    const { facts } = read({ blocks: { META: text(JSON.stringify({ method: 'fork', python: long, notes })) } });
    expect(facts.notes).toEqual([full, full, ...Array.from({ length: 98 }, (_, i) => `${i}`)]);
    expect(facts.python).toBe(full);
  });
});

describe('a block of objects', () => {
  it('has the length of its objects', () => {
    const [count, body] = nodes({}, {});
    expect(fault({ blocks: { NODE: [count, body.subarray(1)] } })).toBe('length of a NODE block');
    expect(fault({ blocks: { NODE: [0, new Uint8Array(0)] }, objects: 0 })).toBe('length of a NODE block');
    expect(fault({ blocks: { NODE: nodes({}) }, flags: DUMP_FLAG.sites })).toBe('length of a NODE block');
  });

  it('has 65,536 of them at the most', () => {
    const many = (n: number): Claims => ({ blocks: { NODE: [n, new Uint8Array(n * 29)] }, objects: n });
    expect(fault(many(DUMP_LIMIT.nodes))).toBeNull();
    expect(fault(many(DUMP_LIMIT.nodes + 1))).toBe('length of a NODE block');
  });

  it('has addresses below 2^53', () => {
    expect(fault({ blocks: { NODE: nodes({}, { high: 2 ** 21 - 1 }) }, objects: 2 })).toBeNull();
    expect(fault({ blocks: { NODE: nodes({}, { high: 2 ** 21 }) }, objects: 2 })).toBe('an address above 2^53');
    expect(fault({ blocks: { NODE: nodes({ high: 2 ** 21 }, {}) }, objects: 2 })).toBe('an address above 2^53');
  });

  it('names types, shapes and tracebacks that are there', () => {
    const site = one(new ByteWriter().u16(1).u32(0).u32(7));
    const traced = { blocks: { SITE: site, FILE: one(new ByteWriter().string('a.py')) }, flags: DUMP_FLAG.sites };
    expect(fault({ blocks: { NODE: nodes({ type: 1 }) } })).toBe('type 1 of 1');
    expect(fault({ blocks: { NODE: nodes({ shape: 1 }) } })).toBe('shape 1 of 1');
    expect(fault({ ...traced, blocks: { ...traced.blocks, NODE: nodes({ site: 0 }) } })).toBeNull();
    expect(fault({ ...traced, blocks: { ...traced.blocks, NODE: nodes({ site: 1 }) } })).toBe('traceback 1 of 1');
    expect(fault({ ...traced, blocks: { ...traced.blocks, NODE: nodes({ site: NONE }) } })).toBeNull();
    expect(fault({ ...traced, blocks: { ...traced.blocks, NODE: nodes({ site: 0 }), FILE: null } })).toBe('file 0 of 0');
  });

  it('refers to objects that are there, or to none', () => {
    const to = (target: number): Claims => ({
      blocks: { NODE: nodes({ degree: 1 }, {}), EDGE: numbers(target) },
      objects: 2,
      references: 1,
    });
    expect([fault(to(1)), fault(to(2)), fault(to(NONE - 1)), fault(to(NONE))]).toEqual([
      null,
      'a reference to node 2 of 2',
      `a reference to node ${NONE - 1} of 2`,
      null,
    ]);
    expect([read(to(1)).missing, read(to(NONE)).missing]).toEqual([0, 1]);
  });

  it('has as many references as its shape has labels', () => {
    const labelled = (degree: number): Claims => ({
      blocks: { NODE: nodes({ degree }), EDGE: numbers(...Array<number>(degree).fill(0)), SHAP: shape(REST.items, 0, 0) },
      references: degree,
    });
    expect(fault(labelled(1))).toBe('shape of object 0');
    expect([fault(labelled(2)), fault(labelled(3))]).toEqual([null, null]);
  });
});

describe('tables', () => {
  it('may be longer than they begin with', () => {
    const many = 200;
    const sizes = new ByteWriter();
    for (let i = 0; i < many; i++) sizes.u32(0).u64(2 ** 40 + i);
    const array = (owns: number): Block => one(new ByteWriter().u32(0).u64(8).u8(owns).string('i').string('()'));
    const raw = read({ blocks: { BIGS: [many, sizes.finish()], ARRY: array(1) } });
    expect([...raw.big.value]).toEqual(Array.from({ length: many }, (_, i) => 2 ** 40 + i));
    expect(raw.big.node.length).toBe(many);
    expect([[...raw.arrays.owns], [...read({ blocks: { ARRY: array(0) } }).arrays.owns]]).toEqual([[1], [0]]);
  });

  it('end where their entries end', () => {
    const longer = new ByteWriter().u8(0).string('').u8(0);
    expect(fault({ blocks: { LABL: one(longer) } })).toBe('a block is longer than its entries');
    expect(fault({ blocks: { LABL: [2, PLAIN['LABL']![1]] } })).toBe('a block is shorter than its entries');
  });

  it('say where in the file they are wrong', () => {
    const wrong = refusalOf(() => read({ blocks: { META: null, NODE: null, EDGE: null, TYPE: null, LABL: null, SHAP: shape(5) } }));
    expect(wrong?.facts).toEqual({ detail: 'a shape of kind 5', offset: 32 + 16 + 2 });
  });

  it('of shapes know the kinds of what follows the labels', () => {
    expect(fault({ blocks: { SHAP: shape(REST.values) } })).toBeNull();
    expect(fault({ blocks: { SHAP: shape(REST.values + 1) } })).toBe(`a shape of kind ${REST.values + 1}`);
    expect(fault({ blocks: { SHAP: shape(REST.unnamed, 1), NODE: nodes({ degree: 1 }), EDGE: numbers(0) }, references: 1 })).toBe(
      'label 1 of 1',
    );
  });

  it('of types have bases among them', () => {
    expect(fault({ blocks: { TYPE: type(1) } })).toBe('base class 1 of 1');
    expect(fault({ blocks: { TYPE: type(0) } })).toBe('a class that is its own base');
  });

  it.each([DUMP_ROOT.modules, DUMP_ROOT.interned])('of roots may have kind %d', (kind) => {
    expect(fault({ blocks: { ROOT: one(root(kind)) } })).toBeNull();
  });
  it.each([DUMP_ROOT.modules - 1, DUMP_ROOT.interned + 1])('of roots have no kind %d', (kind) => {
    expect(fault({ blocks: { ROOT: one(root(kind)) } })).toBe(`a root of kind ${kind}`);
  });

  it('of roots have labels and parents that are there: threads, or what is Heapscope’s own', () => {
    const under = (parent: number, kind: number): unknown =>
      fault({ blocks: { ROOT: [2, new ByteWriter().raw(root(parent).finish()).raw(root(kind, 0).finish()).finish()] } });
    expect(fault({ blocks: { ROOT: one(root(DUMP_ROOT.modules, NONE, 1)) } })).toBe('label of a root 1 of 1');
    expect(fault({ blocks: { ROOT: one(root(DUMP_ROOT.frame, 1)) } })).toBe('parent of a root');
    expect(under(DUMP_ROOT.thread, DUMP_ROOT.frame)).toBeNull();
    expect(under(DUMP_ROOT.modules, DUMP_ROOT.frame)).toBe('parent of a root');
    expect(under(DUMP_ROOT.agent, DUMP_ROOT.agent)).toBeNull();
    expect(under(DUMP_ROOT.agent, DUMP_ROOT.frame)).toBe('parent of a root');
    expect(under(DUMP_ROOT.modules, DUMP_ROOT.agent)).toBe('parent of a root');
  });
});
