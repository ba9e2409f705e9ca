import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressOrder } from '../heap/address-order.ts';
import type { WholeHeap } from '../heap/column-file.ts';
import { modules } from '../heap/testing/dump-builder.ts';
import { edgesOf } from '../heap/testing/heap-of.ts';
import { ContentDigest, HeapFiles } from './heap-files.ts';
import { ALL, Laboratory, refTo } from './testing.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'heapscope-heaps-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function someHeap(edges: Record<string, string> = { root: 'a', a: 'b' }): WholeHeap {
  const { graph } = edgesOf(edges);
  return { graph, byAddress: addressOrder(graph) };
}

const fileOf = (name: string): string => join(folder, `${name}.heap`);

describe('decoded heaps in a folder', () => {
  it('are there again, for this user alone', () => {
    const files = new HeapFiles(join(folder, 'deep', 'er'));
    expect(files.load('x')).toBeNull();
    expect(files.save('x', someHeap())).toBe(true);
    expect(files.load('x')).toEqual(someHeap());
    expect(files.load('y')).toBeNull();
    if (process.platform === 'win32') return;
    expect(statSync(join(folder, 'deep', 'er')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'deep', 'er', 'x.heap')).mode & 0o777).toBe(0o600);
  });

  it('are removed when they are damaged', () => {
    const files = new HeapFiles(folder);
    files.save('x', someHeap());
    truncateSync(fileOf('x'), 300);
    expect([files.load('x'), existsSync(fileOf('x'))]).toEqual([null, false]);
    writeFileSync(fileOf('y'), 'something else');
    expect([files.load('y'), existsSync(fileOf('y'))]).toEqual([null, false]);
  });

  it('make room for each other: the least recently used goes first, and none that is too large is kept', () => {
    const size = ((): number => {
      new HeapFiles(folder).save('a', someHeap());
      return statSync(fileOf('a')).size;
    })();
    const files = new HeapFiles(folder, { most: size * 2.5 });
    files.save('b', someHeap());
    for (const [name, age] of [
      ['a', 60],
      ['b', 30],
    ] as const)
      utimesSync(fileOf(name), 0, Date.now() / 1000 - age);
    expect(files.load('a')).not.toBeNull();
    files.save('c', someHeap());
    expect(readdirSync(folder).toSorted()).toEqual(['a.heap', 'c.heap']);
    expect(new HeapFiles(folder, { most: size - 1 }).save('d', someHeap())).toBe(false);
    expect(readdirSync(folder).toSorted()).toEqual(['a.heap', 'c.heap']);
  });

  it('go after a week without use, and what was never finished after an hour', () => {
    const files = new HeapFiles(folder);
    for (const name of ['old', 'new']) files.save(name, someHeap());
    for (const name of ['x.heap.0a', 'y.heap.0b']) writeFileSync(join(folder, name), '');
    const ago = (hours: number): number => Date.now() / 1000 - hours * 3600;
    utimesSync(fileOf('old'), 0, ago(24 * 7 + 1));
    utimesSync(fileOf('new'), 0, ago(24 * 7 - 1));
    utimesSync(join(folder, 'x.heap.0a'), 0, ago(1.1));
    utimesSync(join(folder, 'y.heap.0b'), 0, ago(0.9));
    files.save('another', someHeap());
    expect(readdirSync(folder).toSorted()).toEqual(['another.heap', 'new.heap', 'y.heap.0b']);
  });

  it('go after that time, too, where nothing new is kept', () => {
    for (const name of ['old', 'new']) new HeapFiles(folder).save(name, someHeap());
    utimesSync(fileOf('old'), 0, Date.now() / 1000 - 3600 * (24 * 7 + 1));
    new HeapFiles(folder);
    expect(readdirSync(folder)).toEqual(['new.heap']);
  });

  it('are not kept where nothing can be written, and nobody is troubled', () => {
    writeFileSync(join(folder, 'file'), '');
    const files = new HeapFiles(join(folder, 'file'));
    expect(files.save('x', someHeap())).toBe(false);
    expect(files.load('x')).toBeNull();
  });
});

describe('the digest of stored content', () => {
  const piece = (name: string, chunk: number, text: string) => ({ name, chunk, data: new TextEncoder().encode(text) });
  const digestOf = (...pieces: ReturnType<typeof piece>[]): string => {
    const digest = new ContentDigest();
    for (const each of pieces) digest.add(each);
    return digest.name;
  };

  it('depends on every piece and on no order', () => {
    const all = digestOf(piece('a', 0, 'x'), piece('a', 1, 'y'));
    expect(digestOf(piece('a', 1, 'y'), piece('a', 0, 'x'))).toBe(all);
    const others = [
      digestOf(piece('a', 0, 'x')),
      digestOf(piece('a', 0, 'y'), piece('a', 1, 'x')),
      digestOf(piece('b', 0, 'x'), piece('a', 1, 'y')),
    ];
    expect(new Set([all, ...others]).size).toBe(4);
  });
});

describe('the analysis', () => {
  it('opens a heap from its file, and decodes it when that is damaged', async () => {
    const laboratory = new Laboratory({ files: { folder, worth: 1 } });
    const heaps = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.heap'));
    const count = async (): Promise<number> =>
      (await laboratory.query('heap.groups', { ...refTo(1), by: 'holder', within: { of: 'retained', node: 0 }, parent: null, ...ALL }))
        .total;
    try {
      await laboratory.add(1, { objects: [{ id: 'a', edges: ['b'] }, { id: 'b' }], roots: [modules('a')] });
      await expect.poll(heaps).toHaveLength(1);
      const file = join(folder, heaps()[0]!);
      const before = Date.now() - 3600_000;
      utimesSync(file, 0, before / 1000);
      const from = await count();
      expect(statSync(file).mtimeMs).toBeGreaterThan(before + 60_000);
      laboratory.analysis.forget(['k1']);
      writeFileSync(file, 'damaged');
      expect(await count()).toBe(from);
      await expect.poll(heaps, { timeout: 10_000 }).toHaveLength(1);
      expect(statSync(file).size).toBeGreaterThan(100);
    } finally {
      await laboratory.dispose();
    }
  });
});
