/**
 * One column of numbers as bytes. Most series are whole numbers (bytes, counts) or short decimals (ratios), so these are
 * kept as differences; anything else as floats. Both are split into byte planes (all lowest bytes, then all second lowest,
 * …), because a general compressor sees the many equal high bytes only when they lie side by side.
 *
 *     kind        u8   0 whole numbers, 1 floats; +128: some are NaN
 *     [gaps]           one bit a number, lowest first, where kind says so; a NaN repeats the number before it below
 *     whole:  decimals u8 (value = x / 10^decimals), shift u8 (x = y * 2^shift), width u8, first y as f64,
 *             then `width` planes of n - 1 zigzag differences of y
 *     floats: eight planes of n floats, each XORed with the one before
 */
const NAN_FLAG = 0x80;
const WHOLE = 0;
const FLOATS = 1;
const LARGEST_WHOLE = 2 ** 50;
const LARGEST_SHIFT = 20;
const MOST_DECIMALS = 6;
const POWERS_OF_TEN = Array.from({ length: MOST_DECIMALS + 1 }, (_, digits) => 10 ** digits);

/** The bytes do not describe a column: they were damaged, or never were one. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
}

/** An upper bound of the size of `n` numbers; a reader may refuse anything longer before it allocates. */
export function largestColumn(n: number): number {
  return n * 8 + Math.ceil(n / 8) + 16;
}

/** Appends the column to `out` at `at` and returns the position after it. */
export function writeColumn(out: Uint8Array, at: number, values: Float64Array): number {
  const n = values.length;
  const gaps = values.some(Number.isNaN);
  const plain = gaps ? withoutGaps(values) : values;
  const decimals = decimalsOf(plain);
  out[at++] = (decimals === null ? FLOATS : WHOLE) | (gaps ? NAN_FLAG : 0);
  if (gaps) {
    out.fill(0, at, at + Math.ceil(n / 8));
    for (let i = 0; i < n; i++) if (Number.isNaN(values[i])) out[at + (i >> 3)]! |= 1 << (i & 7);
    at += Math.ceil(n / 8);
  }
  return decimals === null ? writeFloats(out, at, plain) : writeWhole(out, at, plain, decimals);
}

/** Reads a column of `n` numbers; throws `CodecError` if the bytes are not valid. */
export function readColumn(bytes: Uint8Array, at: number, n: number): { values: Float64Array; next: number } {
  const kind = byteAt(bytes, at++);
  const gapsAt = at;
  if (kind & NAN_FLAG) at += Math.ceil(n / 8);
  if ((kind & ~NAN_FLAG) > FLOATS) throw new CodecError('unknown kind of column');
  const read = (kind & ~NAN_FLAG) === WHOLE ? readWhole(bytes, at, n) : readFloats(bytes, at, n);
  if (kind & NAN_FLAG) {
    for (let i = 0; i < n; i++) if (byteAt(bytes, gapsAt + (i >> 3)) & (1 << (i & 7))) read.values[i] = NaN;
  }
  return read;
}

/** NaN would spoil the differences: it gets the value before it, so that its difference is zero. */
function withoutGaps(values: Float64Array): Float64Array {
  const plain = values.slice();
  let last = plain.find((value) => !Number.isNaN(value)) ?? 0;
  for (let i = 0; i < plain.length; i++) {
    if (Number.isNaN(plain[i])) plain[i] = last;
    else last = plain[i]!;
  }
  return plain;
}

/** The number of decimals that makes every value whole without loss; null: none does. */
function decimalsOf(values: Float64Array): number | null {
  let decimals = 0;
  for (const value of values) {
    while (!isWhole(value, POWERS_OF_TEN[decimals]!)) if (++decimals > MOST_DECIMALS) return null;
  }
  if (decimals === 0) return 0;
  const power = POWERS_OF_TEN[decimals]!;
  return values.every((value) => isWhole(value, power)) ? decimals : null;
}

function isWhole(value: number, power: number): boolean {
  const whole = Math.round(value * power);
  return whole / power === value && whole <= LARGEST_WHOLE && whole >= -LARGEST_WHOLE;
}

