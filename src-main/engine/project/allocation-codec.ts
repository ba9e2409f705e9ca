import { deflate, inflate } from './chunk-codec.ts';
import { CodecError, largestColumn, readColumn, writeColumn } from './column-codec.ts';
import type { EpochRows, Estimates, PartSums, TreePart } from './allocation-types.ts';

/**
 * Sampled allocations as bytes: u8 number of columns, u32 length of each, then the columns (`column-codec.ts`) as a zstd frame. Estimates
 * repeat, since a line allocates the same sizes again and again: they are stored once, and rows refer to them.
 */

/** A part has fewer rows by far, unless a single epoch had more. */
const MOST_ROWS = 1 << 19;
const MOST_NODES = 1 << 20;
/** Of strings, as JSON: more than an agent may send. */
const LONGEST_STRINGS = 128 * 1024 * 1024;

function packColumnsOf(columns: readonly Float64Array[]): Uint8Array {
  const plain = new Uint8Array(columns.reduce((sum, { length }) => sum + largestColumn(length), 0));
  let end = 0;
  for (const column of columns) end = writeColumn(plain, end, column);
  const frame = deflate(plain.subarray(0, end));
  const head = 1 + 4 * columns.length;
  const out = new Uint8Array(head + frame.length);
  const view = new DataView(out.buffer);
  out[0] = columns.length;
  columns.forEach(({ length }, i) => view.setUint32(1 + 4 * i, length, true));
  out.set(frame, head);
  return out;
}

/** One column after another. Throws `CodecError`; takes at most as much memory as `count` columns of `most` numbers. */
function unpackColumnsOf(bytes: Uint8Array, count: number, most: number): () => Float64Array {
  const head = 1 + 4 * count;
  if (bytes[0] !== count || bytes.length < head) throw new CodecError('another number of columns');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const lengths = Array.from({ length: count }, (_, i) => view.getUint32(1 + 4 * i, true));
  if (lengths.some((length) => length > most)) throw new CodecError('too long a column');
  const plain = inflate(
    bytes.subarray(head),
    lengths.reduce((sum, length) => sum + largestColumn(length), 0),
  );
  let at = 0;
  let column = 0;
  return () => {
    const { values, next } = readColumn(plain, at, lengths[column++] ?? 0);
    at = next;
    if (column === count && at !== plain.length) throw new CodecError('bytes are left over');
    return values;
  };
}

export function packEpochs({ first, times, made, freed }: EpochRows): Uint8Array {
  const values = distinct([made, freed]);
  const age = freed.birth.map((birth, i) => epochAt(freed.starts, i) + first - birth);
  return packColumnsOf([
    Float64Array.of(first),
    times,
    ...[lengths(made.starts), made.node, values.at[0]!],
    ...[lengths(freed.starts), freed.node, age, values.at[1]!],
    ...[values.bytes, values.blocks, values.variance],
  ]);
}

/** Throws `CodecError`. */
export function unpackEpochs(bytes: Uint8Array): EpochRows {
  const next = unpackColumnsOf(bytes, 12, MOST_ROWS);
  const first = whole(next()[0]);
  const times = next();
  const [madeIn, madeNode, madeAt] = [next(), next(), next()];
  const [freedIn, freedNode, age, freedAt] = [next(), next(), next(), next()];
  const values = checked(next(), next(), next());
  const made = { node: madeNode, starts: startsOf(madeIn, times, madeNode), ...taken(values, madeAt, madeNode) };
  const starts = startsOf(freedIn, times, freedNode);
  if (age.length !== freedNode.length) throw new CodecError('columns of different lengths');
  const birth = age.map((epochs, i) => epochAt(starts, i) + first - epochs);
  if (!birth.every((epoch, i) => epoch >= 0 && age[i]! >= 0)) throw new CodecError('an impossible birth');
  return { first, times, made, freed: { node: freedNode, birth, starts, ...taken(values, freedAt, freedNode) } };
}

export function packSums(sums: PartSums): Uint8Array {
  const { first, times, allocated, node, made, freed, earlier, birth, died } = sums;
  const of = ({ bytes, blocks, variance }: Estimates): Float64Array[] => [bytes, blocks, variance];
  const head = [Float64Array.of(first), times, allocated, node];
  return packColumnsOf([...head, ...of(made), ...of(freed), earlier.node, earlier.part, ...of(earlier), birth, died]);
}

/** Throws `CodecError`. */
export function unpackSums(bytes: Uint8Array): PartSums {
  const next = unpackColumnsOf(bytes, 17, MOST_ROWS);
  const first = whole(next()[0]);
  const [times, allocated, node] = [next(), next(), next()];
  const made = checked(next(), next(), next());
  const freed = checked(next(), next(), next());
  const earlier = { node: next(), part: next(), ...checked(next(), next(), next()) };
  const [birth, died] = [next(), next()];
  const alike = [
    [times, allocated],
    [node, made.bytes],
    [node, freed.bytes],
    [earlier.node, earlier.part],
    [earlier.node, earlier.bytes],
    [birth, died],
  ] as const;
  if (alike.some(([a, b]) => a.length !== b.length)) throw new CodecError('columns of different lengths');
  return { first, times, allocated, node, made, freed, earlier, birth, died };
}

