import { describe, expect, it } from 'vitest';
import { equalDigests } from './digests.ts';
import { modules, type ObjectSpec } from './testing/dump-builder.ts';
import { heapOf } from './testing/heap-of.ts';

/** The group and the check of each object, by its id. */
function contentsOf(...objects: ObjectSpec[]): Record<string, [group: number, check: number]> {
  const { graph, node } = heapOf({ objects, roots: [modules(...objects.map(({ id }) => id))] });
  return Object.fromEntries(objects.map(({ id }) => [id, [graph.content![node(id)]!, graph.check![node(id)]!]]));
}
const groupsOf = (...objects: ObjectSpec[]): Record<string, number> =>
  Object.fromEntries(Object.entries(contentsOf(...objects)).map(([id, [group]]) => [id, group]));

const str = (id: string, hash: bigint, more: Partial<ObjectSpec> = {}): ObjectSpec => ({ id, type: 'str', size: 50, hash, ...more });

describe('equal contents', () => {
  it('are groups, from 1 in order of their first objects; what is alone, or has no digest, is in none', () => {
    const { a, c, ...others } = groupsOf(str('a', 7n), str('b', 9n), str('c', 8n), str('d', 7n), str('e', 8n), str('f', 7n), { id: 'g' });
    expect([a, c].toSorted()).toEqual([1, 2]);
    expect(others).toEqual({ b: 0, d: a, e: c, f: a, g: 0 });
  });

  it('are of one type, one size, and both halves of one digest', () => {
    const none = { a: 0, b: 0 };
    expect(groupsOf(str('a', 7n), str('b', 7n, { type: 'bytes' }))).toEqual(none);
    expect(groupsOf(str('a', 7n), str('b', 7n, { size: 51 }))).toEqual(none);
    expect(groupsOf(str('a', 7n), str('b', 7n + 2n ** 32n))).toEqual(none);
    expect(groupsOf(str('a', 7n + 2n ** 32n), str('b', 8n + 2n ** 32n))).toEqual(none);
    expect(groupsOf(str('a', 7n + 2n ** 63n), str('b', 7n + 2n ** 63n))).toEqual({ a: 1, b: 1 });
  });

  it('are found among many, as one would by looking at all', () => {
    const hashOf = (i: number): bigint => BigInt((i * 7919) % 331) * 2n ** 30n;
    const objects = Array.from({ length: 1000 }, (_, i) => str(`${i}`, hashOf(i), { size: 50 + (i % 3) }));
    const groups = groupsOf(...objects);
    const keyOf = ({ hash, size }: ObjectSpec): string => `${hash} ${size}`;
    const byKey = Map.groupBy(objects, keyOf);
    const used = new Map<number, string>();
    for (const object of objects) {
      const [key, group] = [keyOf(object), groups[object.id]!];
      expect(group === 0).toBe(byKey.get(key)!.length === 1);
      if (group === 0) continue;
      if (!used.has(group)) used.set(group, key);
      expect(used.get(group)).toBe(key);
    }
    expect(Math.max(...used.keys())).toBe(used.size);
  });

  it('are told apart by type and size, however large these are, and in whatever part they are', () => {
    const count = 70_000;
    const node = Uint32Array.from({ length: count }, (_, i) => i);
    const type = node.map((i) => [1, 1, 5000, 5001][i % 4]!);
    const size = node.map((i) => [50, 2 ** 20 + 50, 50, 50][i % 4]!);
    const hash = new Uint32Array(count * 2).map((_, i) => Math.imul((i >>> 3) % 5000, 0x9e3779b1) + (i & 1));
    const key = (i: number): string => `${type[i]} ${size[i]} ${hashes[i * 2]} ${hashes[i * 2 + 1]}`;
    const hashes = hash.slice();
    const { leader } = equalDigests({ digests: { node, hash }, type, size });
    const leaders = new Map<string, number>();
    for (let i = 0; i < count; i++) {
      if (!leaders.has(key(i))) leaders.set(key(i), leader[i]!);
      if (leaders.get(key(i)) !== leader[i] || key(leader[i]!) !== key(i)) expect.fail(`digest ${i}`);
    }
    expect(leaders.size).toBe(20_000);
  });
});

describe('the check of a digest', () => {
  it('folds all its bits into 16, and is never 0, which means that there is none', () => {
    const { a, b, c, d, e, f, g } = contentsOf(
      str('a', 1n),
      str('b', 2n ** 16n),
      str('c', 2n ** 32n),
      str('d', 2n ** 48n),
      str('e', 0n),
      str('f', 2n ** 32n + 1n),
      { id: 'g' },
    );
    expect([a, b, c, d, e, f, g].map((each) => each![1])).toEqual([1, 1, 1, 1, 1, 1, 0]);
    const { h, i } = contentsOf(str('h', 0x0008_0004_0002_0001n), str('i', 0xffff_0000_0000_fffen));
    expect([h![1], i![1]]).toEqual([15, 1]);
  });

  it('is there in no heap without digests', () => {
    const { graph } = heapOf({ objects: [{ id: 'a' }], roots: [modules('a')] });
    expect([graph.content, graph.check]).toEqual([null, null]);
  });
});