function writeWhole(out: Uint8Array, at: number, values: Float64Array, decimals: number): number {
  const power = POWERS_OF_TEN[decimals]!;
  const wholes = decimals === 0 ? values : values.map((value) => Math.round(value * power));
  const shift = shiftOf(wholes);
  const scale = 2 ** shift;
  const n = Math.max(0, wholes.length - 1);
  const zigzag = new Float64Array(n);
  let before = (wholes[0] ?? 0) / scale;
  const first = before;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const y = wholes[i + 1]! / scale;
    const difference = y - before;
    const coded = difference < 0 ? -2 * difference - 1 : 2 * difference;
    if (coded > largest) largest = coded;
    zigzag[i] = coded;
    before = y;
  }
  const width = Math.ceil(Math.log2(largest + 1) / 8);
  out[at++] = decimals;
  out[at++] = shift;
  out[at++] = width;
  new DataView(out.buffer, out.byteOffset).setFloat64(at, first, true);
  return writePlanes(out, at + 8, zigzag, width);
}

/** The highest power of two that divides all numbers: memory comes in pages. */
function shiftOf(wholes: Float64Array): number {
  let shift = LARGEST_SHIFT;
  let scale = 2 ** shift;
  for (const whole of wholes) {
    for (let part = whole / scale; part !== Math.floor(part) && shift > 0; part = whole / scale) {
      shift--;
      scale /= 2;
    }
  }
  return shift;
}

function writePlanes(out: Uint8Array, at: number, numbers: Float64Array, width: number): number {
  const n = numbers.length;
  for (let i = 0; i < n; i++) {
    const number = numbers[i]!;
    const low = number >>> 0;
    for (let plane = 0; plane < width && plane < 4; plane++) out[at + plane * n + i] = low >>> (8 * plane);
    if (width > 4) {
      const high = Math.floor(number / 2 ** 32);
      for (let plane = 4; plane < width; plane++) out[at + plane * n + i] = high >>> (8 * (plane - 4));
    }
  }
  return at + width * n;
}

function readWhole(bytes: Uint8Array, at: number, n: number): { values: Float64Array; next: number } {
  const power = POWERS_OF_TEN[byteAt(bytes, at)];
  const shift = byteAt(bytes, at + 1);
  const width = byteAt(bytes, at + 2);
  if (power === undefined || shift > LARGEST_SHIFT || width > 7) throw new CodecError('unknown scale of a column');
  const count = Math.max(0, n - 1);
  const planes = at + 11;
  if (planes + width * count > bytes.length) throw new CodecError('column is cut short');
  const values = new Float64Array(n);
  values[0] = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(at + 3, true);
  if (width <= 2) addNarrow(bytes, planes, width, values);
  else addWide(bytes, planes, width, values);
  const scale = 2 ** shift;
  if (power !== 1) for (let i = 0; i < n; i++) values[i] = (values[i]! * scale) / power;
  else if (scale !== 1) for (let i = 0; i < n; i++) values[i] = values[i]! * scale;
  return { values, next: planes + width * count };
}

/** Sums up differences of up to two bytes: the common case, and the hot loop of every chart drawn from samples. */
function addNarrow(bytes: Uint8Array, low: number, width: number, values: Float64Array): void {
  const n = values.length - 1;
  const high = width === 2 ? low + n : low;
  const shift = width === 2 ? 8 : 0;
  let y = values[0]!;
  if (width === 0) {
    values.fill(y);
    return;
  }
  for (let i = 0; i < n; i++) {
    const code = bytes[low + i]! | (bytes[high + i]! << shift);
    y += (code >>> 1) ^ -(code & 1);
    values[i + 1] = y;
  }
}

function addWide(bytes: Uint8Array, planes: number, width: number, values: Float64Array): void {
  const n = values.length - 1;
  let y = values[0]!;
  for (let i = 0; i < n; i++) {
    let coded = 0;
    for (let plane = width - 1; plane >= 0; plane--) coded = coded * 256 + bytes[planes + plane * n + i]!;
    y += coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
    values[i + 1] = y;
  }
}

function writeFloats(out: Uint8Array, at: number, values: Float64Array): number {
  const n = values.length;
  const bytes = new Uint8Array(values.slice().buffer);
  for (let plane = 0; plane < 8; plane++) {
    let before = 0;
    for (let i = 0; i < n; i++) {
      const byte = bytes[i * 8 + plane]!;
      out[at + plane * n + i] = byte ^ before;
      before = byte;
    }
  }
  return at + 8 * n;
}

function readFloats(bytes: Uint8Array, at: number, n: number): { values: Float64Array; next: number } {
  if (at + 8 * n > bytes.length) throw new CodecError('column is cut short');
  const values = new Float64Array(n);
  const target = new Uint8Array(values.buffer);
  for (let plane = 0; plane < 8; plane++) {
    let before = 0;
    for (let i = 0; i < n; i++) {
      before ^= bytes[at + plane * n + i]!;
      target[i * 8 + plane] = before;
    }
  }
  return { values, next: at + 8 * n };
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new CodecError('column is cut short');
  return byte;
}