/** u32 length of the strings as a zstd frame of JSON; then the nodes. */
export function packTree({ firstString, firstNode, strings, parent, name, file, line }: TreePart): Uint8Array {
  const text = deflate(Buffer.from(JSON.stringify(strings)));
  const nodes = packColumnsOf([Float64Array.of(firstString, firstNode), parent, name, file, line]);
  const out = new Uint8Array(4 + text.length + nodes.length);
  new DataView(out.buffer).setUint32(0, text.length, true);
  out.set(text, 4);
  out.set(nodes, 4 + text.length);
  return out;
}

/** Throws `CodecError`. */
export function unpackTree(bytes: Uint8Array): TreePart {
  if (bytes.length < 4) throw new CodecError('a tree is cut short');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const strings = stringsOf(Buffer.from(inflate(bytes.subarray(4, 4 + length), LONGEST_STRINGS)).toString());
  const next = unpackColumnsOf(bytes.subarray(4 + length), 5, MOST_NODES);
  const head = next();
  const [parent, name, file, line] = [next(), next(), next(), next()];
  if ([name, file, line].some((column) => column.length !== parent.length)) throw new CodecError('columns of different lengths');
  return { firstString: whole(head[0]), firstNode: whole(head[1]), strings, parent, name, file, line };
}

function stringsOf(json: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (thrown) {
    throw new CodecError('strings that are no JSON', { cause: thrown });
  }
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) throw new CodecError('strings that are none');
  return value;
}

/** The distinct estimates of several tables, by size, and where those of each row are. */
function distinct(tables: readonly Estimates[]): Estimates & { at: Float64Array[] } {
  /** Those of equal bytes: nearly always one. */
  const known = new Map<number, number[]>();
  const found: [number, number, number][] = [];
  const placeOf = (bytes: number, blocks: number, variance: number): number => {
    const alike = known.get(bytes);
    const same = alike?.find((place) => found[place]![1] === blocks && found[place]![2] === variance);
    if (same !== undefined) return same;
    const place = found.push([bytes, blocks, variance]) - 1;
    if (alike === undefined) known.set(bytes, [place]);
    else alike.push(place);
    return place;
  };
  const at = tables.map(({ bytes, blocks, variance }) => bytes.map((b, i) => placeOf(b, blocks[i]!, variance[i]!)));
  const order = found.map((_, i) => i).sort((a, b) => found[a]![0] - found[b]![0] || a - b);
  const rank = new Float64Array(found.length);
  order.forEach((number, place) => (rank[number] = place));
  const column = (k: 0 | 1 | 2): Float64Array => Float64Array.from(order, (number) => found[number]![k]);
  return { bytes: column(0), blocks: column(1), variance: column(2), at: at.map((rows) => rows.map((number) => rank[number]!)) };
}

function taken(values: Estimates, at: Float64Array, node: Float64Array): Estimates {
  if (at.length !== node.length || !at.every((place) => Number.isInteger(place) && place >= 0 && place < values.bytes.length))
    throw new CodecError('estimates that are not there');
  const of = (column: Float64Array): Float64Array => at.map((place) => column[place]!);
  return { bytes: of(values.bytes), blocks: of(values.blocks), variance: of(values.variance) };
}

function checked(bytes: Float64Array, blocks: Float64Array, variance: Float64Array): Estimates {
  const sound = [bytes, blocks, variance].every((column) => column.length === bytes.length && column.every((value) => value >= 0));
  if (!sound) throw new CodecError('estimates that are none');
  return { bytes, blocks, variance };
}

function lengths(starts: Float64Array): Float64Array {
  return Float64Array.from({ length: starts.length - 1 }, (_, i) => starts[i + 1]! - starts[i]!);
}

function startsOf(counts: Float64Array, times: Float64Array, rows: Float64Array): Float64Array {
  const starts = new Float64Array(times.length + 1);
  counts.forEach((count, i) => (starts[i + 1] = starts[i]! + count));
  const sound = counts.length === times.length && counts.every((count) => count >= 0) && starts.at(-1) === rows.length;
  if (!sound) throw new CodecError('epochs that have other rows');
  return starts;
}

/** The epoch that has a row, counted from the first. */
function epochAt(starts: Float64Array, row: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= row) low = middle;
    else high = middle;
  }
  return low;
}

function whole(value: number | undefined): number {
  if (value === undefined || !Number.isInteger(value) || value < 0) throw new CodecError('no whole number');
  return value;
}
