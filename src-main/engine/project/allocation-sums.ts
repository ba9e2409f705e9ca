import type { AllocationEpoch, EpochRows, Estimates, PartSums, TreePart } from './allocation-types.ts';

/** Epochs as they came, in columns; `first` is the number of the first. */
export function rowsOf(first: number, epochs: readonly AllocationEpoch[]): EpochRows {
  const made = epochs.map((epoch) => epoch.made);
  const freed = epochs.map((epoch) => epoch.freed);
  return {
    first,
    times: Float64Array.from(epochs, ({ t }) => Math.round(t)),
    made: {
      starts: startsOf(made),
      node: column(made, (row) => row[0]),
      bytes: column(made, (row) => row[1]),
      blocks: column(made, (row) => row[2]),
      variance: column(made, (row) => row[3]),
    },
    freed: {
      starts: startsOf(freed),
      node: column(freed, (row) => row[0]),
      birth: column(freed, (row) => row[1]),
      bytes: column(freed, (row) => row[2]),
      blocks: column(freed, (row) => row[3]),
      variance: column(freed, (row) => row[4]),
    },
  };
}

/** The new strings and nodes of epochs. */
export function treeOf(firstString: number, firstNode: number, epochs: readonly AllocationEpoch[]): TreePart {
  const nodes = epochs.map((epoch) => epoch.nodes);
  return {
    firstString,
    firstNode,
    strings: epochs.flatMap(({ strings }) => strings),
    parent: column(nodes, (node) => node[0]),
    name: column(nodes, (node) => node[1]),
    file: column(nodes, (node) => node[2]),
    line: column(nodes, (node) => node[3]),
  };
}

/** `partOf`: the number of the part that an earlier epoch is in. */
export function sumsOf(rows: EpochRows, partOf: (epoch: number) => number): PartSums {
  const { first, times, made, freed } = rows;
  const nodes = new Keys();
  const madeAt = made.node.map((node) => nodes.place(node));
  const freedAt = freed.node.map((node) => nodes.place(node));
  const earlier = earlierOf(rows, partOf);
  const births = new Keys();
  const bornAt = freed.birth.map((epoch) => births.place(epoch));
  const died = new Float64Array(births.keys.length);
  bornAt.forEach((at, row) => (died[at]! += freed.bytes[row]!));
  const allocated = new Float64Array(times.length);
  for (let i = 0; i < times.length; i++)
    for (let row = made.starts[i]!; row < made.starts[i + 1]!; row++) allocated[i]! += made.bytes[row]!;
  return {
    ...{ first, times, allocated, earlier, died },
    node: Float64Array.from(nodes.keys),
    made: added(made, madeAt, nodes.keys.length),
    freed: added(freed, freedAt, nodes.keys.length),
    birth: Float64Array.from(births.keys),
  };
}

function earlierOf({ first, freed }: EpochRows, partOf: (epoch: number) => number): PartSums['earlier'] {
  const byPart = new Map<number, Keys>();
  const places: { part: number; node: number }[] = [];
  const at = freed.birth.map((birth, row) => {
    if (birth >= first) return -1;
    const part = partOf(birth);
    const keys = byPart.get(part) ?? new Keys();
    byPart.set(part, keys);
    const node = freed.node[row]!;
    const place = keys.place(node, places.length);
    if (place === places.length) places.push({ part, node });
    return place;
  });
  return {
    node: Float64Array.from(places, ({ node }) => node),
    part: Float64Array.from(places, ({ part }) => part),
    ...added(freed, at, places.length),
  };
}

/** The rows added up by their places; those at -1 are left out. */
function added(rows: Estimates, at: Float64Array, length: number): Estimates {
  const sums = { bytes: new Float64Array(length), blocks: new Float64Array(length), variance: new Float64Array(length) };
  for (let row = 0; row < at.length; row++) {
    const place = at[row]!;
    if (place < 0) continue;
    sums.bytes[place]! += rows.bytes[row]!;
    sums.blocks[place]! += rows.blocks[row]!;
    sums.variance[place]! += rows.variance[row]!;
  }
  return sums;
}

/** Numbers of keys in the order in which they are met. */
class Keys {
  readonly keys: number[] = [];
  readonly #places = new Map<number, number>();

  /** `next`: the place of a new key. */
  place(key: number, next = this.keys.length): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, next);
    this.keys.push(key);
    return next;
  }
}

function startsOf(lists: readonly { length: number }[]): Float64Array {
  const starts = new Float64Array(lists.length + 1);
  lists.forEach(({ length }, i) => (starts[i + 1] = starts[i]! + length));
  return starts;
}

function column<Row>(lists: readonly (readonly Row[])[], value: (row: Row) => number): Float64Array {
  const values = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) for (const row of list) values[at++] = value(row);
  return values;
}
